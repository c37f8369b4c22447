using System.Collections.Immutable;
using Dais.Rooms.Connections;

namespace Dais.Rooms.Tests.Connections;

/// <summary>
/// Several rooms and their connections as a server has them: what one room cannot decide alone, they decide together, and its
/// events go to all of them. Whatever happens, the promises of each and of all are checked.
/// </summary>
internal sealed class TestRooms
{
    private readonly SortedDictionary<RoomId, Room> _rooms = new(RoomId.Order);
    private readonly Dictionary<LinkId, Link> _links = [];
    private readonly Dictionary<RoomId, List<RoomEvent>> _history = [];
    private readonly Dictionary<LinkId, List<LinkEvent>> _linkHistory = [];
    private readonly JointLedger _ledger = new();

    internal IReadOnlyDictionary<RoomId, Room> Rooms => _rooms;

    internal IReadOnlyDictionary<LinkId, Link> Links => _links;

    internal void Add(Room room) => _rooms.Add(room.Id, room);

    /// <summary>Has a room decide, with others if need be, and lets happen what follows.</summary>
    internal JointDecision Execute(RoomId of, RoomCommand command, WallClockTime now)
    {
        var decision = Decide(of, command, now);
        if (decision.Link is { } change)
        {
            Apply(change);
        }

        foreach (var (id, events) in decision.Events)
        {
            foreach (var happened in events)
            {
                _ledger.Record(_rooms[id], happened, now);
                _rooms[id] = _rooms[id].Apply(happened);
                Remember(id, happened);
            }
        }

        _ledger.VerifyDecision(decision);
        if (!decision.Events.IsEmpty)
        {
            _ledger.Verify(_rooms, _links, decision.Events.Keys);
        }

        return decision;
    }

    /// <summary>The shell's part: every connected room learns how the others' hosts are now.</summary>
    internal void TellOfHosts(WallClockTime now)
    {
        foreach (var room in _rooms.Values.Where(room => room.Connection is not null).ToArray())
        {
            foreach (var member in room.Connection!.Members.Where(member => member.RoomId != room.Id))
            {
                Execute(room.Id, new RoomCommand.RemoteHostChanged(member.RoomId, _rooms[member.RoomId].HostFacts), now);
            }
        }
    }

    /// <summary>Checks that what every room and connection remembers is what their events say.</summary>
    internal void VerifyHistory()
    {
        foreach (var (id, events) in _history)
        {
            var folded = events.Aggregate(
                Room.Unstarted(id, _rooms[id].Options), (room, happened) => room.Apply(happened));
            Assert.Equal(RoomText.Of(_rooms[id]), RoomText.Of(folded));
        }

        foreach (var (id, events) in _linkHistory)
        {
            var folded = events.Aggregate(new Link(id), (link, happened) => link.Apply(happened));
            Assert.Equal(RoomText.Of(_links[id]), RoomText.Of(folded));
            Assert.Equal(events.Count, folded.Version);
        }
    }

    /// <summary>As a server asks: first the room alone, then with whatever it needs, in hand or not there.</summary>
    private JointDecision Decide(RoomId of, RoomCommand command, WallClockTime now)
    {
        var alone = _rooms[of].Decide(command, now);
        if (alone.Needs.IsEmpty)
        {
            var own = new JointDecision { Answer = alone };
            return alone.Events.IsEmpty ? own : own with { Events = own.Events.Add(of, alone.Events) };
        }

        Assert.Empty(alone.Events);
        var held = new Dictionary<RoomId, Room?> { [of] = _rooms[of] };
        var needs = alone.Needs;
        for (int round = 0; ; round++)
        {
            Assert.True(round < 3, "It asks for more again and again.");
            foreach (var needed in needs)
            {
                Assert.True(held.TryAdd(needed, _rooms.GetValueOrDefault(needed)), $"{needed} is asked for twice.");
            }

            var decision = RoomSet.Decide(of, command, held, now);
            needs = decision.Answer.Needs;
            if (needs.IsEmpty)
            {
                Assert.Equal(decision.Answer.Events.IsEmpty ? [] : decision.Answer.Events, decision.Events.GetValueOrDefault(of, []));
                return decision;
            }

            Assert.Empty(decision.Events);
            Assert.Null(decision.Link);
        }
    }

    private void Apply(LinkChange change)
    {
        var link = _links.GetValueOrDefault(change.Id) ?? new Link(change.Id);
        Assert.Equal(link.Version, change.Head);
        Assert.False(link.IsOver);
        _links[change.Id] = change.Events.Aggregate(link, (before, happened) => before.Apply(happened));
        if (!_linkHistory.TryGetValue(change.Id, out var history))
        {
            _linkHistory.Add(change.Id, history = []);
        }

        history.AddRange(change.Events);
    }

    private void Remember(RoomId id, RoomEvent happened)
    {
        if (!_history.TryGetValue(id, out var history))
        {
            _history.Add(id, history = []);
        }

        if (happened is RoomEvent.Started)
        {
            history.Clear();
        }

        history.Add(happened);
    }
}

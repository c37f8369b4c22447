using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Tests.Properties;
using static Dais.Rooms.RoomEvent;

namespace Dais.Rooms.Tests.Connections;

/// <summary>Keeps its own book of what the events of several rooms say of each other, and compares the rooms with it.</summary>
internal sealed class JointLedger
{
    private readonly Dictionary<RoomId, RoomLedger> _ledgers = [];
    private readonly HashSet<RequestId> _everMade = [];
    private readonly Dictionary<RequestId, List<RoomId>> _openAt = [];
    private readonly Dictionary<RequestId, (HostRequest Request, RequestOutcome Outcome, RoomError? Error)> _ends = [];

    internal void Record(Room before, RoomEvent happened, WallClockTime now)
    {
        LedgerOf(before.Id).Record(before, happened, now);
        switch (happened)
        {
            case HostRequested requested:
                Open(before.Id, requested.Request);
                break;
            case HostRequestEnded ended:
                End(before.Id, ended, now);
                break;
            case ConnectionChanged changed:
                VerifyChange(before, changed);
                break;
            case Ended:
                // It left its connection first; what was open has ended with it, and only with it.
                Assert.Null(before.Connection);
                foreach (var request in before.SentHostRequests.Values.Concat(before.ReceivedHostRequests.Values))
                {
                    Close(before.Id, request, RequestOutcome.RoomEnded, null);
                }

                break;
        }
    }

    /// <summary>Checks what one decision did in several rooms.</summary>
    internal void VerifyDecision(JointDecision decision)
    {
        // Made or ended in both rooms, or in neither.
        Assert.All(_openAt.Values, rooms => Assert.Equal(2, rooms.Count));
        _ends.Clear();

        foreach (var (_, events) in decision.Events)
        {
            // The state comes first, then the events that name it.
            int accepted = events.ToList().FindIndex(happened => happened is HostRequestEnded { Outcome: RequestOutcome.Accepted });
            if (accepted >= 0)
            {
                Assert.Contains(events.Take(accepted), happened => happened is ConnectionChanged { Connection: not null });
            }

            int ended = events.IndexOf(events.FirstOrDefault(happened => happened is Ended)!);
            Assert.True(ended < 0 || ended == events.Length - 1);
        }
    }

    /// <summary>Checks what must be true of all rooms between two commands.</summary>
    /// <param name="rooms">The rooms.</param>
    /// <param name="links">The connections there are or were.</param>
    /// <param name="changed">The rooms where something has happened since; in the others, only what they say of each other is checked.</param>
    internal void Verify(
        IReadOnlyDictionary<RoomId, Room> rooms, IReadOnlyDictionary<LinkId, Link> links, IEnumerable<RoomId> changed)
    {
        foreach (var id in changed)
        {
            LedgerOf(id).Verify(rooms[id]);
        }

        foreach (var room in rooms.Values)
        {
            if (room.IsLive)
            {
                VerifyRequests(room, rooms);
            }
            else
            {
                Assert.Null(room.Connection);
                Assert.Empty(room.SentHostRequests);
                Assert.Empty(room.ReceivedHostRequests);
            }

            if (room.Connection is { } connection)
            {
                VerifyConnection(room, connection, rooms, links);
            }
        }

        var inUse = rooms.Values.Select(room => room.Connection?.Id).ToHashSet();
        Assert.All(links.Values, link => Assert.Equal(!inUse.Contains(link.Id), link.IsOver));
        Assert.All(links.Values.Where(link => link.IsOver), link => Assert.Empty(link.Members));
    }

    private void VerifyRequests(Room room, IReadOnlyDictionary<RoomId, Room> rooms)
    {
        foreach (var (target, request) in room.SentHostRequests)
        {
            Assert.Equal((room.Id, target), (request.From.RoomId, request.To.RoomId));
            Assert.Equal(request, rooms[target].ReceivedHostRequests.GetValueOrDefault(room.Id));
            Assert.Contains(request.Id, _openAt);
            Assert.False(room.ReceivedHostRequests.ContainsKey(target), "Two ask each other without an answer.");
            Assert.Null(room.Connection?.MemberOf(target));
            Assert.True(room.NextDeadline <= request.ExpiresAt);
        }

        foreach (var (asker, request) in room.ReceivedHostRequests)
        {
            Assert.Equal(request, rooms[asker].SentHostRequests.GetValueOrDefault(room.Id));
        }

        int limit = room.Options.Limits.HostRequestsMax;
        Assert.True(room.SentHostRequests.Count <= limit && room.ReceivedHostRequests.Count <= limit);
    }

    private static void VerifyConnection(
        Room room, HostConnection connection, IReadOnlyDictionary<RoomId, Room> rooms, IReadOnlyDictionary<LinkId, Link> links)
    {
        var link = links[connection.Id];
        Assert.InRange(connection.Members.Length, 2, HostConnection.MembersMax);
        Assert.Equal((link.Version, link.LayoutTemplateId), (connection.Version, connection.LayoutTemplateId));
        Assert.Equal(link.Members.Select(member => member.RoomId), connection.Members.Select(member => member.RoomId));
        Assert.NotNull(connection.MemberOf(room.Id));
        Assert.All(connection.Members, member => Assert.Equal(connection.Id, rooms[member.RoomId].Connection?.Id));
        Assert.All(connection.MutedRooms, muted => Assert.True(muted != room.Id && connection.MemberOf(muted) is not null));
        Assert.Distinct(connection.MutedRooms);

        var remotes = connection.Members.Where(member => member.RoomId != room.Id).ToArray();
        Assert.All(remotes, member => Assert.Equal(member.Facts.SeatIndex is null, member.Slot is null));
        Assert.Null(connection.MemberOf(room.Id)!.Slot);
        if (!room.Settings.AllowGuestsWhileConnected)
        {
            Assert.All(room.Seats, seat => Assert.True(seat.Occupant is null || seat.Occupant.Value.User == room.Owner.Id));
        }
    }

    private static void VerifyChange(Room before, ConnectionChanged changed)
    {
        RoomId[] was = [.. before.Connection?.Members.Select(member => member.RoomId) ?? []];
        RoomId[] now = [.. changed.Connection?.Members.Select(member => member.RoomId) ?? []];
        var came = now.Except(was).Where(room => room != before.Id);
        Assert.Equal(came, changed.Joined.Select(room => room.RoomId));
        var left = changed.Left.Select(departed => departed.Host.RoomId).ToArray();
        if (changed.Connection is not null)
        {
            Assert.Equal(was.Except(now), left);
            Assert.True(before.Connection is null || before.Connection.Id == changed.Connection.Id);
        }
        else
        {
            Assert.Contains(before.Id, left);
            Assert.Subset(was.ToHashSet(), left.ToHashSet());
        }

        // Whoever stays on stage stays on their slot.
        foreach (var member in changed.Connection?.Members ?? [])
        {
            if (before.Connection?.MemberOf(member.RoomId)?.Slot is { } slot && member.Slot is not null)
            {
                Assert.Equal(slot, member.Slot);
            }
        }
    }

    private void Open(RoomId room, HostRequest request)
    {
        if (_openAt.TryGetValue(request.Id, out var rooms))
        {
            Assert.DoesNotContain(room, rooms);
            rooms.Add(room);
            return;
        }

        Assert.True(_everMade.Add(request.Id));
        _openAt.Add(request.Id, [room]);
    }

    private void End(RoomId room, HostRequestEnded ended, WallClockTime now)
    {
        Assert.Equal(ended.Outcome == RequestOutcome.Failed, ended.Error is not null);
        Assert.Equal(ended.Outcome == RequestOutcome.TimedOut, ended.Request.ExpiresAt <= now && ended.Outcome != RequestOutcome.RoomEnded);
        Close(room, ended.Request, ended.Outcome, ended.Error);
    }

    private void Close(RoomId room, HostRequest request, RequestOutcome outcome, RoomError? error)
    {
        Assert.True(_openAt[request.Id].Remove(room), $"{request.Id} ended twice in {room}.");
        if (_openAt[request.Id].Count == 0)
        {
            _openAt.Remove(request.Id);
        }

        if (!_ends.TryAdd(request.Id, (request, outcome, error)))
        {
            Assert.Equal(_ends[request.Id], (request, outcome, error));
        }
    }

    private RoomLedger LedgerOf(RoomId room)
    {
        if (!_ledgers.TryGetValue(room, out var ledger))
        {
            _ledgers.Add(room, ledger = new RoomLedger());
        }

        return ledger;
    }
}

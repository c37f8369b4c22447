using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Layouts;
using Dais.Rooms.Lifecycle;

namespace Dais.Rooms;

/// <summary>A decision in the making: the events so far, and the room after them.</summary>
/// <param name="room">The room.</param>
/// <param name="now">When the command is decided.</param>
/// <param name="joint">The drafts of the other rooms in hand; null when there are none.</param>
internal sealed class Draft(Room room, WallClockTime now, JointDraft? joint = null)
{
    private readonly ImmutableArray<RoomEvent>.Builder _events = ImmutableArray.CreateBuilder<RoomEvent>();
    private SortedSet<RoomId>? _needs;

    /// <summary>The room after the events so far.</summary>
    internal Room Room { get; private set; } = room;

    /// <summary>When the command is decided.</summary>
    internal WallClockTime Now { get; } = now;

    /// <summary>The request the answer names.</summary>
    internal RequestId? Request { get; set; }

    /// <summary>Whether the answer says that the caller sits.</summary>
    internal bool Seated { get; set; }

    /// <summary>What became of each request to connect, for the answer.</summary>
    internal ImmutableSortedDictionary<RoomId, HostRequestResult> Results { get; set; } = HostRequests.NoResults;

    /// <summary>When to try again, for the answer.</summary>
    internal TimeSpan? RetryAfter { get; set; }

    /// <summary>How many events there are so far.</summary>
    internal int EventCount => _events.Count;

    /// <summary>Whether this is an occasion to announce the audience, when that is due.</summary>
    internal bool MayCountAudience { get; set; }

    /// <summary>The command's room decides it; time comes first.</summary>
    internal RoomError? Decide(RoomCommand command)
    {
        if (command is not RoomCommand.Tick)
        {
            Deadlines.ExpireRequests(this);
        }

        return command.Decide(this);
    }

    internal void Happen(RoomEvent happened)
    {
        _events.Add(happened);
        Room = Room.Apply(happened);
    }

    /// <summary>Whether all of <paramref name="rooms"/> are in hand, or known not to be there. If not, the decision needs them, and
    /// what is drafted counts for nothing.</summary>
    internal bool TryGather(IEnumerable<RoomId> rooms)
    {
        bool hasAll = true;
        foreach (var id in rooms)
        {
            if (id != Room.Id && joint?.Knows(id) != true)
            {
                (_needs ??= new SortedSet<RoomId>(RoomId.Order)).Add(id);
                hasAll = false;
            }
        }

        return hasAll;
    }

    /// <summary>The draft of a room that is in hand; null when it is not there.</summary>
    internal Draft? Of(RoomId id) => id == Room.Id ? this : joint?.Find(id);

    /// <summary>Something happens to the connection of the rooms in hand; gives how many events it has then.</summary>
    internal long HappenToLink(LinkId link, long head, params ReadOnlySpan<LinkEvent> happened) =>
        joint?.Happen(link, head, happened) ?? head + happened.Length;

    /// <summary>Says how the stage looks, when it looks different; the state comes before the events that name it.</summary>
    internal void SettleStage()
    {
        var stage = StageLayout.StageOf(Room);
        var canvas = StageLayout.CanvasOf(Room.StageTemplateId);
        if (canvas != Room.Canvas || !stage.SequenceEqual(Room.Stage))
        {
            Happen(new RoomEvent.StageChanged(stage, canvas));
        }
    }

    internal Decision Complete(RoomError? error)
    {
        if (_needs is not null)
        {
            return new Decision { Events = [], Needs = [.. _needs] };
        }

        if (Room.IsLive && _events.Count > 0)
        {
            SettleStage();
        }

        if (MayCountAudience && error is null)
        {
            AudienceCount.Announce(this);
        }

        bool hasEvents = _events.Count > 0;
        return new Decision
        {
            Events = _events.DrainToImmutable(),
            After = hasEvents ? Room : null,
            Error = error,
            Request = Request,
            Seated = Seated,
            Results = Results,
            RetryAfter = RetryAfter,
        };
    }
}

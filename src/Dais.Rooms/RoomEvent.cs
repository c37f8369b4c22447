using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Layouts;
using Dais.Rooms.Seats;

namespace Dais.Rooms;

/// <summary>What happened in a room. Each event is at most one notification, made from it and the room right after it.</summary>
public abstract partial record RoomEvent
{
    private RoomEvent() { }

    /// <summary>The room after this event.</summary>
    internal abstract Room ApplyTo(Room room);

    /// <summary>The room went live, empty; no notification.</summary>
    public sealed record Started(User Owner, RoomSettings Settings, WallClockTime At) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => Room.Unstarted(room.Id, room.Options) with
        {
            Owner = Owner,
            Settings = Settings,
            Phase = RoomPhase.Live,
            CreatedAt = At,
            Canvas = StageLayout.CanvasOf(Settings.SeatLayoutTemplateId),
            Seats = [.. Enumerable.Range(0, Settings.MaxSeats).Select(index => new Seat(index, false, null))],
        };
    }

    /// <summary>What the room shows has changed: `room.updated`.</summary>
    public sealed record Updated(RoomChanges Changes) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with
        {
            Settings = room.Settings with
            {
                Name = Changes.Name ?? room.Settings.Name,
                Notice = Changes.Notice ?? room.Settings.Notice,
                CoverUrl = Changes.CoverUrl ?? room.Settings.CoverUrl,
                SeatLayoutTemplateId = Changes.SeatLayoutTemplateId ?? room.Settings.SeatLayoutTemplateId,
                SeatMode = Changes.SeatMode ?? room.Settings.SeatMode,
                Metadata = RoomMetadata.Merge(room.Settings.Metadata, Changes.Metadata),
                MessagesDisabled = Changes.MessagesDisabled ?? room.Settings.MessagesDisabled,
            },
        };
    }

    /// <summary>The host went away or came back: `room.phase`.</summary>
    /// <param name="Phase">The phase now.</param>
    /// <param name="EndsAt">When the room ends if the host does not come back; null when the host is there.</param>
    public sealed record PhaseChanged(RoomPhase Phase, WallClockTime? EndsAt) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Phase = Phase, HostReturnBy = EndsAt };
    }

    /// <summary>The room has ended: `room.ended`. It ends every open request, and every member has left with it: neither gets
    /// an event of its own. The room keeps who was in it, so that whoever has to say so can.</summary>
    public sealed record Ended(RoomEndReason Reason, User? By) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with
        {
            Phase = RoomPhase.Ended,
            HostReturnBy = null,
            SentHostRequests = [],
            ReceivedHostRequests = [],
        };
    }

    /// <summary>Who is on stage, on which slot or where has changed: `stage.changed`.</summary>
    public sealed record StageChanged(ImmutableArray<StageEntry> Stage, Canvas Canvas) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Stage = Stage, Canvas = Canvas };
    }
}

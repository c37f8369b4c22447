using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Lifecycle;

/// <summary>Starting, changing and ending a room.</summary>
internal static class RoomLife
{
    internal static RoomError? Start(Draft draft, RoomCommand.Start command)
    {
        if (Obstacle(draft.Room, command.Settings) is { } error)
        {
            return error;
        }

        draft.Happen(new RoomEvent.Started(command.Owner, command.Settings, draft.Now));
        Presence.Enter(draft, command.Owner, Role.Host, command.Connection, command.Platform);
        return null;
    }

    internal static RoomError? Open(Draft draft, RoomCommand.Open command)
    {
        if (Obstacle(draft.Room, command.Settings) is { } error)
        {
            return error;
        }

        draft.Happen(new RoomEvent.Started(command.Owner, command.Settings, draft.Now));
        draft.Happen(new RoomEvent.PhaseChanged(
            RoomPhase.HostAway, command.HostWait > TimeSpan.Zero ? draft.Now + command.HostWait : null));
        return null;
    }

    internal static RoomError? Update(Draft draft, RoomCommand.Update command)
    {
        var changes = command.Changes;
        var refusal = changes.SeatMode is null
            ? Permissions.RequireModerator(draft.Room, command.Actor, out _)
            : Permissions.RequireHost(draft.Room, command.Actor, out _);
        if (refusal is not null)
        {
            return refusal;
        }

        var metadata = RoomMetadata.Merge(draft.Room.Settings.Metadata, changes.Metadata);
        if (RoomMetadata.Check(metadata, draft.Room.Options.Limits) is { } error)
        {
            return error;
        }

        if (changes != new RoomChanges())
        {
            draft.Happen(new RoomEvent.Updated(changes));
        }

        return null;
    }

    internal static RoomError? End(Draft draft, RoomCommand.EndRoom command)
    {
        if (Permissions.RequireHost(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        Finish(draft, command.Actor is null ? RoomEndReason.Server : RoomEndReason.Host, by);
        return null;
    }

    /// <summary>The room ends: it leaves its connection first, and the rooms it has open requests with are told.</summary>
    internal static void Finish(Draft draft, RoomEndReason reason, User? by)
    {
        Links.Leave(draft, reason == RoomEndReason.HostTimeout ? HostLeaveReason.HostTimeout : HostLeaveReason.RoomEnded);
        HostRequests.EndWithRoom(draft);
        draft.Happen(new RoomEvent.Ended(reason, by));
    }

    /// <summary>The host is away: the room lives on for the host's grace.</summary>
    internal static void LoseHost(Draft draft)
    {
        if (draft.Room.Options.HostGrace <= TimeSpan.Zero)
        {
            Finish(draft, RoomEndReason.HostTimeout, null);
            return;
        }

        draft.SettleStage();
        draft.Happen(new RoomEvent.PhaseChanged(RoomPhase.HostAway, draft.Now + draft.Room.Options.HostGrace));
    }

    /// <summary>Whether the room waits for its host for longer than the host's grace: the backend has opened it.</summary>
    internal static bool WaitsLonger(Room room, WallClockTime now) =>
        room.Phase == RoomPhase.HostAway && (room.HostReturnBy is not { } end || end > now + room.Options.HostGrace);

    /// <summary>The host has come in; their seat is theirs when it is free.</summary>
    internal static void SeatHost(Draft draft)
    {
        if (draft.Room.Settings.KeepOwnerOnSeat && Seating.FindForOwner(draft.Room) is { } seat)
        {
            Seating.Take(draft, draft.Room.Owner, seat);
        }
    }

    /// <summary>The host is back, if they were away.</summary>
    internal static void RegainHost(Draft draft)
    {
        if (draft.Room.Phase == RoomPhase.HostAway)
        {
            draft.SettleStage();
            draft.Happen(new RoomEvent.PhaseChanged(RoomPhase.Live, null));
        }
    }

    private static RoomError? Obstacle(Room room, RoomSettings settings)
    {
        var limits = room.Options.Limits;
        return room.IsLive ? RoomError.RoomIdTaken
            : settings.MaxSeats < 1 || settings.MaxSeats > limits.SeatsMax ? RoomError.TooManySeats
            : RoomMetadata.Check(settings.Metadata, limits);
    }
}

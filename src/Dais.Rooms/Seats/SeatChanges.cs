using Dais.Rooms.Audience;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Seats;

/// <summary>Taking, leaving and locking seats.</summary>
internal static class SeatChanges
{
    internal static RoomError? Leave(Draft draft, RoomCommand.LeaveSeat command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (draft.Room.SeatOf(command.User) is not { } seat)
        {
            return RoomError.NotSeated;
        }

        Seating.Vacate(draft, member, seat.Index, SeatLeaveReason.Left, null);
        return null;
    }

    internal static RoomError? Kick(Draft draft, RoomCommand.KickOffSeat command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (draft.Room.SeatOf(command.User) is not { } seat)
        {
            return RoomError.NotSeated;
        }

        if (Permissions.RequirePower(draft.Room, command.Actor, member) is { } tooWeak)
        {
            return tooWeak;
        }

        Seating.Vacate(draft, member, seat.Index, SeatLeaveReason.Kicked, by);
        return null;
    }

    internal static RoomError? Take(Draft draft, RoomCommand.TakeSeat command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (draft.Room.SeatOf(command.User) is not null)
        {
            return RoomError.AlreadySeated;
        }

        return draft.Room.Settings.SeatMode == SeatMode.Free || member.MayModerate
            ? Applications.SeatAtOnce(draft, member.User, command.SeatIndex, member.User)
            : RoomError.NoPermission;
    }

    internal static RoomError? Pick(Draft draft, RoomCommand.PickForSeat command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (draft.Room.SeatOf(command.User) is { } seat)
        {
            return command.SeatIndex == SeatRequest.AnySeat || command.SeatIndex == seat.Index ? null : RoomError.AlreadySeated;
        }

        return Applications.SeatAtOnce(draft, member.User, command.SeatIndex, null);
    }

    internal static RoomError? Clear(Draft draft, RoomCommand.ClearSeat command)
    {
        var room = draft.Room;
        if (command.SeatIndex < 0 || command.SeatIndex >= room.Seats.Length)
        {
            return RoomError.NoSuchSeat;
        }

        if (room.Seats[command.SeatIndex].Occupant is not { } occupant)
        {
            return RoomError.NotSeated;
        }

        Seating.Vacate(draft, room.Members[occupant.User], command.SeatIndex, SeatLeaveReason.Kicked, null);
        return null;
    }

    internal static RoomError? Lock(Draft draft, RoomCommand.LockSeat command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        if (command.SeatIndex < 0 || command.SeatIndex >= draft.Room.Seats.Length)
        {
            return RoomError.NoSuchSeat;
        }

        if (draft.Room.Seats[command.SeatIndex].Locked != command.Locked)
        {
            draft.Happen(new RoomEvent.SeatLockChanged(command.SeatIndex, command.Locked, by));
        }

        return null;
    }
}

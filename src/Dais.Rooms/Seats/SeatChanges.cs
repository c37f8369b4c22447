using Dais.Rooms.Audience;

namespace Dais.Rooms.Seats;

/// <summary>Leaving a seat, willingly or not.</summary>
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
}

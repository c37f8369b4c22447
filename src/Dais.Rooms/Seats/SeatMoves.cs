using Dais.Rooms.Audience;

namespace Dais.Rooms.Seats;

/// <summary>Moving from seat to seat.</summary>
internal static class SeatMoves
{
    internal static RoomError? Move(Draft draft, RoomCommand.MoveSeat command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        var by = member.User;
        if (command.Actor != command.User)
        {
            var refusal = Permissions.RequireModerator(room, command.Actor, out by)
                ?? Permissions.RequirePower(room, command.Actor, member);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        if (room.SeatOf(command.User) is not { } from)
        {
            return RoomError.NotSeated;
        }

        if (command.SeatIndex < 0 || command.SeatIndex >= room.Seats.Length)
        {
            return RoomError.NoSuchSeat;
        }

        var to = room.Seats[command.SeatIndex];
        if (to == from)
        {
            return null;
        }

        bool displaces = to.Occupant is not null && !to.Locked && command.Policy != MovePolicy.Abort;
        if (displaces)
        {
            return Displace(draft, command, from, to, by);
        }

        if (Seating.Obstacle(room, command.User, to) is { } obstacle)
        {
            return obstacle;
        }

        draft.Happen(new RoomEvent.SeatsMoved([new SeatMove(member.User, from.Index, to.Index)], by));
        return null;
    }

    private static RoomError? Displace(Draft draft, RoomCommand.MoveSeat command, Seat from, Seat to, User? by)
    {
        var room = draft.Room;
        var mover = room.Members[command.User].User;
        var other = room.Members[to.Occupant!.Value.User];
        var refusal = Permissions.RequireModerator(room, command.Actor, out _)
            ?? Permissions.RequirePower(room, command.Actor, other);
        if (refusal is not null)
        {
            return refusal;
        }

        if (command.Policy == MovePolicy.Replace)
        {
            Seating.Vacate(draft, other, to.Index, SeatLeaveReason.Replaced, by);
            draft.Happen(new RoomEvent.SeatsMoved([new SeatMove(mover, from.Index, to.Index)], by));
            return null;
        }

        if (from.Locked)
        {
            // It was locked while taken; nobody else is to be seated on it.
            return RoomError.SeatLocked;
        }

        draft.Happen(new RoomEvent.SeatsMoved(
            [new SeatMove(mover, from.Index, to.Index), new SeatMove(other.User, to.Index, from.Index)], by));
        return null;
    }
}

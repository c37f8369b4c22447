using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Guests;
using Dais.Rooms.Seats;

namespace Dais.Rooms;

public abstract partial record RoomEvent
{
    /// <summary>Someone sat down: `seat.changed`.</summary>
    public sealed record SeatTaken(User User, int SeatIndex, int Slot) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithSeat(
            room.Seats[SeatIndex] with { Occupant = new SeatOccupant(User.Id, Slot) });
    }

    /// <summary>Someone no longer sits: `seat.changed`.</summary>
    /// <param name="User">Who.</param>
    /// <param name="SeatIndex">Where they sat.</param>
    /// <param name="Reason">Why they no longer do.</param>
    /// <param name="By">Who took them off; null when nobody did, or the backend.</param>
    public sealed record SeatLeft(User User, int SeatIndex, SeatLeaveReason Reason, User? By) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithSeat(room.Seats[SeatIndex] with { Occupant = null });
    }

    /// <summary>One or two people have changed their seats and kept their slots: `seat.changed`.</summary>
    public sealed record SeatsMoved(ImmutableArray<SeatMove> Moves, User? By) : RoomEvent
    {
        internal override Room ApplyTo(Room room)
        {
            var seats = room.Seats.ToBuilder();
            foreach (var move in Moves)
            {
                seats[move.From] = seats[move.From] with { Occupant = null };
            }

            foreach (var move in Moves)
            {
                seats[move.To] = seats[move.To] with { Occupant = room.Seats[move.From].Occupant };
            }

            return room with { Seats = seats.MoveToImmutable() };
        }
    }

    /// <summary>A seat was locked or unlocked: `seat.changed`.</summary>
    public sealed record SeatLockChanged(int SeatIndex, bool Locked, User? By) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithSeat(room.Seats[SeatIndex] with { Locked = Locked });
    }

    /// <summary>Someone asks for a seat: `seat.applied`.</summary>
    public sealed record Applied(SeatRequest Request) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with
        {
            Applications = room.Applications.Add(Request.User.Id, Request),
        };
    }

    /// <summary>An application has ended: `seat.applicationEnded`.</summary>
    /// <param name="Request">The application.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="By">Who ended it; null when time or the backend did.</param>
    /// <param name="Error">Why nobody could be seated, when it failed.</param>
    public sealed record ApplicationEnded(SeatRequest Request, RequestOutcome Outcome, User? By, RoomError? Error) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Applications = room.Applications.Remove(Request.User.Id) };
    }

    /// <summary>Someone is invited to a seat: `seat.invited`.</summary>
    public sealed record Invited(SeatRequest Request) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Invitations = room.Invitations.Add(Request.User.Id, Request) };
    }

    /// <summary>An invitation has ended: `seat.invitationEnded`.</summary>
    /// <param name="Request">The invitation.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="By">Who ended it; null when time or the backend did.</param>
    /// <param name="Error">Why nobody could be seated, when it failed.</param>
    public sealed record InvitationEnded(SeatRequest Request, RequestOutcome Outcome, User? By, RoomError? Error) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Invitations = room.Invitations.Remove(Request.User.Id) };
    }
}

using Dais.Rooms.Audience;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Seats;

/// <summary>Who gets which seat.</summary>
internal static class Seating
{
    /// <summary>Finds the seat a user would get.</summary>
    /// <param name="room">The room.</param>
    /// <param name="user">Who wants to sit.</param>
    /// <param name="wanted">The wanted seat; <see cref="SeatRequest.AnySeat"/> for the lowest free one.</param>
    /// <param name="seat">The seat.</param>
    internal static RoomError? Find(Room room, UserId user, int wanted, out int seat)
    {
        seat = wanted;
        if (room is { Connection: not null, Settings.AllowGuestsWhileConnected: false } && user != room.Owner.Id)
        {
            return RoomError.ConnectedElsewhere;
        }

        if (wanted == SeatRequest.AnySeat)
        {
            return TryFindLowest(room, user, out seat) ? null : RoomError.AllSeatsOccupied;
        }

        return wanted < 0 || wanted >= room.Seats.Length ? RoomError.NoSuchSeat : Obstacle(room, user, room.Seats[wanted]);
    }

    /// <summary>Refuses a wish for a seat that would settle where an open request sits its user, and cannot be had. It is the
    /// wish of one side alone, so the request does not end with it.</summary>
    internal static RoomError? CheckWish(Room room, SeatRequest request, int wish) =>
        request.SeatIndex == SeatRequest.AnySeat && wish != SeatRequest.AnySeat ? Find(room, request.User.Id, wish, out _) : null;

    /// <summary>The seat the owner is given: seat 0 when it is free, else the lowest free one, if any.</summary>
    internal static int? FindForOwner(Room room) => TryFindLowest(room, room.Owner.Id, out int seat) ? seat : null;

    /// <summary>Seats a user on a seat that was found for them.</summary>
    internal static void Take(Draft draft, User user, int seat)
    {
        draft.Happen(new RoomEvent.SeatTaken(user, seat, LowestFreeSlot(draft.Room)));
        draft.Seated = true;
    }

    /// <summary>Takes a user off stage. A guest whose connection is lost was only kept for the seat, and leaves the room.</summary>
    internal static void Vacate(Draft draft, Member member, int seat, SeatLeaveReason reason, User? by)
    {
        draft.Happen(new RoomEvent.SeatLeft(member.User, seat, reason, by));
        if (member.ReturnBy is not null && member.Role != Role.Host)
        {
            Presence.Remove(draft, member, MemberLeaveReason.ConnectionLost, null);
        }
    }

    /// <summary>Why a user cannot have a seat; null when they can.</summary>
    internal static RoomError? Obstacle(Room room, UserId user, Seat seat) =>
        seat.Locked ? RoomError.SeatLocked
        : seat.Occupant is not null || IsKeptFromOthers(room, user, seat) ? RoomError.SeatOccupied
        : null;

    /// <summary>The slot of whoever comes on stage next: nobody who sits here has it, and no host of a connected room.</summary>
    internal static int LowestFreeSlot(Room room)
    {
        int slot = 0;
        while (room.Seats.Any(seat => seat.Occupant?.Slot == slot)
            || room.Connection?.Members.Any(member => member.Slot == slot) == true)
        {
            slot++;
        }

        return slot;
    }

    /// <summary>Seat 0 waits for an owner who wants to be kept on it.</summary>
    private static bool IsKeptFromOthers(Room room, UserId user, Seat seat) =>
        seat.Index == 0
        && room.Settings.KeepOwnerOnSeat
        && user != room.Owner.Id
        && room.SeatOf(room.Owner.Id) is null;

    private static bool TryFindLowest(Room room, UserId user, out int index)
    {
        foreach (var seat in room.Seats)
        {
            if (Obstacle(room, user, seat) is null)
            {
                index = seat.Index;
                return true;
            }
        }

        index = SeatRequest.AnySeat;
        return false;
    }
}

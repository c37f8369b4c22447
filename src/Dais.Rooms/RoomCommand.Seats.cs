using Dais.Rooms.Seats;

namespace Dais.Rooms;

public abstract partial record RoomCommand
{
    /// <summary>A member leaves their seat.</summary>
    public sealed record LeaveSeat(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Leave(draft, this);
    }

    /// <summary>A host or admin takes someone off stage.</summary>
    public sealed record KickOffSeat(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Kick(draft, this);
    }

    /// <summary>A member sits down without asking: in free mode, or as host or admin.</summary>
    public sealed record TakeSeat(UserId User, int SeatIndex) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Take(draft, this);
    }

    /// <summary>The backend seats a member, who is not asked; nothing happens when they sit there already.</summary>
    /// <param name="User">Whom.</param>
    /// <param name="SeatIndex">Where; <see cref="Guests.SeatRequest.AnySeat"/> for the lowest free seat.</param>
    public sealed record PickForSeat(UserId User, int SeatIndex) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Pick(draft, this);
    }

    /// <summary>The backend takes off stage whoever sits on a seat.</summary>
    public sealed record ClearSeat(int SeatIndex) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Clear(draft, this);
    }

    /// <summary>A host or admin locks a seat, or unlocks it; who sits there stays.</summary>
    public sealed record LockSeat(UserId? Actor, int SeatIndex, bool Locked) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatChanges.Lock(draft, this);
    }

    /// <summary>Someone who sits moves, or is moved by a host or admin.</summary>
    /// <param name="Actor">Who moves them; themselves included.</param>
    /// <param name="User">Who moves.</param>
    /// <param name="SeatIndex">Where to.</param>
    /// <param name="Policy">What happens to who sits there; anything but <see cref="MovePolicy.Abort"/> takes a host or admin.</param>
    public sealed record MoveSeat(UserId? Actor, UserId User, int SeatIndex, MovePolicy Policy) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => SeatMoves.Move(draft, this);
    }

    /// <summary>A host or admin switches somebody's devices off, locks or unlocks them; null for as it is.</summary>
    public sealed record OrderDevices(UserId? Actor, UserId User, DeviceOrder? Microphone, DeviceOrder? Camera) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => DeviceOrders.Decide(draft, this);
    }
}

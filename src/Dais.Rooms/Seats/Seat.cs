using Dais.Rooms.Audience;

namespace Dais.Rooms.Seats;

/// <summary>A numbered place on stage.</summary>
/// <param name="Index">The seat's number, from 0.</param>
/// <param name="Locked">Whether nobody can be seated here.</param>
/// <param name="Occupant">Who sits here, or null.</param>
public sealed record Seat(int Index, bool Locked, SeatOccupant? Occupant);

/// <summary>Who sits on a seat.</summary>
/// <param name="User">The user.</param>
/// <param name="Slot">The slot that carries them, kept until they leave the stage.</param>
public readonly record struct SeatOccupant(UserId User, int Slot);

/// <summary>How members come on stage.</summary>
public enum SeatMode
{
    /// <summary>An application has to be accepted.</summary>
    Apply,

    /// <summary>Whoever applies is seated at once.</summary>
    Free,
}

/// <summary>Why someone no longer sits.</summary>
public enum SeatLeaveReason
{
    /// <summary>They left the seat.</summary>
    Left,

    /// <summary>A host or admin took them off.</summary>
    Kicked,

    /// <summary>Their connection was lost and did not come back in time.</summary>
    TimedOut,

    /// <summary>The seat was given to someone else.</summary>
    Replaced,

    /// <summary>They left the room.</summary>
    RoomLeft,
}

/// <summary>What happens when someone moves to a seat that is taken.</summary>
public enum MovePolicy
{
    /// <summary>Nothing; the move is refused.</summary>
    Abort,

    /// <summary>Who sits there leaves the stage.</summary>
    Replace,

    /// <summary>The two change places.</summary>
    Swap,
}

/// <summary>What a host or admin does to somebody's microphone or camera.</summary>
public enum DeviceOrder
{
    /// <summary>Switches it off; its user may switch it on again.</summary>
    Off,

    /// <summary>Switches it off, and keeps it so.</summary>
    Lock,

    /// <summary>Lets its user switch it on again.</summary>
    Unlock,
}

/// <summary>Someone's way from seat to seat.</summary>
/// <param name="User">Who moves.</param>
/// <param name="From">The seat before.</param>
/// <param name="To">The seat after.</param>
public sealed record SeatMove(User User, int From, int To);

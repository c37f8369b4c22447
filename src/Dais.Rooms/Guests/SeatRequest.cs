using Dais.Rooms.Audience;

namespace Dais.Rooms.Guests;

/// <summary>An open application for a seat, or an open invitation to one.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="User">Who is to come on stage.</param>
/// <param name="Inviter">Who invited; null for an application, or when the application's backend invited.</param>
/// <param name="SeatIndex">The wanted seat; <see cref="AnySeat"/> for the lowest free one.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it runs out; <see cref="WallClockTime.Never"/> when it does not.</param>
/// <param name="ExtraInfo">What the requester attached.</param>
public sealed record SeatRequest(
    RequestId Id,
    User User,
    User? Inviter,
    int SeatIndex,
    WallClockTime CreatedAt,
    WallClockTime ExpiresAt,
    string ExtraInfo)
{
    /// <summary>Stands for the lowest free seat.</summary>
    public const int AnySeat = -1;

    /// <summary>The wanted seat; <paramref name="wish"/> when the request leaves it open.</summary>
    internal int SeatOr(int wish) => SeatIndex == AnySeat ? wish : SeatIndex;
}

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>The other side agreed, and the user is seated.</summary>
    Accepted,

    /// <summary>The other side declined.</summary>
    Rejected,

    /// <summary>The side that made it took it back, or the user left.</summary>
    Cancelled,

    /// <summary>Nobody answered in time.</summary>
    TimedOut,

    /// <summary>The user came on stage another way; the two rooms are connected another way.</summary>
    AlreadySeated,

    /// <summary>It was accepted, but the user could not be seated, or the rooms not connected.</summary>
    Failed,

    /// <summary>The other room ended: only of requests between rooms.</summary>
    RoomEnded,
}

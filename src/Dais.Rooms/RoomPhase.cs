namespace Dais.Rooms;

/// <summary>Where a room is in its life.</summary>
public enum RoomPhase
{
    /// <summary>It has never been live.</summary>
    NotStarted,

    /// <summary>It is live, and the host is there.</summary>
    Live,

    /// <summary>It is live, but the host is away.</summary>
    HostAway,

    /// <summary>It is over; the same id may go live again.</summary>
    Ended,
}

/// <summary>Why a room ended.</summary>
public enum RoomEndReason
{
    /// <summary>The host ended it.</summary>
    Host,

    /// <summary>The application's backend or the server ended it.</summary>
    Server,

    /// <summary>The host did not come back in time.</summary>
    HostTimeout,
}

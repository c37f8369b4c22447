namespace Dais.Client.Live;

/// <summary>What became at once of a request to connect with another live.</summary>
public enum ConnectionCode
{
    /// <summary>It is not possible: a live cannot be connected with itself.</summary>
    Unknown = -1,

    /// <summary>The request was sent; or, when that live had asked this one already, it was accepted.</summary>
    Success = 0,

    /// <summary>There is no such live, or it has ended.</summary>
    RoomNotExist = 1,

    /// <summary>A request between the two is open, or they are connected with each other already.</summary>
    Connecting = 2,

    /// <summary>Both are connected with others.</summary>
    ConnectingOtherRoom = 3,

    /// <summary>More lives than can be connected.</summary>
    Full = 4,

    /// <summary>Not now; the same request can succeed later.</summary>
    Retry = 5,
}

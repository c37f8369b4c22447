namespace Dais.Rooms.Connections;

/// <summary>An open request of one room to connect with another. Both rooms hold it.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="From">Who asks.</param>
/// <param name="To">Who is asked.</param>
/// <param name="LayoutTemplateId">How the stage is to be drawn while the rooms are connected.</param>
/// <param name="ExtraInfo">What the requester attached.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it runs out; <see cref="WallClockTime.Never"/> when it does not.</param>
public sealed record HostRequest(
    RequestId Id,
    RoomHost From,
    RoomHost To,
    int LayoutTemplateId,
    string ExtraInfo,
    WallClockTime CreatedAt,
    WallClockTime ExpiresAt);

/// <summary>A room to ask, and the id of the request if it becomes one.</summary>
/// <param name="Room">The room.</param>
/// <param name="Request">The id.</param>
public sealed record HostRequestTarget(RoomId Room, RequestId Request);

/// <summary>What became of a request at once; the numbers are the contract's.</summary>
public enum HostRequestResult
{
    /// <summary>A room cannot ask itself.</summary>
    NotPossible = -1,

    /// <summary>It was sent; or the other room had asked already, and the two are connected.</summary>
    Sent = 0,

    /// <summary>There is no such live room.</summary>
    RoomNotFound = 1,

    /// <summary>The room has been asked already, or the two are connected.</summary>
    AlreadyConnecting = 2,

    /// <summary>The two are connected with others; or guests sit where none may while rooms are connected.</summary>
    ConnectedElsewhere = 3,

    /// <summary>More rooms than can be connected.</summary>
    TooManyRooms = 4,

    /// <summary>Too many requests wait, here or there.</summary>
    TryAgain = 5,
}

namespace Dais.Rooms;

/// <summary>Why a room refuses a command. The names are those of the contract's errors.</summary>
public enum RoomError
{
    /// <summary>The room is live already.</summary>
    RoomIdTaken,

    /// <summary>The room is not live: it has not started, or has ended.</summary>
    RoomNotFound,

    /// <summary>The user is not in the room.</summary>
    UserNotInRoom,

    /// <summary>Only a host, or a host or admin, may do this, or not to this user.</summary>
    NoPermission,

    /// <summary>The room holds as many members as it can.</summary>
    RoomFull,

    /// <summary>The seat is locked.</summary>
    SeatLocked,

    /// <summary>Someone else sits there, or it is kept for the owner.</summary>
    SeatOccupied,

    /// <summary>The user is on stage already.</summary>
    AlreadySeated,

    /// <summary>No seat is free.</summary>
    AllSeatsOccupied,

    /// <summary>The user is not on stage.</summary>
    NotSeated,

    /// <summary>There is no such open request.</summary>
    NoSuchRequest,

    /// <summary>The room has no such seat.</summary>
    NoSuchSeat,

    /// <summary>More seats than a room can have, or none.</summary>
    TooManySeats,

    /// <summary>A host or admin has locked the microphone.</summary>
    MicrophoneLocked,

    /// <summary>A host or admin has locked the camera.</summary>
    CameraLocked,

    /// <summary>The room is not connected, or not with that one.</summary>
    ConnectionNotFound,

    /// <summary>Both rooms are connected with others; or guests are not allowed while rooms are connected.</summary>
    ConnectedElsewhere,

    /// <summary>More rooms than can be connected.</summary>
    TooManyConnections,

    /// <summary>Too many keys of metadata.</summary>
    TooManyMetadataKeys,

    /// <summary>A key or value of metadata, or all together, is too large.</summary>
    MetadataTooLarge,

    /// <summary>Another limit of the room is reached.</summary>
    LimitReached,

    /// <summary>Only hosts and admins may write.</summary>
    MessagesDisabled,

    /// <summary>A host or admin has forbidden this member to write.</summary>
    MessageDisabled,

    /// <summary>Too many messages; see <see cref="Decision.RetryAfter"/>.</summary>
    RateLimited,

    /// <summary>A message, or what a member lets others know, is too large.</summary>
    TooLarge,
}

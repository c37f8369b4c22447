using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>An error the contract knows.</summary>
/// <param name="Code">The number on the wire.</param>
/// <param name="Name">The name on the wire.</param>
/// <param name="Message">What to show a developer.</param>
/// <param name="Retryable">Whether the same call can succeed later without any other change.</param>
public sealed record ErrorCode(int Code, string Name, string Message, bool Retryable);

/// <summary>Every error of the contract: the one table.</summary>
public static class ErrorCodes
{
    /// <summary>The frame is not JSON.</summary>
    public static ErrorCode ParseError { get; } = new(-32700, "parseError", "The message is not valid JSON", false);

    /// <summary>The frame is not a JSON-RPC 2.0 call.</summary>
    public static ErrorCode InvalidRequest { get; } = new(-32600, "invalidRequest", "The message is not a valid JSON-RPC call", false);

    /// <summary>There is no such method.</summary>
    public static ErrorCode MethodNotFound { get; } = new(-32601, "methodNotFound", "There is no such method", false);

    /// <summary>A field is missing, of the wrong type or of a value that is not allowed; its name is in the message and in `data.field`.</summary>
    public static ErrorCode InvalidParams { get; } = new(-32602, "invalidParams", "Invalid parameters", false);

    /// <summary>The server failed.</summary>
    public static ErrorCode InternalError { get; } = new(-32603, "internalError", "The server failed to do this", true);

    /// <summary>The first message was not `session.open`.</summary>
    public static ErrorCode SessionNotOpen { get; } = new(1001, "sessionNotOpen", "Open the session first", false);

    /// <summary>The access token is missing, forged or not for this.</summary>
    public static ErrorCode BadToken { get; } = new(1002, "badToken", "The access token is not valid", false);

    /// <summary>The access token has expired.</summary>
    public static ErrorCode TokenExpired { get; } = new(1003, "tokenExpired", "The access token has expired", false);

    /// <summary>Too many calls; `data.retryAfterMs` says how long to wait.</summary>
    public static ErrorCode RateLimited { get; } = new(1004, "rateLimited", "Too many calls", true);

    /// <summary>The message is larger than the server accepts.</summary>
    public static ErrorCode TooLarge { get; } = new(1005, "tooLarge", "The message is too large", false);

    /// <summary>A limit of the server is reached.</summary>
    public static ErrorCode LimitReached { get; } = new(1006, "limitReached", "A limit of the server is reached", true);

    /// <summary>Another owner's room has this id.</summary>
    public static ErrorCode RoomIdTaken { get; } = new(100003, "roomIdTaken", "The room id is taken", false);

    /// <summary>There is no such room, or it has ended.</summary>
    public static ErrorCode RoomNotFound { get; } = new(100004, "roomNotFound", "The room does not exist", false);

    /// <summary>The user is not in the room.</summary>
    public static ErrorCode UserNotInRoom { get; } = new(100005, "userNotInRoom", "The user is not in the room", false);

    /// <summary>The caller may not do this.</summary>
    public static ErrorCode NoPermission { get; } = new(100006, "noPermission", "Insufficient operation permissions", false);

    /// <summary>The room holds as many members as it can.</summary>
    public static ErrorCode RoomFull { get; } = new(100008, "roomFull", "The room is full", true);

    /// <summary>The seat is locked.</summary>
    public static ErrorCode SeatLocked { get; } = new(100200, "seatLocked", "Seat is locked", true);

    /// <summary>Someone else sits there.</summary>
    public static ErrorCode SeatOccupied { get; } = new(100201, "seatOccupied", "Seat is already occupied", true);

    /// <summary>The user is on stage already.</summary>
    public static ErrorCode AlreadySeated { get; } = new(100203, "alreadySeated", "User is already in a seat", false);

    /// <summary>No seat is free.</summary>
    public static ErrorCode AllSeatsOccupied { get; } = new(100205, "allSeatsOccupied", "All seats are occupied", true);

    /// <summary>The user is not on stage.</summary>
    public static ErrorCode NotSeated { get; } = new(100206, "notSeated", "User is not in a seat", false);

    /// <summary>There is no such open request.</summary>
    public static ErrorCode NoSuchRequest { get; } = new(-2311, "noSuchRequest", "There is no such open request", false);

    /// <summary>More seats than a room can have.</summary>
    public static ErrorCode TooManySeats { get; } = new(-2340, "tooManySeats", "Maximum seat count exceeds the limit", false);

    /// <summary>The room has no such seat.</summary>
    public static ErrorCode NoSuchSeat { get; } = new(-2344, "noSuchSeat", "Seat index does not exist", false);

    /// <summary>A host or admin has locked the microphone.</summary>
    public static ErrorCode MicrophoneLocked { get; } = new(-2360, "microphoneLocked", "The microphone is locked by a host or admin", false);

    /// <summary>A host or admin has locked the camera.</summary>
    public static ErrorCode CameraLocked { get; } = new(-2370, "cameraLocked", "The camera is locked by a host or admin", false);

    /// <summary>Only hosts and admins may write in this room.</summary>
    public static ErrorCode MessagesDisabled { get; } = new(-2380, "messagesDisabled", "Messages are disabled in this room", false);

    /// <summary>A host or admin has forbidden the caller to write.</summary>
    public static ErrorCode MessageDisabled { get; } = new(-2381, "messageDisabled", "The user may not send messages in this room", false);

    /// <summary>The room is not connected, or not with that one.</summary>
    public static ErrorCode ConnectionNotFound { get; } = new(100400, "connectionNotFound", "The rooms are not connected", false);

    /// <summary>Both rooms are connected with others; or guests are not allowed while rooms are connected.</summary>
    public static ErrorCode ConnectedElsewhere { get; } = new(100403, "connectedElsewhere", "The room is connected with other rooms", false);

    /// <summary>More rooms than can be connected.</summary>
    public static ErrorCode TooManyConnections { get; } = new(100404, "tooManyConnections", "The maximum number of connected rooms is reached", false);

    /// <summary>Too many keys of metadata.</summary>
    public static ErrorCode TooManyMetadataKeys { get; } = new(100500, "tooManyMetadataKeys", "Too many keys of metadata", false);

    /// <summary>A key or value of metadata, or all together, is too large.</summary>
    public static ErrorCode MetadataTooLarge { get; } = new(100501, "metadataTooLarge", "The metadata is too large", false);

    /// <summary>The application's backend refused the message; its reason is the error's message.</summary>
    public static ErrorCode MessageRefused { get; } = new(100600, "messageRefused", "The message was refused", false);

    /// <summary>The application's backend, which has to be asked about every message, gave no answer.</summary>
    public static ErrorCode MessageNotChecked { get; } = new(100601, "messageNotChecked", "The message could not be checked", true);

    /// <summary>Every error, in the order of the documentation.</summary>
    public static ImmutableArray<ErrorCode> All { get; } =
    [
        ParseError, InvalidRequest, MethodNotFound, InvalidParams, InternalError,
        SessionNotOpen, BadToken, TokenExpired, RateLimited, TooLarge, LimitReached,
        RoomIdTaken, RoomNotFound, UserNotInRoom, NoPermission, RoomFull,
        SeatLocked, SeatOccupied, AlreadySeated, AllSeatsOccupied, NotSeated,
        NoSuchRequest, TooManySeats, NoSuchSeat, MicrophoneLocked, CameraLocked, MessagesDisabled, MessageDisabled,
        ConnectionNotFound, ConnectedElsewhere, TooManyConnections,
        TooManyMetadataKeys, MetadataTooLarge, MessageRefused, MessageNotChecked,
    ];

    private static readonly FrozenDictionary<string, ErrorCode> ByName =
        All.ToFrozenDictionary(error => error.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The error called <paramref name="name"/>, in any case: the members of the domain's error enum are called as the errors here.</summary>
    public static ErrorCode Named(string name) => ByName[name];
}

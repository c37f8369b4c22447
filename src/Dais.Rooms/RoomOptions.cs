namespace Dais.Rooms;

/// <summary>The limits and timings of every room of a server. Only decisions use them: what they led to is in the events.</summary>
public sealed record RoomOptions
{
    /// <summary>How long a guest whose connection is lost keeps the seat; zero for not at all.</summary>
    public TimeSpan SeatGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a member who is on no seat stays after their connection was lost; zero for not at all.</summary>
    public TimeSpan AudienceGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a room lives without its host; zero for not at all.</summary>
    public TimeSpan HostGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The shortest time between two announcements of the audience.</summary>
    public TimeSpan AudienceInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Up to how many members everybody is told of each join and leave; above, only hosts and admins are.</summary>
    public int MembersAnnounced { get; init; } = 50;

    /// <summary>How many messages a member may send in a second, on average; more are refused with
    /// <see cref="RoomError.RateLimited"/>.</summary>
    public int MessagesPerSecond { get; init; } = 10;

    /// <summary>How many messages a member may send at once after a pause.</summary>
    public int MessagesBurst { get; init; } = 20;

    /// <summary>The limits.</summary>
    public RoomLimits Limits { get; init; } = new();
}

/// <summary>How much of everything a room holds; each limit has its refusal.</summary>
public sealed record RoomLimits
{
    /// <summary>Seats; more are refused with <see cref="RoomError.TooManySeats"/>.</summary>
    public int SeatsMax { get; init; } = 10;

    /// <summary>Members; more are refused with <see cref="RoomError.RoomFull"/>.</summary>
    public int MembersMax { get; init; } = 20_000;

    /// <summary>Open applications, and as many open invitations; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int OpenRequestsMax { get; init; } = 200;

    /// <summary>Open requests to other rooms, and as many of other rooms; more become nothing, with
    /// <see cref="Connections.HostRequestResult.TryAgain"/>. The end of a room is one append to all their streams, so
    /// it bounds that, too.</summary>
    public int HostRequestsMax { get; init; } = 20;

    /// <summary>Admins named by the host; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int AdminsMax { get; init; } = 50;

    /// <summary>Bytes of UTF-8 of a request's attachment; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int ExtraInfoBytesMax { get; init; } = 1024;

    /// <summary>Characters of a message's text; more are refused with <see cref="RoomError.TooLarge"/>.</summary>
    public int MessageTextLengthMax { get; init; } = 2_000;

    /// <summary>Bytes of UTF-8 of a message's data; more are refused with <see cref="RoomError.TooLarge"/>.</summary>
    public int MessageDataBytesMax { get; init; } = 8 * 1024;

    /// <summary>Members a message can be for when it is not for all; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int MessageRecipientsMax { get; init; } = 50;

    /// <summary>Users who may not write, here or away; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int MessageDisabledMax { get; init; } = 1_000;

    /// <summary>Keys of what a member lets others know; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int PresenceKeysMax { get; init; } = 32;

    /// <summary>Bytes of UTF-8 of what a member lets others know; more are refused with <see cref="RoomError.TooLarge"/>.</summary>
    public int PresenceBytesMax { get; init; } = 4 * 1024;

    /// <summary>Bytes of UTF-8 of what all members let others know; more are refused with <see cref="RoomError.LimitReached"/>.</summary>
    public int PresenceBytesOfAllMax { get; init; } = 1024 * 1024;

    /// <summary>Keys of metadata; more are refused with <see cref="RoomError.TooManyMetadataKeys"/>.</summary>
    public int MetadataKeysMax { get; init; } = 10;

    /// <summary>Bytes of UTF-8 of a key; more are refused with <see cref="RoomError.MetadataTooLarge"/>.</summary>
    public int MetadataKeyBytesMax { get; init; } = 50;

    /// <summary>Bytes of UTF-8 of a value; more are refused with <see cref="RoomError.MetadataTooLarge"/>.</summary>
    public int MetadataValueBytesMax { get; init; } = 2048;

    /// <summary>Bytes of UTF-8 of all keys and values; more are refused with <see cref="RoomError.MetadataTooLarge"/>.</summary>
    public int MetadataBytesMax { get; init; } = 16 * 1024;
}

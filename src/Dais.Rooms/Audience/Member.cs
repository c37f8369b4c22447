namespace Dais.Rooms.Audience;

/// <summary>Who someone is.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="UserName">The name to show; may be empty.</param>
/// <param name="AvatarUrl">The picture to show; may be empty.</param>
public sealed record User(UserId Id, string UserName, string AvatarUrl);

/// <summary>What a member may do.</summary>
public enum Role
{
    /// <summary>Watches, and may come on stage.</summary>
    Audience,

    /// <summary>May act for the host.</summary>
    Admin,

    /// <summary>Owns the room.</summary>
    Host,
}

/// <summary>What a client runs on; the numbers are the contract's.</summary>
public enum ClientPlatform
{
    /// <summary>Anything else.</summary>
    Other = 0,

    /// <summary>Android.</summary>
    Android = 1,

    /// <summary>iOS.</summary>
    Ios = 2,

    /// <summary>Windows.</summary>
    Windows = 5,

    /// <summary>Linux.</summary>
    Linux = 6,

    /// <summary>A browser.</summary>
    Web = 7,

    /// <summary>macOS.</summary>
    MacOs = 8,
}

/// <summary>The state of a microphone or a camera.</summary>
public enum DeviceState
{
    /// <summary>Nothing is sent.</summary>
    Off,

    /// <summary>It is sending.</summary>
    On,

    /// <summary>Switched off by a host or admin, and only they can unlock it.</summary>
    Locked,
}

/// <summary>Someone in the room.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Connection">The connection through which they are here, or were before it was lost.</param>
/// <param name="Platform">What that client runs on.</param>
/// <param name="JoinedAt">When they joined.</param>
/// <param name="JoinNumber">How many had joined when they did: the order of lists.</param>
public sealed record Member(
    User User, Role Role, ConnectionId Connection, ClientPlatform Platform, WallClockTime JoinedAt, long JoinNumber)
{
    /// <summary>The microphone.</summary>
    public DeviceState Microphone { get; init; }

    /// <summary>The camera.</summary>
    public DeviceState Camera { get; init; }

    /// <summary>When the place is lost because the connection has not come back; null while it is there.</summary>
    public WallClockTime? ReturnBy { get; init; }

    /// <summary>Whether the member may act for the host, or is the host.</summary>
    public bool MayModerate => Role is Role.Host or Role.Admin;
}

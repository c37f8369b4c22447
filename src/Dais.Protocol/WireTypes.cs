using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>Who someone is.</summary>
/// <param name="UserId">The id the application gave the user.</param>
/// <param name="UserName">The name to show; empty when none was given.</param>
/// <param name="AvatarUrl">The picture to show; empty when none was given.</param>
public sealed record User(string UserId, string UserName, string AvatarUrl);

/// <summary>What a member may do in a room.</summary>
[JsonConverter(typeof(WireEnumConverter<Role>))]
public enum Role
{
    /// <summary>Watches, and may come on stage.</summary>
    Audience,

    /// <summary>May act for the host.</summary>
    Admin,

    /// <summary>Owns the room.</summary>
    Host,
}

/// <summary>Whether the host is there.</summary>
[JsonConverter(typeof(WireEnumConverter<RoomPhase>))]
public enum RoomPhase
{
    /// <summary>The host is there.</summary>
    Live,

    /// <summary>The host's connection is lost or the host has left; the room ends when the host's grace runs out.</summary>
    HostAway,
}

/// <summary>How members come on stage.</summary>
[JsonConverter(typeof(WireEnumConverter<SeatMode>))]
public enum SeatMode
{
    /// <summary>An application has to be accepted.</summary>
    Apply,

    /// <summary>Whoever applies is seated at once.</summary>
    Free,
}

/// <summary>The state of a microphone or a camera.</summary>
[JsonConverter(typeof(WireEnumConverter<DeviceState>))]
public enum DeviceState
{
    /// <summary>Nothing is sent.</summary>
    Off,

    /// <summary>It is sending.</summary>
    On,

    /// <summary>Switched off by a host or admin, and only they can unlock it.</summary>
    Locked,
}

/// <summary>A numbered place on stage.</summary>
/// <param name="Index">The seat's number, from 0.</param>
/// <param name="Locked">Whether nobody can be seated here.</param>
/// <param name="User">Who sits here, or null.</param>
/// <param name="Microphone">The microphone of who sits here.</param>
/// <param name="Camera">The camera of who sits here.</param>
/// <param name="Reconnecting">Whether the connection of who sits here is lost; the seat is kept for a while.</param>
public sealed record Seat(
    int Index,
    bool Locked,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] User? User,
    DeviceState Microphone,
    DeviceState Camera,
    bool Reconnecting);

/// <summary>An open application for a seat, or an open invitation to one.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="User">Who is to come on stage.</param>
/// <param name="Inviter">Who invited; null for an application.</param>
/// <param name="SeatIndex">The wanted seat; -1 for the lowest free one.</param>
/// <param name="CreatedAt">When it was made, in milliseconds since the Unix epoch.</param>
/// <param name="ExpiresAt">When it runs out, in milliseconds since the Unix epoch; null for never.</param>
/// <param name="ExtraInfo">What the requester attached; empty when nothing was.</param>
public sealed record SeatRequest(
    string RequestId,
    User User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] User? Inviter,
    int SeatIndex,
    long CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? ExpiresAt,
    string ExtraInfo);

/// <summary>The canvas the regions of a stage are fractions of, in pixels.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public sealed record Canvas(int Width, int Height);

/// <summary>Where someone is drawn, in fractions of the canvas.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="ZOrder">Regions of a higher order cover those of a lower one.</param>
public sealed record Region(double X, double Y, double Width, double Height, int ZOrder);

/// <summary>Someone everybody in the room sees.</summary>
/// <param name="Slot">The slot of the subscription that carries this one, kept until they leave the stage.</param>
/// <param name="RoomId">The room they sit in.</param>
/// <param name="SeatIndex">The seat they sit on.</param>
/// <param name="User">Who it is.</param>
/// <param name="Microphone">Their microphone.</param>
/// <param name="Camera">Their camera.</param>
/// <param name="Region">Where they are drawn.</param>
public sealed record StageEntry(
    int Slot, string RoomId, int SeatIndex, User User, DeviceState Microphone, DeviceState Camera, Region Region);

/// <summary>How a request ended.</summary>
[JsonConverter(typeof(WireEnumConverter<RequestOutcome>))]
public enum RequestOutcome
{
    /// <summary>The other side agreed, and the user is seated.</summary>
    Accepted,

    /// <summary>The other side declined.</summary>
    Rejected,

    /// <summary>The side that made it took it back, or left.</summary>
    Cancelled,

    /// <summary>Nobody answered in time.</summary>
    TimedOut,

    /// <summary>The user came on stage another way.</summary>
    AlreadySeated,

    /// <summary>It was accepted, but the user could not be seated; see the code.</summary>
    Failed,

    /// <summary>The room ended; told by `room.ended` alone.</summary>
    RoomEnded,
}

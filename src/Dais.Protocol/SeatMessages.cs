using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>An application for a seat.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="SeatIndex">The wanted seat; -1 for the lowest free one.</param>
/// <param name="Timeout">How long it stays open, in seconds, up to 1800; 0 for as long as the room lives.</param>
/// <param name="ExtraInfo">Anything the hosts should see with it, up to 1024 bytes.</param>
public sealed record SeatApplyParams(string RoomId, int SeatIndex = -1, int Timeout = 60, string ExtraInfo = "") : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? Check.SeatIndexOrAny(SeatIndex) ?? Check.Timeout(Timeout) ?? Check.ExtraInfo(ExtraInfo);
}

/// <summary>What became of an application at once.</summary>
/// <param name="RequestId">The open application, or the invitation it accepted; null when the caller was seated without one.</param>
/// <param name="Seated">Whether the caller is on stage already.</param>
public sealed record SeatApplyResult(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RequestId, bool Seated);

/// <summary>Someone in a room.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Whom it is about.</param>
public sealed record RoomUserParams(string RoomId, string UserId) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.UserId(UserId);
}

/// <summary>An invitation to a seat.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Whom to invite.</param>
/// <param name="SeatIndex">The seat; -1 for the lowest free one.</param>
/// <param name="Timeout">How long it stays open, in seconds, up to 1800; 0 for as long as the room lives.</param>
/// <param name="ExtraInfo">Anything the invitee should see with it, up to 1024 bytes.</param>
public sealed record SeatInviteParams(
    string RoomId, string UserId, int SeatIndex = -1, int Timeout = 60, string ExtraInfo = "") : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? Check.UserId(UserId)
        ?? Check.SeatIndexOrAny(SeatIndex)
        ?? Check.Timeout(Timeout)
        ?? Check.ExtraInfo(ExtraInfo);
}

/// <summary>What became of an invitation at once.</summary>
/// <param name="RequestId">The open invitation, or the application it accepted.</param>
/// <param name="Seated">Whether the user is on stage already, because they had applied.</param>
public sealed record SeatInviteResult(string RequestId, bool Seated);

/// <summary>A seat to sit down on.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="SeatIndex">The seat; -1 for the lowest free one.</param>
public sealed record SeatTakeParams(string RoomId, int SeatIndex) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.SeatIndexOrAny(SeatIndex);
}

/// <summary>A seat of a room.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="SeatIndex">The seat.</param>
public sealed record SeatParams(string RoomId, int SeatIndex) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.SeatIndex(SeatIndex);
}

/// <summary>What happens when someone moves to a seat that is taken.</summary>
[JsonConverter(typeof(WireEnumConverter<MovePolicy>))]
public enum MovePolicy
{
    /// <summary>Nothing; the move is refused.</summary>
    Abort,

    /// <summary>Who sits there leaves the stage (host, admin).</summary>
    Replace,

    /// <summary>The two change places (host, admin).</summary>
    Swap,
}

/// <summary>Who moves where.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="SeatIndex">The seat to move to.</param>
/// <param name="UserId">Who moves; absent for the caller.</param>
/// <param name="Policy">What happens when the seat is taken.</param>
public sealed record SeatMoveParams(
    string RoomId, int SeatIndex, string? UserId = null, MovePolicy Policy = MovePolicy.Abort) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? Check.SeatIndex(SeatIndex) ?? (UserId is null ? null : Check.UserId(UserId));
}

/// <summary>What a host or admin does to somebody's microphone or camera.</summary>
[JsonConverter(typeof(WireEnumConverter<DeviceOrder>))]
public enum DeviceOrder
{
    /// <summary>Switches it off; its user may switch it on again.</summary>
    Off,

    /// <summary>Switches it off, and keeps it so until it is unlocked.</summary>
    Locked,

    /// <summary>Lets its user switch it on again; does not switch it on.</summary>
    Unlocked,
}

/// <summary>What to do to somebody's devices; what is absent stays as it is.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Whose devices; they have to be on stage.</param>
/// <param name="Microphone">What to do to the microphone.</param>
/// <param name="Camera">What to do to the camera.</param>
public sealed record SeatSetDeviceParams(
    string RoomId, string UserId, DeviceOrder? Microphone = null, DeviceOrder? Camera = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.UserId(UserId);
}

/// <summary>How members are to come on stage.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="SeatMode">The mode.</param>
public sealed record SeatSetModeParams(string RoomId, SeatMode SeatMode) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId);
}

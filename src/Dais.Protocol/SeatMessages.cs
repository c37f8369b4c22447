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

using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>Someone in a live.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name to show.</param>
/// <param name="AvatarUrl">The picture to show.</param>
public sealed record LiveUserInfo(string UserId, string UserName, string AvatarUrl)
{
    internal static LiveUserInfo Of(User user) => new(user.UserId, user.UserName, user.AvatarUrl);
}

/// <summary>The host of a live, as other lives see them.</summary>
/// <param name="RoomId">The live.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name to show.</param>
/// <param name="AvatarUrl">The picture to show.</param>
public sealed record ConnectionUser(string RoomId, string UserId, string UserName, string AvatarUrl)
{
    internal static ConnectionUser Of(RoomHost host) => new(host.RoomId, host.Host.UserId, host.Host.UserName, host.Host.AvatarUrl);
}

/// <summary>Whether a device is on.</summary>
public enum DeviceStatus
{
    /// <summary>It sends nothing.</summary>
    Off = 0,

    /// <summary>It sends.</summary>
    On = 1,
}

/// <summary>Someone on a seat; or the host of another live, who may not be on stage.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name to show.</param>
/// <param name="AvatarUrl">The picture to show.</param>
/// <param name="LiveId">The live they sit in.</param>
/// <param name="MicrophoneStatus">Their microphone.</param>
/// <param name="AllowOpenMicrophone">Whether they may switch it on.</param>
/// <param name="CameraStatus">Their camera.</param>
/// <param name="AllowOpenCamera">Whether they may switch it on.</param>
/// <param name="IsReconnecting">Whether their connection is lost; the seat is kept for a while.</param>
public sealed record SeatUserInfo(
    string UserId,
    string UserName,
    string AvatarUrl,
    string LiveId,
    DeviceStatus MicrophoneStatus,
    bool AllowOpenMicrophone,
    DeviceStatus CameraStatus,
    bool AllowOpenCamera,
    bool IsReconnecting)
{
    /// <summary>A connected host: with the state of the seat in the own live, with what the stage shows in another.</summary>
    internal static SeatUserInfo Of(RoomHost host, RoomState state)
    {
        if (host.RoomId == state.Room.RoomId && state.Room.Seats.FirstOrDefault(seat => seat.User?.UserId == host.Host.UserId) is { } seat)
        {
            return Of(host.RoomId, seat);
        }

        return state.StageEntryOf(host) is { } entry
            ? Of(host.RoomId, new Seat(entry.SeatIndex, false, host.Host, entry.Microphone, entry.Camera, false))
            : Of(host);
    }

    /// <summary>A host whose devices are not known here.</summary>
    internal static SeatUserInfo Of(RoomHost host) =>
        Of(host.RoomId, new Seat(Room.AnySeat, false, host.Host, DeviceState.Off, DeviceState.Off, false));

    internal static SeatUserInfo Of(string liveId, Seat seat) => new(
        seat.User!.UserId,
        seat.User.UserName,
        seat.User.AvatarUrl,
        liveId,
        seat.Microphone == DeviceState.On ? DeviceStatus.On : DeviceStatus.Off,
        seat.Microphone != DeviceState.Locked,
        seat.Camera == DeviceState.On ? DeviceStatus.On : DeviceStatus.Off,
        seat.Camera != DeviceState.Locked,
        seat.Reconnecting);
}

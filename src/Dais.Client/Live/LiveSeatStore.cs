using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>Where a seat is drawn, in pixels of the canvas.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="W">The width.</param>
/// <param name="H">The height.</param>
/// <param name="ZOrder">Regions of a higher order cover those of a lower one.</param>
public sealed record RegionInfo(int X, int Y, int W, int H, int ZOrder);

/// <summary>A seat.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="IsLocked">Whether nobody can be seated here.</param>
/// <param name="UserInfo">Who sits here, or null.</param>
/// <param name="Region">Where it is drawn; null while nobody sits here.</param>
public sealed record SeatInfo(int Index, bool IsLocked, SeatUserInfo? UserInfo, RegionInfo? Region);

/// <summary>What the stage is drawn on.</summary>
/// <param name="Width">The width, in pixels.</param>
/// <param name="Height">The height, in pixels.</param>
/// <param name="TemplateId">How the stage is drawn; while lives are connected, the connection says it.</param>
public sealed record LiveCanvas(int Width, int Height, int TemplateId);

/// <summary>What happens when someone moves to a seat that is taken.</summary>
public enum MoveSeatPolicy
{
    /// <summary>Nothing; the move is refused.</summary>
    AbortWhenOccupied = 0,

    /// <summary>Who sits there leaves the stage.</summary>
    ForceReplace = 1,

    /// <summary>The two change places.</summary>
    SwapPosition = 2,
}

/// <summary>What this user hears about the own seat; set what you want to hear.</summary>
public sealed record LiveSeatListener
{
    /// <summary>A host or admin lets this user switch the camera on again.</summary>
    public Action? OnLocalCameraOpenedByAdmin { get; init; }

    /// <summary>A host or admin has switched this user's camera off.</summary>
    public Action? OnLocalCameraClosedByAdmin { get; init; }

    /// <summary>A host or admin lets this user switch the microphone on again.</summary>
    public Action? OnLocalMicrophoneOpenedByAdmin { get; init; }

    /// <summary>A host or admin has switched this user's microphone off.</summary>
    public Action? OnLocalMicrophoneClosedByAdmin { get; init; }
}

/// <summary>The seats of a live, in the words of seat stores. One for each live.</summary>
public sealed class LiveSeatStore
{
    private readonly ListenerList<LiveSeatListener> _listeners = new();
    private readonly LiveBinding _live;
    private Seat? _ownSeat;

    private LiveSeatStore(DaisClient client, string liveId) => _live = new LiveBinding(client, liveId, Show, Tell);

    /// <summary>The seats, by index.</summary>
    public ValueListenable<ImmutableArray<SeatInfo>> SeatList { get; } = new([], ListComparer<SeatInfo>.Default);

    /// <summary>What the stage is drawn on; null when not in the live.</summary>
    public ValueListenable<LiveCanvas?> Canvas { get; } = new(null);

    /// <summary>The store of a live, the same for every call.</summary>
    /// <param name="liveId">The live.</param>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static LiveSeatStore Create(string liveId, DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get(liveId, () => new LiveSeatStore(user, liveId));
    }

    /// <summary>Sits down without asking (host, admin; everybody in free mode).</summary>
    public Task<CompletionHandler> TakeSeat(int seatIndex) => _live.CallAsync(room => room.TakeSeatAsync(seatIndex));

    /// <summary>Leaves the seat.</summary>
    public Task<CompletionHandler> LeaveSeat() => _live.CallAsync(room => room.LeaveSeatAsync());

    /// <summary>Locks a seat (host, admin).</summary>
    public Task<CompletionHandler> LockSeat(int seatIndex) => _live.CallAsync(room => room.LockSeatAsync(seatIndex));

    /// <summary>Unlocks a seat (host, admin).</summary>
    public Task<CompletionHandler> UnlockSeat(int seatIndex) => _live.CallAsync(room => room.UnlockSeatAsync(seatIndex));

    /// <summary>Takes someone off stage (host, admin).</summary>
    public Task<CompletionHandler> KickUserOutOfSeat(string userId) => _live.CallAsync(room => room.KickFromSeatAsync(userId));

    /// <summary>Moves someone to another seat (host, admin; or oneself).</summary>
    public Task<CompletionHandler> MoveUserToSeat(
        string userId, int targetIndex, MoveSeatPolicy policy = MoveSeatPolicy.AbortWhenOccupied) =>
        _live.CallAsync(room => room.MoveToSeatAsync(
            targetIndex,
            userId == _live.Client.UserId ? null : userId,
            policy switch
            {
                MoveSeatPolicy.ForceReplace => MovePolicy.Replace,
                MoveSeatPolicy.SwapPosition => MovePolicy.Swap,
                _ => MovePolicy.Abort,
            }));

    /// <summary>Lets a guest switch the camera on again (host, admin); does not switch it on.</summary>
    public Task<CompletionHandler> OpenRemoteCamera(string userId) =>
        _live.CallAsync(room => room.SetDeviceAsync(userId, camera: DeviceOrder.Unlocked));

    /// <summary>Switches a guest's camera off, until it is opened again (host, admin).</summary>
    public Task<CompletionHandler> CloseRemoteCamera(string userId) =>
        _live.CallAsync(room => room.SetDeviceAsync(userId, camera: DeviceOrder.Locked));

    /// <summary>Lets a guest switch the microphone on again (host, admin); does not switch it on.</summary>
    public Task<CompletionHandler> OpenRemoteMicrophone(string userId) =>
        _live.CallAsync(room => room.SetDeviceAsync(userId, microphone: DeviceOrder.Unlocked));

    /// <summary>Switches a guest's microphone off, until it is opened again (host, admin).</summary>
    public Task<CompletionHandler> CloseRemoteMicrophone(string userId) =>
        _live.CallAsync(room => room.SetDeviceAsync(userId, microphone: DeviceOrder.Locked));

    /// <summary>Mutes the own microphone.</summary>
    public Task<CompletionHandler> MuteMicrophone() => _live.CallAsync(room => room.SetMutedAsync(microphone: true));

    /// <summary>Unmutes the own microphone.</summary>
    public Task<CompletionHandler> UnmuteMicrophone() => _live.CallAsync(room => room.SetMutedAsync(microphone: false));

    /// <summary>Adds a listener.</summary>
    public void AddLiveSeatEventListener(LiveSeatListener listener) => _listeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveLiveSeatEventListener(LiveSeatListener listener) => _listeners.Remove(listener);

    private void Show(RoomState? state)
    {
        var room = state?.Room;
        Canvas.Value = room is null ? null : new LiveCanvas(
            room.Canvas.Width, room.Canvas.Height, room.Connection?.LayoutTemplateId ?? room.SeatLayoutTemplateId);
        SeatList.Value = room is null ? [] : [.. room.Seats.Select(seat => Info(room, seat))];
    }

    private void Tell(RoomNotification happened, RoomState state)
    {
        var (before, now) = (_ownSeat, state.OwnSeat);
        _ownSeat = now;
        if (happened is not RoomNotification.SeatChanged || before is null || now is null)
        {
            return;
        }

        _listeners.Tell(listener =>
        {
            Turn(before.Camera, now.Camera, listener.OnLocalCameraOpenedByAdmin, listener.OnLocalCameraClosedByAdmin);
            Turn(before.Microphone, now.Microphone, listener.OnLocalMicrophoneOpenedByAdmin, listener.OnLocalMicrophoneClosedByAdmin);
        });
    }

    private static void Turn(DeviceState before, DeviceState now, Action? opened, Action? closed)
    {
        bool wasLocked = before == DeviceState.Locked;
        bool isLocked = now == DeviceState.Locked;
        if (wasLocked != isLocked)
        {
            (isLocked ? closed : opened)?.Invoke();
        }
    }

    private static SeatInfo Info(RoomSnapshot room, Seat seat)
    {
        var entry = room.Stage.FirstOrDefault(entry => entry.RoomId == room.RoomId && entry.SeatIndex == seat.Index);
        return new SeatInfo(
            seat.Index,
            seat.Locked,
            seat.User is null ? null : SeatUserInfo.Of(room.RoomId, seat),
            entry is null ? null : Pixels(entry.Region, room.Canvas));
    }

    private static RegionInfo Pixels(Region region, Canvas canvas) => new(
        (int)Math.Round(region.X * canvas.Width),
        (int)Math.Round(region.Y * canvas.Height),
        (int)Math.Round(region.Width * canvas.Width),
        (int)Math.Round(region.Height * canvas.Height),
        region.ZOrder);
}

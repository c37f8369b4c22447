using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>Whether this user is on stage.</summary>
public enum CoGuestStatus
{
    /// <summary>Neither on stage nor about to be.</summary>
    None = 0,

    /// <summary>Has an open application.</summary>
    Applying = 1,

    /// <summary>On stage.</summary>
    Linking = 2,
}

/// <summary>
/// One live, in the words of LiveCoreView: calls with callbacks, and observers. It shows nothing; media is published and received through
/// <see cref="Room"/>.
/// </summary>
public sealed partial class LiveCoreView
{
    private readonly DaisClient _client;
    private readonly ListenerList<IConnectionObserver> _observers = new();
    private readonly HostNewsFeed _hostNews;
    private volatile string? _wanted;
    private RoomNotification.SeatChanged? _held;

    /// <summary>A view that is in no live yet.</summary>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public LiveCoreView(DaisClient? client = null)
    {
        _client = LoginStore.ClientOr(client);
        _hostNews = new HostNewsFeed(_client, (news, _) => _observers.Tell(observer => Tell(observer, news)));
        _client.RoomEntered += room => Attach(room, room.RoomId == _wanted);
    }

    /// <summary>The live this view is in; null for none. Its room publishes and receives media.</summary>
    public Room? Room { get; private set; }

    /// <summary>Whether this user is on stage.</summary>
    public ValueListenable<CoGuestStatus> CoGuestStatus { get; } = new(Live.CoGuestStatus.None);

    /// <summary>Whether the application wanted its camera on once on stage; for whoever publishes.</summary>
    public bool OpenCameraOnCoGuest { get; private set; }

    /// <summary>Adds an observer.</summary>
    public void RegisterConnectionObserver(IConnectionObserver observer) => _observers.Add(observer);

    /// <summary>Removes an observer; one that is not there changes nothing.</summary>
    public void UnregisterConnectionObserver(IConnectionObserver observer) => _observers.Remove(observer);

    /// <summary>Goes live.</summary>
    public Task StartLiveStream(LiveInfo roomInfo, Action? onSuccess = null, Action<int, string>? onError = null)
    {
        ArgumentNullException.ThrowIfNull(roomInfo);
        return EnterAsync(
            roomInfo.LiveId,
            () => _client.StartRoomAsync(new RoomStartParams(
                roomInfo.LiveId,
                roomInfo.LiveName,
                roomInfo.Notice,
                roomInfo.CoverUrl,
                roomInfo.SeatLayoutTemplateId,
                roomInfo.MaxSeatCount,
                roomInfo.SeatMode,
                roomInfo.KeepOwnerOnSeat,
                roomInfo.IsPublicVisible)),
            onSuccess,
            onError);
    }

    /// <summary>Ends the live (host).</summary>
    public Task StopLiveStream(Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.EndAsync(), onSuccess, onError);

    /// <summary>Joins a live.</summary>
    public Task JoinLiveStream(string roomId, Action? onSuccess = null, Action<int, string>? onError = null) =>
        EnterAsync(roomId, () => _client.JoinRoomAsync(roomId), onSuccess, onError);

    /// <summary>Leaves the live.</summary>
    public Task LeaveLiveStream(Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.LeaveAsync(), onSuccess, onError);

    /// <summary>
    /// Asks for a seat, when <paramref name="userId"/> is empty or the host's; asks a member to one otherwise. The result comes by observer.
    /// </summary>
    /// <param name="userId">Who is asked.</param>
    /// <param name="timeOut">Seconds until it is too late to answer; 0 for no limit.</param>
    /// <param name="openCamera">Whether the camera is to be on once on stage.</param>
    /// <param name="onSuccess">The request was sent.</param>
    /// <param name="onError">It was refused: the code, and the code in words.</param>
    public Task RequestIntraRoomConnection(
        string userId, int timeOut, bool openCamera, Action? onSuccess = null, Action<int, string>? onError = null)
    {
        var timeout = TimeSpan.FromSeconds(timeOut);
        return CallAsync(
            room =>
            {
                string owner = room.State.Room.Owner.UserId;
                bool isOwner = room.State.SelfId == owner;
                if (isOwner && string.IsNullOrEmpty(userId))
                {
                    throw new DaisException(-1, "failed", "Say whom to ask: the host asks for no seat.");
                }

                if (!isOwner && (string.IsNullOrEmpty(userId) || userId == owner))
                {
                    OpenCameraOnCoGuest = openCamera;
                    return room.ApplyForSeatAsync(timeout: timeout);
                }

                return room.InviteToSeatAsync(userId, timeout: timeout);
            },
            onSuccess,
            onError);
    }

    /// <summary>Takes back what <see cref="RequestIntraRoomConnection"/> asked.</summary>
    /// <param name="userId">Who was asked; empty or the host's for an application.</param>
    /// <param name="onSuccess">Done.</param>
    /// <param name="onError">It was refused: the code, and the code in words.</param>
    public Task CancelIntraRoomConnection(string userId, Action? onSuccess = null, Action<int, string>? onError = null) => CallAsync(
        room => string.IsNullOrEmpty(userId) || userId == room.State.Room.Owner.UserId
            ? room.CancelApplicationAsync()
            : room.CancelInvitationAsync(userId),
        onSuccess,
        onError);

    /// <summary>Answers an application (host, admin), or the invitation to this user when <paramref name="userId"/> made it, is the host or empty.</summary>
    public Task RespondIntraRoomConnection(
        string userId, bool isAccepted, Action? onSuccess = null, Action<int, string>? onError = null) => CallAsync(
        room => string.IsNullOrEmpty(userId) || userId == room.State.Room.Owner.UserId || userId == room.State.OwnInvitation?.Inviter?.UserId
            ? isAccepted ? room.AcceptInvitationAsync() : room.RejectInvitationAsync()
            : isAccepted ? room.AcceptApplicationAsync(userId) : room.RejectApplicationAsync(userId),
        onSuccess,
        onError);

    /// <summary>Takes someone off stage (host, admin).</summary>
    public Task DisconnectUser(string userId, Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.KickFromSeatAsync(userId), onSuccess, onError);

    /// <summary>Leaves the stage.</summary>
    public Task TerminateIntraRoomConnection(Action? onSuccess = null, Action<int, string>? onError = null) =>
        CallAsync(room => room.LeaveSeatAsync(), onSuccess, onError);

    private Task EnterAsync(string roomId, Func<Task<Room>> enter, Action? onSuccess, Action<int, string>? onError) => FinishAsync(
        async () =>
        {
            // Attached on the way in, so that no event falls in between; afterwards again for a room this client was in already.
            _wanted = roomId;
            var room = await enter().ConfigureAwait(false);
            await _client.RunAsync(() => Attach(room, isWanted: true)).ConfigureAwait(false);
        },
        onSuccess,
        onError);

    private void Attach(Room room, bool isWanted)
    {
        if (isWanted && Room != room && room.State.Closed is null)
        {
            Room = room;
            _ = room.Observe(happened => Handle(room, happened));
            ShowStatus(room.State);
        }
    }

    private Task CallAsync(Func<Room, Task> call, Action? onSuccess, Action<int, string>? onError)
    {
        if (Room is not { } room)
        {
            onError?.Invoke(CompletionHandler.NotInLive, CompletionHandler.BeforeEntering.Message!);
            return Task.CompletedTask;
        }

        return FinishAsync(() => call(room), onSuccess, onError);
    }

    private static async Task FinishAsync(Func<Task> call, Action? onSuccess, Action<int, string>? onError)
    {
        var result = await CompletionHandler.OfAsync(call).ConfigureAwait(false);
        if (result.IsSuccess)
        {
            onSuccess?.Invoke();
        }
        else
        {
            onError?.Invoke(result.Code, result.Message!);
        }
    }

    private void Handle(Room room, RoomNotification happened)
    {
        if (room != Room)
        {
            return;
        }

        var state = room.State;
        ShowStatus(state);
        try
        {
            _hostNews.Handle(happened, state);
        }
        finally
        {
            HandleIntraRoom(room, happened, state);
        }
    }

    private void HandleIntraRoom(Room room, RoomNotification happened, RoomState state)
    {
        switch (happened)
        {
            case RoomNotification.SeatApplied { Request.User: var user } when user.UserId != state.SelfId:
                _observers.Tell(observer => observer.OnUserConnectionRequest(LiveUserInfo.Of(user)));
                break;
            case RoomNotification.SeatInvited { Request: var request } when request.User.UserId == state.SelfId:
                _observers.Tell(observer => observer.OnUserConnectionRequest(LiveUserInfo.Of(request.Inviter!)));
                break;
            case RoomNotification.SeatApplicationEnded ended:
                var applicant = ended.Request.User;
                TellEnd(ended.Outcome, ended.By ?? state.Room.Owner, applicant, applicant.UserId == state.SelfId, ended.Code, ended.Message);
                FlushHeld(state);
                break;
            case RoomNotification.SeatInvitationEnded { Request: { Inviter: var inviter } request } ended:
                TellEnd(ended.Outcome, request.User, inviter!, inviter!.UserId == state.SelfId, ended.Code, ended.Message);
                FlushHeld(state);
                break;
            case RoomNotification.SeatChanged changed:
                FlushHeld(state);
                _held = changed;

                // Users of this view hear of the acceptance first. It comes next when a request of somebody who sat down is still open.
                if (!changed.Joined.Any(user => HasOpenRequest(state, user)))
                {
                    FlushHeld(state);
                }

                break;
            case RoomNotification.Synced:
                FlushHeld(state);
                break;
            case RoomNotification.Ended:
                _observers.Tell(observer => observer.OnRoomDismissed(room.RoomId));
                break;
            case RoomNotification.Closed:
                Room = null;
                _held = null;
                CoGuestStatus.Value = Live.CoGuestStatus.None;
                break;
        }
    }

    /// <summary>Tells how a request ended: those who made it the answer, the others that it is gone.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="responder">Who was asked.</param>
    /// <param name="requester">Who asked.</param>
    /// <param name="isOwn">Whether this user asked.</param>
    /// <param name="code">Why it failed.</param>
    /// <param name="message">Why it failed, in words.</param>
    private void TellEnd(RequestOutcome outcome, User responder, User requester, bool isOwn, int code, string message)
    {
        var answering = LiveUserInfo.Of(responder);
        switch (outcome)
        {
            case RequestOutcome.Accepted or RequestOutcome.AlreadySeated when isOwn:
                _observers.Tell(observer =>
                {
                    observer.OnUserConnectionAccepted(answering.UserId);
                    observer.OnUserConnectionAccepted(answering);
                });
                break;
            case RequestOutcome.Rejected when isOwn:
                _observers.Tell(observer => observer.OnUserConnectionRejected(answering));
                break;
            case RequestOutcome.TimedOut when isOwn:
                _observers.Tell(observer => observer.OnUserConnectionTimeout(answering));
                break;
            case RequestOutcome.Failed when isOwn:
                _observers.Tell(observer => observer.OnUserConnectionFailed(code, message));
                break;
            case RequestOutcome.Cancelled or RequestOutcome.TimedOut when !isOwn:
                _observers.Tell(observer => observer.OnUserConnectionCancelled(LiveUserInfo.Of(requester)));
                break;
        }
    }

    private void FlushHeld(RoomState state)
    {
        if (_held is not { } changed)
        {
            return;
        }

        _held = null;
        if (changed.Left.Any(left => left.User.UserId == state.SelfId && left.Reason is SeatLeaveReason.Kicked or SeatLeaveReason.Replaced))
        {
            _observers.Tell(observer => observer.OnUserConnectionTerminated());
        }

        ImmutableArray<LiveUserInfo> joined = [.. changed.Joined.Select(LiveUserInfo.Of)];
        ImmutableArray<LiveUserInfo> gone = [.. changed.Left.Select(left => LiveUserInfo.Of(left.User))];
        if (joined.IsEmpty && gone.IsEmpty)
        {
            return;
        }

        ImmutableArray<LiveUserInfo> all = [.. changed.Seats.Where(seat => seat.User is not null).Select(seat => LiveUserInfo.Of(seat.User!))];
        _observers.Tell(observer => observer.OnConnectedUsersUpdated(all, joined, gone));
        foreach (var user in gone)
        {
            if (user.UserId != state.SelfId)
            {
                _observers.Tell(observer => observer.OnUserConnectionExited(user));
            }
        }
    }

    private static bool HasOpenRequest(RoomState state, User user) =>
        state.Room.Applications.Concat(state.Room.Invitations).Any(request => request.User.UserId == user.UserId);

    private void ShowStatus(RoomState state) => CoGuestStatus.Value =
        state.OwnSeat is not null ? Live.CoGuestStatus.Linking
        : state.OwnApplication is not null ? Live.CoGuestStatus.Applying
        : Live.CoGuestStatus.None;
}

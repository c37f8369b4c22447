using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>Who is on stage, and who wants or is asked to be.</summary>
public sealed class CoGuestState
{
    /// <summary>Who sits, the host included.</summary>
    public ValueListenable<ImmutableArray<SeatUserInfo>> Connected { get; } = new([], ListComparer<SeatUserInfo>.Default);

    /// <summary>Who is asked to a seat.</summary>
    public ValueListenable<ImmutableArray<LiveUserInfo>> Invitees { get; } = new([], ListComparer<LiveUserInfo>.Default);

    /// <summary>Who asks for a seat: everybody for hosts and admins, this user for others.</summary>
    public ValueListenable<ImmutableArray<LiveUserInfo>> Applicants { get; } = new([], ListComparer<LiveUserInfo>.Default);

    /// <summary>Who could be asked: members who neither sit nor have an open request.</summary>
    public ValueListenable<ImmutableArray<LiveUserInfo>> Candidates { get; } = new([], ListComparer<LiveUserInfo>.Default);

    /// <summary>Makes the values those of the state, all before any listener is called; null when not in the live.</summary>
    internal void Show(RoomState? state)
    {
        var room = state?.Room;
        ImmutableArray<SeatUserInfo> connected =
            room is null ? [] : [.. from seat in room.Seats where seat.User is not null select SeatUserInfo.Of(room.RoomId, seat)];
        ImmutableArray<LiveUserInfo> applicants = room is null ? [] : [.. room.Applications.Select(request => LiveUserInfo.Of(request.User))];
        ImmutableArray<LiveUserInfo> invitees = room is null
            ? []
            : [.. from request in room.Invitations where request.User.UserId != state!.SelfId select LiveUserInfo.Of(request.User)];
        var busy = connected.Select(user => user.UserId)
            .Concat(applicants.Select(user => user.UserId))
            .Concat(invitees.Select(user => user.UserId))
            .ToHashSet();
        ImmutableArray<LiveUserInfo> candidates =
            room is null ? [] : [.. from user in room.Audience where !busy.Contains(user.UserId) select LiveUserInfo.Of(user)];
        Listeners.CallAll(
        [
            .. Connected.Change(connected),
            .. Applicants.Change(applicants),
            .. Invitees.Change(invitees),
            .. Candidates.Change(candidates),
        ]);
    }
}

/// <summary>
/// Coming on stage, in the words of co-guest stores. One for each live; its values and listeners work whenever its client is in the live.
/// </summary>
public sealed class CoGuestStore
{
    private readonly ListenerList<HostListener> _hostListeners = new();
    private readonly ListenerList<GuestListener> _guestListeners = new();
    private readonly LiveBinding _live;

    private CoGuestStore(DaisClient client, string liveId) => _live = new LiveBinding(client, liveId, CoGuestState.Show, Tell);

    /// <summary>Who is on stage, and who wants or is asked to be.</summary>
    public CoGuestState CoGuestState { get; } = new();

    /// <summary>The store of a live, the same for every call.</summary>
    /// <param name="liveId">The live.</param>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static CoGuestStore Create(string liveId, DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get(liveId, () => new CoGuestStore(user, liveId));
    }

    /// <summary>Asks for a seat; done when it was sent.</summary>
    /// <param name="seatIndex">The seat, or -1 for any.</param>
    /// <param name="timeout">Seconds until nobody can accept any more; 0 for no limit.</param>
    /// <param name="extraInfo">Anything the hosts should see with it.</param>
    public Task<CompletionHandler> ApplyForSeat(int seatIndex = Room.AnySeat, int timeout = 60, string extraInfo = "") =>
        _live.CallAsync(room => room.ApplyForSeatAsync(seatIndex, TimeSpan.FromSeconds(timeout), extraInfo));

    /// <summary>Takes the application back.</summary>
    public Task<CompletionHandler> CancelApplication() => _live.CallAsync(room => room.CancelApplicationAsync());

    /// <summary>Seats an applicant (host, admin).</summary>
    public Task<CompletionHandler> AcceptApplication(string userId) => _live.CallAsync(room => room.AcceptApplicationAsync(userId));

    /// <summary>Declines an application (host, admin).</summary>
    public Task<CompletionHandler> RejectApplication(string userId) => _live.CallAsync(room => room.RejectApplicationAsync(userId));

    /// <summary>Asks a member to a seat (host, admin); done when it was sent.</summary>
    /// <param name="inviteeId">Whom.</param>
    /// <param name="seatIndex">The seat, or -1 for any.</param>
    /// <param name="timeout">Seconds until they cannot accept any more; 0 for no limit.</param>
    /// <param name="extraInfo">Anything they should see with it.</param>
    public Task<CompletionHandler> InviteToSeat(string inviteeId, int seatIndex = Room.AnySeat, int timeout = 60, string extraInfo = "") =>
        _live.CallAsync(room => room.InviteToSeatAsync(inviteeId, seatIndex, TimeSpan.FromSeconds(timeout), extraInfo));

    /// <summary>Takes an invitation back (host, admin).</summary>
    public Task<CompletionHandler> CancelInvitation(string inviteeId) => _live.CallAsync(room => room.CancelInvitationAsync(inviteeId));

    /// <summary>Accepts the invitation to this user; there is at most one, whoever made it.</summary>
    public Task<CompletionHandler> AcceptInvitation(string inviterId)
    {
        ArgumentNullException.ThrowIfNull(inviterId);
        return _live.CallAsync(room => room.AcceptInvitationAsync());
    }

    /// <summary>Declines the invitation to this user; there is at most one, whoever made it.</summary>
    public Task<CompletionHandler> RejectInvitation(string inviterId)
    {
        ArgumentNullException.ThrowIfNull(inviterId);
        return _live.CallAsync(room => room.RejectInvitationAsync());
    }

    /// <summary>Leaves the stage.</summary>
    public Task<CompletionHandler> Disconnect() => _live.CallAsync(room => room.LeaveSeatAsync());

    /// <summary>Changes how the stage is drawn (host, admin): 600, 601, 800, 801 and others the server knows.</summary>
    public Task<CompletionHandler> SetLayoutTemplate(int template) =>
        _live.CallAsync(room => room.UpdateAsync(new RoomUpdateParams(room.RoomId, SeatLayoutTemplateId: template)));

    /// <summary>Adds a listener for what hosts and admins hear.</summary>
    public void AddHostListener(HostListener listener) => _hostListeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveHostListener(HostListener listener) => _hostListeners.Remove(listener);

    /// <summary>Adds a listener for what the audience and guests hear.</summary>
    public void AddGuestListener(GuestListener listener) => _guestListeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveGuestListener(GuestListener listener) => _guestListeners.Remove(listener);

    private void Tell(RoomNotification happened, RoomState state)
    {
        switch (happened)
        {
            case RoomNotification.SeatApplied { Request.User: var user } when user.UserId != state.SelfId:
                _hostListeners.Tell(listener => listener.OnGuestApplicationReceived?.Invoke(LiveUserInfo.Of(user)));
                break;
            case RoomNotification.SeatApplicationEnded ended when ended.Request.User.UserId == state.SelfId:
                _guestListeners.Tell(listener => TellApplicant(listener, ended, state));
                break;
            case RoomNotification.SeatApplicationEnded ended:
                _hostListeners.Tell(listener => TellHost(listener, ended, state));
                break;
            case RoomNotification.SeatInvited { Request: var request } when request.User.UserId == state.SelfId:
                _guestListeners.Tell(listener => listener.OnHostInvitationReceived?.Invoke(LiveUserInfo.Of(request.Inviter!)));
                break;
            case RoomNotification.SeatInvitationEnded ended when ended.Request.User.UserId == state.SelfId:
                if (ended.Outcome is RequestOutcome.Cancelled or RequestOutcome.TimedOut)
                {
                    _guestListeners.Tell(listener => listener.OnHostInvitationCancelled?.Invoke(LiveUserInfo.Of(ended.Request.Inviter!)));
                }

                break;
            case RoomNotification.SeatInvitationEnded ended when ended.Request.Inviter?.UserId == state.SelfId:
                _hostListeners.Tell(listener => TellInviter(listener, ended));
                break;
            case RoomNotification.SeatChanged changed:
                foreach (var left in changed.Left)
                {
                    if (left.User.UserId == state.SelfId && left.Reason is SeatLeaveReason.Kicked or SeatLeaveReason.Replaced)
                    {
                        _guestListeners.Tell(listener => listener.OnKickedOffSeat?.Invoke(
                            left.SeatIndex, LiveUserInfo.Of(left.By ?? state.Room.Owner)));
                    }
                }

                break;
        }
    }

    private static void TellApplicant(GuestListener listener, RoomNotification.SeatApplicationEnded ended, RoomState state)
    {
        switch (ended.Outcome)
        {
            case RequestOutcome.Accepted or RequestOutcome.Rejected:
                listener.OnGuestApplicationResponded?.Invoke(
                    ended.Outcome == RequestOutcome.Accepted, LiveUserInfo.Of(ended.By ?? state.Room.Owner));
                break;
            case RequestOutcome.TimedOut:
                listener.OnGuestApplicationNoResponse?.Invoke(NoResponseReason.Timeout);
                break;
            case RequestOutcome.AlreadySeated:
                listener.OnGuestApplicationNoResponse?.Invoke(NoResponseReason.AlreadySeated);
                break;
            case RequestOutcome.Failed:
                listener.OnGuestApplicationError?.Invoke(ended.Code, ended.Message);
                break;
        }
    }

    private static void TellHost(HostListener listener, RoomNotification.SeatApplicationEnded ended, RoomState state)
    {
        var guest = LiveUserInfo.Of(ended.Request.User);
        if (ended.Outcome is RequestOutcome.Cancelled or RequestOutcome.TimedOut or RequestOutcome.AlreadySeated)
        {
            listener.OnGuestApplicationCancelled?.Invoke(guest);
        }
        else if (ended.By is { } by && by.UserId != state.SelfId)
        {
            listener.OnGuestApplicationProcessedByOtherHost?.Invoke(guest, LiveUserInfo.Of(by));
        }
    }

    private static void TellInviter(HostListener listener, RoomNotification.SeatInvitationEnded ended)
    {
        var guest = LiveUserInfo.Of(ended.Request.User);
        switch (ended.Outcome)
        {
            case RequestOutcome.Accepted or RequestOutcome.Rejected:
                listener.OnHostInvitationResponded?.Invoke(ended.Outcome == RequestOutcome.Accepted, guest);
                break;
            case RequestOutcome.TimedOut:
                listener.OnHostInvitationNoResponse?.Invoke(guest, NoResponseReason.Timeout);
                break;
            case RequestOutcome.AlreadySeated:
                listener.OnHostInvitationNoResponse?.Invoke(guest, NoResponseReason.AlreadySeated);
                break;
            case RequestOutcome.Failed:
                listener.OnHostInvitationError?.Invoke(guest, ended.Code, ended.Message);
                break;
        }
    }
}

using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>Whether a live is connected with others.</summary>
public enum CoHostStatus
{
    /// <summary>It is.</summary>
    Connected = 0,

    /// <summary>It is not.</summary>
    Disconnected = 1,
}

/// <summary>How the stage is drawn while lives are connected. Names for numbers: any other the server knows may be given as it is.</summary>
public static class CoHostLayoutTemplate
{
    /// <summary>Hosts who are only heard.</summary>
    public const int HostVoiceConnection = 2;

    /// <summary>Two hosts side by side, lying.</summary>
    public const int HostVideoLandscapeFixed2Seats = 400;

    /// <summary>A grid that fits how many there are.</summary>
    public const int HostDynamicGrid = 600;

    /// <summary>The own host large, up to six others beside.</summary>
    public const int HostDynamic1v6 = 601;

    /// <summary>The first host large on the left, up to eight others beside.</summary>
    public const int HostVideoLeftFocus9Seats = 602;

    /// <summary>Nine places of the same size.</summary>
    public const int HostVideoUniformGrid9Seats = 603;
}

/// <summary>Which lives are connected, and who wants or is asked to be.</summary>
public sealed class CoHostState
{
    private ImmutableArray<CoHostCandidate> _fetched = [];

    /// <summary>Whether the live is connected with others.</summary>
    public ValueListenable<CoHostStatus> CoHostStatus { get; } = new(Live.CoHostStatus.Disconnected);

    /// <summary>The hosts of all connected lives, this one's included, in the order in which they came.</summary>
    public ValueListenable<ImmutableArray<SeatUserInfo>> Connected { get; } = new([], ListComparer<SeatUserInfo>.Default);

    /// <summary>Who is asked; for hosts and admins.</summary>
    public ValueListenable<ImmutableArray<SeatUserInfo>> Invitees { get; } = new([], ListComparer<SeatUserInfo>.Default);

    /// <summary>Who asks, the newest last; for hosts and admins.</summary>
    public ValueListenable<ImmutableArray<SeatUserInfo>> Applicants { get; } = new([], ListComparer<SeatUserInfo>.Default);

    /// <summary>The newest of <see cref="Applicants"/>; null when nobody asks.</summary>
    public ValueListenable<SeatUserInfo?> Applicant { get; } = new(null);

    /// <summary>The ids of the connected lives whose sound is silenced here.</summary>
    public ValueListenable<ImmutableArray<string>> MutedHosts { get; } = new([], ListComparer<string>.Default);

    /// <summary>Where the next page of candidates starts; empty at the end.</summary>
    public ValueListenable<string> CandidatesCursor { get; } = new("");

    /// <summary>Who could be asked, as far as it was fetched: neither connected nor asked.</summary>
    public ValueListenable<ImmutableArray<SeatUserInfo>> Candidates { get; } = new([], ListComparer<SeatUserInfo>.Default);

    /// <summary>Makes the values those of the state, all before any listener is called; null when not in the live.</summary>
    internal void Show(RoomState? state)
    {
        _fetched = state is null ? [] : _fetched;
        ShowAll(state, state is null ? "" : CandidatesCursor.Value);
    }

    /// <summary>Takes a page of candidates: in place of those there are when it is the first, otherwise added to them.</summary>
    internal void ShowPage(RoomState state, bool isFirst, CoHostCandidatesResult page)
    {
        _fetched = [.. (isFirst ? [] : _fetched).Concat(page.Candidates).DistinctBy(candidate => candidate.RoomId)];
        ShowAll(state, page.Cursor);
    }

    private void ShowAll(RoomState? state, string cursor)
    {
        var connection = state?.Room.Connection;
        ImmutableArray<SeatUserInfo> connected = connection is null ? [] : [.. connection.Members.Select(member => SeatUserInfo.Of(member, state!))];
        ImmutableArray<SeatUserInfo> invitees =
            state is null ? [] : [.. state.Room.SentHostRequests.Select(request => SeatUserInfo.Of(request.To))];
        ImmutableArray<SeatUserInfo> applicants =
            state is null ? [] : [.. state.Room.ReceivedHostRequests.Select(request => SeatUserInfo.Of(request.From))];
        var busy = connected.Concat(invitees).Select(host => host.LiveId).ToHashSet();
        ImmutableArray<SeatUserInfo> candidates =
        [
            .. from candidate in _fetched
               where !busy.Contains(candidate.RoomId)
               select SeatUserInfo.Of(new RoomHost(candidate.RoomId, candidate.Host))
        ];
        Listeners.CallAll(
        [
            .. Connected.Change(connected),
            .. CoHostStatus.Change(connection is null ? Live.CoHostStatus.Disconnected : Live.CoHostStatus.Connected),
            .. Invitees.Change(invitees),
            .. Applicants.Change(applicants),
            .. Applicant.Change(applicants.LastOrDefault()),
            .. MutedHosts.Change(connection?.MutedRooms ?? []),
            .. CandidatesCursor.Change(cursor),
            .. Candidates.Change(candidates),
        ]);
    }
}

/// <summary>
/// Connecting with the hosts of other lives, in the words of co-host stores. One for each live; its values and listeners work whenever its
/// client is in the live. The methods are for hosts and admins.
/// </summary>
public sealed class CoHostStore
{
    private readonly ListenerList<CoHostListener> _listeners = new();
    private readonly HostNewsFeed _news;
    private readonly LiveBinding _live;

    private CoHostStore(DaisClient client, string liveId)
    {
        _news = new HostNewsFeed(client, (news, state) => _listeners.Tell(listener => Tell(listener, news, state)));
        _live = new LiveBinding(client, liveId, CoHostState.Show, _news.Handle);
    }

    /// <summary>Which lives are connected, and who wants or is asked to be.</summary>
    public CoHostState CoHostState { get; } = new();

    /// <summary>The store of a live, the same for every call.</summary>
    /// <param name="liveId">The live.</param>
    /// <param name="client">Whose view; by default the user's of <see cref="LoginStore.Shared"/>.</param>
    public static CoHostStore Create(string liveId, DaisClient? client = null)
    {
        var user = LoginStore.ClientOr(client);
        return user.Stores.Get(liveId, () => new CoHostStore(user, liveId));
    }

    /// <summary>
    /// Asks the host of another live to connect; code 0 when it was sent, a <see cref="ConnectionCode"/> when it could not be. A host who has
    /// asked already is accepted.
    /// </summary>
    /// <param name="targetHostLiveID">The other live.</param>
    /// <param name="layoutTemplate">How the stage is to be drawn: one of <see cref="CoHostLayoutTemplate"/>, or another the server knows.</param>
    /// <param name="timeout">Seconds until they cannot accept any more; 0 for no limit.</param>
    /// <param name="extraInfo">Anything they should see with it.</param>
    public Task<CompletionHandler> RequestHostConnection(string targetHostLiveID, int layoutTemplate, int timeout, string extraInfo = "") =>
        _live.CallAsync(async room =>
        {
            var code = await _news.AskAsync(room, targetHostLiveID, layoutTemplate, timeout, extraInfo).ConfigureAwait(false);
            if (code != ConnectionCode.Success)
            {
                throw new DaisException((int)code, "notSent", Words(code), code == ConnectionCode.Retry);
            }
        });

    /// <summary>Takes the request to another live back.</summary>
    public Task<CompletionHandler> CancelHostConnection(string toHostLiveID) =>
        _live.CallAsync(room => room.CancelHostConnectionAsync(toHostLiveID));

    /// <summary>Accepts the request of another live.</summary>
    public Task<CompletionHandler> AcceptHostConnection(string fromHostLiveID) =>
        _live.CallAsync(room => room.AcceptHostConnectionAsync(fromHostLiveID));

    /// <summary>Declines the request of another live.</summary>
    public Task<CompletionHandler> RejectHostConnection(string fromHostLiveID) =>
        _live.CallAsync(room => room.RejectHostConnectionAsync(fromHostLiveID));

    /// <summary>Leaves the connection.</summary>
    public Task<CompletionHandler> ExitHostConnection() => _live.CallAsync(room => room.ExitHostConnectionAsync());

    /// <summary>Fetches a page of the lives that could be asked: from the start with an empty cursor, otherwise added to those there are.</summary>
    /// <param name="cursor">Empty, or what <see cref="CoHostState.CandidatesCursor"/> says.</param>
    public Task<CompletionHandler> GetCoHostCandidates(string cursor) => _live.CallAsync(async room =>
    {
        var page = await room.ListHostCandidatesAsync(cursor).ConfigureAwait(false);
        await _live.Client.RunAsync(() =>
        {
            if (room.State.Closed is null)
            {
                CoHostState.ShowPage(room.State, cursor.Length == 0, page);
            }
        }).ConfigureAwait(false);
    });

    /// <summary>Silences another connected live for everybody in this one, or no longer.</summary>
    public Task<CompletionHandler> MuteRemoteHostAudio(string liveID, bool isMuted) =>
        _live.CallAsync(room => room.MuteRemoteAudioAsync(liveID, isMuted));

    /// <summary>Adds a listener.</summary>
    public void AddCoHostListener(CoHostListener listener) => _listeners.Add(listener);

    /// <summary>Removes a listener; one that is not there changes nothing.</summary>
    public void RemoveCoHostListener(CoHostListener listener) => _listeners.Remove(listener);

    private static void Tell(CoHostListener listener, HostNews news, RoomState state)
    {
        switch (news)
        {
            case HostNews.Received { Request: var request }:
                listener.OnCoHostRequestReceived?.Invoke(SeatUserInfo.Of(request.From, state), request.ExtraInfo);
                break;
            case HostNews.Cancelled { Request: var request }:
                listener.OnCoHostRequestCancelled?.Invoke(SeatUserInfo.Of(request.From, state), SeatUserInfo.Of(request.To, state));
                break;
            case HostNews.Accepted { By: var invitee }:
                listener.OnCoHostRequestAccepted?.Invoke(SeatUserInfo.Of(invitee, state));
                break;
            case HostNews.Rejected { By: var invitee }:
                listener.OnCoHostRequestRejected?.Invoke(SeatUserInfo.Of(invitee, state));
                break;
            case HostNews.TimedOut { Request: var request }:
                listener.OnCoHostRequestTimeout?.Invoke(SeatUserInfo.Of(request.From, state), SeatUserInfo.Of(request.To, state));
                break;
            case HostNews.Changed changed:
                foreach (var host in changed.Joined)
                {
                    listener.OnCoHostUserJoined?.Invoke(SeatUserInfo.Of(host, state));
                }

                foreach (var host in changed.Left)
                {
                    // They may be on the stage that is known still, with devices that are of no use any more.
                    listener.OnCoHostUserLeft?.Invoke(SeatUserInfo.Of(host));
                }

                break;
        }
    }

    private static string Words(ConnectionCode code) => code switch
    {
        ConnectionCode.RoomNotExist => "The live does not exist.",
        ConnectionCode.Connecting => "A request between the two is open, or they are connected already.",
        ConnectionCode.ConnectingOtherRoom => "Both lives are connected with others.",
        ConnectionCode.Full => "The maximum number of connected lives is reached.",
        ConnectionCode.Retry => "Try again in a moment.",
        _ => "The live cannot be connected with.",
    };
}

using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Live;

/// <summary>What the facades tell about connections with the hosts of other lives, each in its own words.</summary>
internal abstract record HostNews
{
    private HostNews()
    {
    }

    /// <summary>Another host asks to connect.</summary>
    public sealed record Received(HostRequest Request) : HostNews;

    /// <summary>There is nothing left to answer: the other host took it back, or their live has ended.</summary>
    public sealed record Cancelled(HostRequest Request) : HostNews;

    /// <summary>What this live asked came to be.</summary>
    public sealed record Accepted(RoomHost By) : HostNews;

    /// <summary>What this live asked came to nothing: it was declined, could not be done any more, or the other live has ended.</summary>
    public sealed record Rejected(RoomHost By) : HostNews;

    /// <summary>Nobody answered in time; for both sides.</summary>
    public sealed record TimedOut(HostRequest Request) : HostNews;

    /// <summary>Who is connected has changed.</summary>
    /// <param name="Hosts">Everybody who is, this live's own host included.</param>
    /// <param name="Joined">Who came, the own live not counted.</param>
    /// <param name="Left">Who went, the own live not counted: nobody when it is the one that went away from the others.</param>
    public sealed record Changed(ImmutableArray<RoomHost> Hosts, ImmutableArray<RoomHost> Joined, ImmutableArray<RoomHost> Left) : HostNews;
}

/// <summary>
/// Makes the events of a room the news of a facade. The server changes the connection first and then ends the request that led to it; users
/// of a facade hear of the answer first, so a change waits for that end. The facade's values do not wait.
/// </summary>
/// <param name="client">The client; everything but calls happens on its queue.</param>
/// <param name="tell">Tells the facade's listeners.</param>
internal sealed class HostNewsFeed(DaisClient client, Action<HostNews, RoomState> tell)
{
    /// <summary>The lives that are being asked: whether each request is new or meets the other's is not known yet.</summary>
    private readonly HashSet<string> _asking = [];
    private RoomNotification.CoHostChanged? _held;

    /// <summary>Asks another live to connect, and gives what became of it at once.</summary>
    public async Task<ConnectionCode> AskAsync(Room room, string liveId, int layoutTemplate, int timeout, string extraInfo)
    {
        client.Post(() => _asking.Add(liveId));
        var code = ConnectionCode.Unknown;
        try
        {
            var answer = await room.RequestHostConnectionAsync([liveId], layoutTemplate, TimeSpan.FromSeconds(timeout), extraInfo)
                .ConfigureAwait(false);
            code = (ConnectionCode)answer.Results.GetValueOrDefault(liveId, (int)ConnectionCode.Unknown);
            return code;
        }
        finally
        {
            if (code != ConnectionCode.Success)
            {
                client.Post(() => _asking.Remove(liveId));
            }
        }
    }

    /// <summary>Takes every event of the room.</summary>
    public void Handle(RoomNotification happened, RoomState state)
    {
        try
        {
            switch (happened)
            {
                case RoomNotification.CoHostRequested { Request: var request } when IsOwn(request, state):
                    _asking.Remove(request.To.RoomId);
                    break;
                case RoomNotification.CoHostRequested { Request: var request }:
                    tell(new HostNews.Received(request), state);
                    break;
                case RoomNotification.CoHostRequestEnded ended when NewsOf(ended, state) is { } news:
                    tell(news, state);
                    break;
                case RoomNotification.CoHostChanged changed:
                    Release(state);
                    _held = changed;
                    break;
                case RoomNotification.Synced:
                    _asking.Clear();
                    break;
                case RoomNotification.Closed:
                    _asking.Clear();
                    _held = null;
                    break;
            }
        }
        finally
        {
            if (!MayComeBetween(happened) || !HasOpenRequest(state))
            {
                Release(state);
            }
        }
    }

    private HostNews? NewsOf(RoomNotification.CoHostRequestEnded ended, RoomState state)
    {
        var request = ended.Request;
        bool isOwn = IsOwn(request, state);

        // Who asked somebody that had asked them made no request of their own; theirs was accepted all the same.
        bool isCrossing = ended.Outcome == RequestOutcome.Accepted && _asking.Remove(request.From.RoomId);
        return ended.Outcome switch
        {
            RequestOutcome.Accepted or RequestOutcome.AlreadySeated when isOwn => new HostNews.Accepted(request.To),
            RequestOutcome.Accepted when isCrossing => new HostNews.Accepted(request.From),
            RequestOutcome.Rejected or RequestOutcome.Failed or RequestOutcome.RoomEnded when isOwn => new HostNews.Rejected(request.To),
            RequestOutcome.Cancelled or RequestOutcome.RoomEnded when !isOwn => new HostNews.Cancelled(request),
            RequestOutcome.TimedOut => new HostNews.TimedOut(request),
            _ => null,
        };
    }

    /// <summary>What may come between the change and the end of its request; after anything else none is waited for.</summary>
    private static bool MayComeBetween(RoomNotification happened) => happened
        is RoomNotification.CoHostChanged
        or RoomNotification.StageChanged
        or RoomNotification.CoHostRequestEnded
        or RoomNotification.AudienceChanged;

    private bool HasOpenRequest(RoomState state) => _held is { } changed && changed.Joined.Any(came =>
        state.Room.SentHostRequests.Any(request => request.To.RoomId == came.RoomId)
        || state.Room.ReceivedHostRequests.Any(request => request.From.RoomId == came.RoomId));

    private void Release(RoomState state)
    {
        if (_held is not { } changed)
        {
            return;
        }

        _held = null;

        // What is heard of a room changes too, without anybody coming or going.
        if (!changed.Joined.IsEmpty || !changed.Left.IsEmpty)
        {
            var own = changed.Left.FirstOrDefault(left => left.RoomId == state.Room.RoomId);
            var others = own is null or { Reason: HostLeaveReason.Alone } ? changed.Left.Where(left => left != own) : [];
            tell(
                new HostNews.Changed(
                    changed.Connection?.Members ?? [], changed.Joined, [.. others.Select(left => new RoomHost(left.RoomId, left.Host))]),
                state);
        }
    }

    private static bool IsOwn(HostRequest request, RoomState state) => request.From.RoomId == state.Room.RoomId;
}

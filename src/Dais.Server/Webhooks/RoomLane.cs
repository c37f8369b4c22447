using Dais.Server.Hosting;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// One endpoint in one room: reads the room's stream from its cursor, and sends notice after notice, one at a time. It rests
/// when there is nothing to read.
/// </summary>
public sealed class RoomLane
{
    /// <summary>How much may wait in the log for an endpoint, in bytes of events of one room. What is more is parked untried.</summary>
    public const long BacklogBytesMax = 24 << 20;

    private static readonly TimeSpan PauseAfterMistake = TimeSpan.FromMinutes(1);

    private readonly RoomFeed _feed;
    private readonly EndpointDesk _desk;
    private readonly TimeProvider _time;
    private readonly WebhookCounters _counters;
    private readonly ServerLog _log;

    /// <summary>A lane that begins after <paramref name="seq"/>, where <paramref name="done"/> notices of the next event are sent.</summary>
    public RoomLane(RoomFeed feed, EndpointDesk desk, long seq, int done, WebhookParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _feed = feed;
        _desk = desk;
        _time = parts.Time;
        _counters = parts.Counters;
        _log = parts.Log;
        Seq = seq;
        Done = done;
    }

    /// <summary>The endpoint.</summary>
    public EndpointDesk Desk => _desk;

    /// <summary>The last event that is done with. Guarded by the feed, as is everything that can be set here.</summary>
    public long Seq { get; internal set; }

    /// <summary>How many notices of the next event are done with.</summary>
    public int Done { get; internal set; }

    /// <summary>What is known at <see cref="Seq"/>; null until it was read.</summary>
    public NoticeFold? Fold { get; internal set; }

    /// <summary>Whether the lane works.</summary>
    public bool IsRunning { get; internal set; }

    /// <summary>The work; completes when the lane rests.</summary>
    public Task Work { get; internal set; } = Task.CompletedTask;

    /// <summary>Works until there is nothing to read.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, _desk.Gone, _feed.Over);
        while (!either.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(either.Token);
                if (_feed.TryRest(this))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                return;
            }
            catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException)
            {
                // The log says itself why it stopped, and the next process goes on.
                return;
            }
            catch (Exception mistake)
            {
                _log.WebhookLaneFailed(_desk.Endpoint.Id, mistake);
                await Task.Delay(PauseAfterMistake, _time, either.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Reads and sends until the head is reached.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var fold = Fold ?? await FoldFromBaseAsync(cancellationToken);
        while (fold is null || Seq < _feed.Head)
        {
            var page = fold is null ? null : await _feed.Reader.PageAsync(Seq, cancellationToken);
            if (page is null)
            {
                fold = await LoseAsync(cancellationToken);
                continue;
            }

            for (int i = 0; i < page.Usable; i++)
            {
                fold = await TellAsync(fold!, page.Events[i], page.Events.AsMemory(i + 1), cancellationToken);
            }
        }

        _feed.Advance(this, Seq, Done, fold);
    }

    private async Task<NoticeFold> TellAsync(
        NoticeFold before, PlacedEvent placed, ReadOnlyMemory<PlacedEvent> following, CancellationToken cancellationToken)
    {
        var after = before.After(placed, following.Span);
        var wanted = _desk.Endpoint.Events;
        var notices = RoomNotices.Of(before, after, placed, wanted.WantsExtended);
        for (int i = Done; i < notices.Count; i++)
        {
            if (wanted.Includes(notices[i].EventType))
            {
                await DeliverAsync(notices[i], placed.Seq, cancellationToken);
                _feed.Advance(this, Seq, i + 1, before);
            }
        }

        _feed.Advance(this, placed.Seq, 0, after);
        return after;
    }

    /// <summary>Returns when the endpoint has taken the notice, or it is parked.</summary>
    private async Task DeliverAsync(Notice notice, long seq, CancellationToken cancellationToken)
    {
        string failure = "too much waits";
        bool wentEarly = false;
        for (int failures = 0; _feed.BytesWaiting(this) <= BacklogBytesMax;)
        {
            var attempt = await _desk.SendAsync(notice, failures, cancellationToken);
            if (attempt.IsDelivered)
            {
                return;
            }

            failure = attempt.Failure!;
            failures++;
            if (RetrySchedule.DelayAfter(failures, _feed.TimeSince(seq), Random.Shared.NextDouble()) is not { } delay)
            {
                break;
            }

            wentEarly = await _desk.PauseAsync(delay, mayGoEarly: !wentEarly, cancellationToken);
        }

        await _desk.ParkAsync(notice, failure);
    }

    /// <summary>What is known at the cursor; null when the log does not have what is needed.</summary>
    private async Task<NoticeFold?> FoldFromBaseAsync(CancellationToken cancellationToken)
    {
        var known = _feed.Base;
        if (known.Seq > Seq)
        {
            return null;
        }

        var fold = known.Fold;
        for (long seq = known.Seq; seq < Seq;)
        {
            if (await _feed.Reader.PageAsync(seq, cancellationToken) is not { } page)
            {
                return null;
            }

            for (int i = 0; i < page.Usable && seq < Seq; i++)
            {
                fold = fold.After(page.Events[i], page.Events.AsSpan(i + 1));
                seq = page.Events[i].Seq;
            }
        }

        return fold;
    }

    /// <summary>The log has forgotten what comes next: goes on with what it has, and says how much is lost.</summary>
    private async Task<NoticeFold> LoseAsync(CancellationToken cancellationToken)
    {
        var found = await _feed.Reader.LoadRoomAsync(cancellationToken);
        long lost = Math.Max(found.Seq - Seq, 0);
        _counters.CountLost(lost);
        _log.WebhookEventsLost(_desk.Endpoint.Id, lost);
        _feed.Advance(this, found.Seq, 0, found.Fold);
        return found.Fold;
    }
}

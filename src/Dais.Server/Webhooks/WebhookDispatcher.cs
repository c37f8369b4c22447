using System.Collections.Concurrent;
using System.Threading.Channels;
using Dais.Server.Hosting;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// Tells endpoints what happens in rooms. There is no queue beside the log: each endpoint has a cursor in each room's stream,
/// and a lane that reads on from there.
/// </summary>
/// <remarks>
/// Cursors are stored late, at most a second after they moved, in a stream <c>hooks:&lt;room&gt;</c>: a crash repeats what
/// came since, and loses nothing. <c>docs/decisions/0013-webhooks-are-cursors.md</c> says why.
/// </remarks>
public sealed class WebhookDispatcher : ILogWatcher, IAsyncDisposable
{
    private const int StreamsPerAppend = 32;

    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(1);

    /// <summary>A room's cursors outlive its stream, so that they are never the first to go.</summary>
    private static readonly TimeSpan KeptAfterRoom = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, RoomFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EndpointDesk> _desks = new(StringComparer.Ordinal);
    private readonly Channel<string> _orphans = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly WebhookOptions _options;
    private readonly WebhookParts _parts;
    private readonly IEventLog _events;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly WebhookSender _sender;
    private Task _flushes = Task.CompletedTask;
    private volatile bool _isActive;

    /// <summary>A dispatcher that begins with <see cref="StartAsync"/>.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="events">The log itself, not the one that is watched.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log lines.</param>
    public WebhookDispatcher(WebhookOptions options, IEventLog events, TimeProvider time, ServerLog log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _events = events;
        _time = time;
        _log = log;
        _sender = new WebhookSender(options.AllowPrivateTargets, time);
        Endpoints = new EndpointStore(events);
        _parts = new WebhookParts(events, Endpoints, Counters, time, log);
    }

    /// <summary>What webhooks have done.</summary>
    public WebhookCounters Counters { get; } = new();

    /// <summary>For how long the oldest event that some endpoint has still to be told of has been there.</summary>
    public TimeSpan Lag => _feeds.Values.Select(feed => feed.Lag).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Where each endpoint's notices go out.</summary>
    public IEnumerable<EndpointDesk> Desks => _desks.Values;

    /// <summary>The endpoints in the log.</summary>
    internal EndpointStore Endpoints { get; }

    /// <summary>The desk of an endpoint, or null.</summary>
    public EndpointDesk? Find(string endpointId) => _desks.GetValueOrDefault(endpointId);

    /// <summary>Reads who is to be told and how far each is. Before any room goes on.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // 1. The endpoints: of earlier processes, and new ones of the settings.
        await Endpoints.LoadAsync(cancellationToken);
        foreach (string gone in Endpoints.Known.Except(_options.Endpoints.Select(endpoint => endpoint.Id)).ToArray())
        {
            await Endpoints.RemoveAsync(gone, _time.GetUtcNow());
            using var parked = new ParkedNotices(_events, gone);
            await parked.LoadAsync(cancellationToken);
            await parked.DeleteAsync();
        }

        var fresh = _options.Endpoints.Where(endpoint => !Endpoints.Known.Contains(endpoint.Id)).ToArray();
        foreach (var endpoint in Endpoints.Created.Concat(_options.Endpoints.Except(fresh)))
        {
            await OpenAsync(endpoint, cancellationToken);
        }

        // 2. The rooms in which somebody may have to be told something.
        _isActive = !_desks.IsEmpty;
        if (_isActive)
        {
            await FollowRoomsAsync(entry => true, cancellationToken);
            await DropOrphansAsync(cancellationToken);
        }

        foreach (var endpoint in fresh)
        {
            await AddAsync(endpoint, cancellationToken);
        }

        _flushes = FlushAlwaysAsync();
    }

    /// <summary>Adds an endpoint: it is told of what happens from now on.</summary>
    public async Task<EndpointDesk> AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            // Rooms are followed before their heads are noted, so that nothing after is forgotten.
            _isActive = true;
            await FollowRoomsAsync(entry => entry.ExpiresAt is null, cancellationToken);
            var heads = new List<KeyValuePair<string, long>>();
            await foreach (var entry in _events.ListAsync(RoomStore.Prefix, cancellationToken))
            {
                heads.Add(KeyValuePair.Create(entry.Stream[RoomStore.Prefix.Length..], entry.Head));
            }

            await Endpoints.AddAsync(endpoint, heads, _time.GetUtcNow());
            var desk = await OpenAsync(endpoint, cancellationToken);
            foreach (var (roomId, feed) in _feeds)
            {
                feed.AddLane(desk, Endpoints.BeganAt(endpoint.Id, roomId));
            }

            return desk;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes an endpoint with everything that waits for it.</summary>
    public async Task RemoveAsync(EndpointDesk desk)
    {
        ArgumentNullException.ThrowIfNull(desk);
        string id = desk.Endpoint.Id;
        await _changing.WaitAsync();
        try
        {
            if (!_desks.TryRemove(id, out _))
            {
                return;
            }

            await Endpoints.RemoveAsync(id, _time.GetUtcNow());
            desk.Leave();
            foreach (var feed in _feeds.Values)
            {
                feed.RemoveLane(id);
            }

            await desk.Parked.DeleteAsync();
            if (_desks.IsEmpty)
            {
                _isActive = false;
                foreach (var (roomId, feed) in _feeds)
                {
                    Remove(roomId, feed);
                }
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Appended(StreamAppend append)
    {
        ArgumentNullException.ThrowIfNull(append);
        if (!_isActive || !append.Stream.StartsWith(RoomStore.Prefix, StringComparison.Ordinal))
        {
            return;
        }

        string roomId = append.Stream[RoomStore.Prefix.Length..];
        while (true)
        {
            bool isFound = _feeds.TryGetValue(roomId, out var feed);
            if (isFound && feed!.TryAppend(append))
            {
                return;
            }

            if (isFound)
            {
                // The stream was deleted and begins anew.
                Remove(roomId, feed!);
            }

            var next = new RoomFeed(roomId, append.ExpectedHead, append.ExpectedHead == 0, _parts, _stopping.Token);
            if (_feeds.TryAdd(roomId, next))
            {
                next.TryAppend(append);
                _ = LoadAsync(next);
                return;
            }

            next.Dispose();
        }
    }

    /// <inheritdoc/>
    public long KeepAfter(string stream, long wanted) =>
        _isActive && FeedOf(stream) is { } feed ? feed.KeepAfter(wanted) : wanted;

    /// <inheritdoc/>
    public bool MayDelete(string stream) =>
        FeedOf(stream)?.MayDelete ?? true;

    /// <inheritdoc/>
    public void Deleted(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.StartsWith(RoomStore.Prefix, StringComparison.Ordinal))
        {
            return;
        }

        string roomId = stream[RoomStore.Prefix.Length..];
        if (_feeds.TryGetValue(roomId, out var feed))
        {
            Remove(roomId, feed);
        }

        Endpoints.Forget(roomId);
        _orphans.Writer.TryWrite(roomId);
    }

    /// <summary>Stores every cursor that has moved.</summary>
    public async Task FlushAsync()
    {
        await _flushing.WaitAsync();
        try
        {
            foreach (var part in _feeds.Values.Where(feed => feed.IsDirty).Chunk(StreamsPerAppend))
            {
                await StoreAsync(part);
            }

            foreach (var feed in _feeds.Values)
            {
                if (feed.TryRetire())
                {
                    _feeds.TryRemove(KeyValuePair.Create(feed.RoomId.Value, feed));
                }
            }

            while (_orphans.Reader.TryRead(out string? roomId))
            {
                await DropCursorsAsync(roomId);
            }
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>Sends nothing more, and stores how far everybody is.</summary>
    public async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _flushes;
        await Task.WhenAll(_feeds.Values.Select(feed => feed.WhenAtRestAsync()));
        try
        {
            await FlushAsync();
        }
        catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException)
        {
            // The log says itself why it stopped. What was sent since is sent again.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var desk in _desks.Values)
        {
            desk.Dispose();
        }

        _sender.Dispose();
        _stopping.Dispose();
        _flushing.Dispose();
        _changing.Dispose();
    }

    private RoomFeed? FeedOf(string stream) =>
        stream.StartsWith(RoomStore.Prefix, StringComparison.Ordinal)
            ? _feeds.GetValueOrDefault(stream[RoomStore.Prefix.Length..])
            : null;

    private void Remove(string roomId, RoomFeed feed)
    {
        feed.End();
        _feeds.TryRemove(KeyValuePair.Create(roomId, feed));
    }

    private async Task<EndpointDesk> OpenAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var parked = new ParkedNotices(_events, endpoint.Id);
        await parked.LoadAsync(cancellationToken);
        var desk = new EndpointDesk(endpoint, parked, _sender, Counters, _time, _log);
        _desks[endpoint.Id] = desk;
        return desk;
    }

    /// <summary>Makes a feed for each room that has none, and waits until it is read.</summary>
    private async Task FollowRoomsAsync(Func<StreamEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        await foreach (var entry in _events.ListAsync(RoomStore.Prefix, cancellationToken))
        {
            string roomId = entry.Stream[RoomStore.Prefix.Length..];
            var feed = new RoomFeed(roomId, entry.Head, false, _parts, _stopping.Token);
            if (isWanted(entry) && _feeds.TryAdd(roomId, feed))
            {
                await feed.LoadAsync(() => _desks.Values, entry.ExpiresAt);
            }
            else
            {
                feed.Dispose();
            }
        }
    }

    private async Task LoadAsync(RoomFeed feed)
    {
        try
        {
            await feed.LoadAsync(() => _desks.Values, null);
        }
        catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException or OperationCanceledException)
        {
            // The log says itself why it stopped, and the next process goes on.
        }
        catch (Exception mistake)
        {
            _log.WebhookLaneFailed("(cursors)", mistake);
        }
    }

    /// <summary>Cursors of rooms that are gone.</summary>
    private async Task DropOrphansAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in _events.ListAsync(RoomFeed.CursorPrefix, cancellationToken))
        {
            string roomId = entry.Stream[RoomFeed.CursorPrefix.Length..];
            if (!_feeds.ContainsKey(roomId))
            {
                await _events.DeleteAsync(entry.Stream, entry.Head, cancellationToken);
            }
        }
    }

    private async Task DropCursorsAsync(string roomId)
    {
        string stream = RoomFeed.CursorPrefix + roomId;
        if (!_feeds.ContainsKey(roomId)
            && (await _events.LoadAsync(stream, CancellationToken.None)).Head is var head and > 0)
        {
            await _events.DeleteAsync(stream, head, CancellationToken.None);
        }
    }

    private async Task StoreAsync(RoomFeed[] feeds)
    {
        var taken = new List<RoomFeed>();
        var appends = new List<StreamAppend>();
        foreach (var feed in feeds)
        {
            if (feed.TakeRecord(KeptAfterRoom) is { } record)
            {
                taken.Add(feed);
                appends.Add(record);
            }
        }

        if (appends.Count == 0)
        {
            return;
        }

        var result = await _events.AppendAsync(appends, CancellationToken.None);
        for (int i = 0; i < taken.Count; i++)
        {
            // Another head than ours: the stream was deleted with an earlier room of that id. The next time it fits.
            taken[i].RecordTaken(
                result.IsAppended,
                result.Status == AppendStatus.Conflict ? result.ActualHeads[i].Head : appends[i].ExpectedHead + (result.IsAppended ? 1 : 0));
            if (result.IsAppended)
            {
                await taken[i].SaveAsync();
            }
        }
    }

    private async Task FlushAlwaysAsync()
    {
        using var timer = new PeriodicTimer(FlushPeriod, _time);
        while (true)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    // Nobody has this server any more, not even to stop it, and the timer was collected.
                    return;
                }

                await FlushAsync();
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or EventLogException or ObjectDisposedException)
            {
                // The server stops, or the log has said why it did.
                return;
            }
            catch (Exception mistake)
            {
                // What is not stored is sent again by the next process; the next second may go better.
                _log.WebhookLaneFailed("(cursors)", mistake);
            }
        }
    }
}

using System.Collections.Concurrent;
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
public sealed class WebhookDispatcher : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, EndpointDesk> _desks = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly WebhookOptions _options;
    private readonly CursorFlush _cursors;
    private readonly IEventLog _events;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly WebhookSender _sender;
    private Task _flushes = Task.CompletedTask;

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
        var parts = new WebhookParts(events, Endpoints, Counters, time, log);
        Feeds = new RoomFeeds(parts, () => _desks.Values, _stopping.Token);
        _cursors = new CursorFlush(Feeds, parts);
    }

    /// <summary>What webhooks have done.</summary>
    public WebhookCounters Counters { get; } = new();

    /// <summary>The rooms, as they are followed in the log.</summary>
    public RoomFeeds Feeds { get; }

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
        if (!_desks.IsEmpty)
        {
            Feeds.Begin();
            await Feeds.FollowAsync(entry => true, cancellationToken);
            await _cursors.DropOrphansAsync(cancellationToken);
        }

        foreach (var endpoint in fresh)
        {
            await AddAsync(endpoint, cancellationToken);
        }

        _flushes = _cursors.RunAsync(_stopping.Token);
    }

    /// <summary>Adds an endpoint: it is told of what happens from now on.</summary>
    public async Task<EndpointDesk> AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            // Rooms are followed before their heads are noted, so that nothing after is forgotten.
            Feeds.Begin();
            await Feeds.FollowAsync(entry => entry.ExpiresAt is null, cancellationToken);
            var heads = new List<KeyValuePair<string, long>>();
            await foreach (var entry in _events.ListAsync(RoomStore.Prefix, cancellationToken))
            {
                heads.Add(KeyValuePair.Create(entry.Stream[RoomStore.Prefix.Length..], entry.Head));
            }

            await Endpoints.AddAsync(endpoint, heads, _time.GetUtcNow());
            var desk = await OpenAsync(endpoint, cancellationToken);
            foreach (var feed in Feeds.All)
            {
                feed.AddLane(desk, Endpoints.BeganAt(endpoint.Id, feed.RoomId.Value));
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
            foreach (var feed in Feeds.All)
            {
                feed.RemoveLane(id);
            }

            await desk.Parked.DeleteAsync();
            if (_desks.IsEmpty)
            {
                Feeds.End();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stores every cursor that has moved.</summary>
    public Task FlushAsync() => _cursors.FlushAsync();

    /// <summary>Sends nothing more, and stores how far everybody is.</summary>
    public async Task StopAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _flushes;
        await Task.WhenAll(Feeds.All.Select(feed => feed.WhenAtRestAsync()));
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
        _cursors.Dispose();
        _changing.Dispose();
    }

    private async Task<EndpointDesk> OpenAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        var parked = new ParkedNotices(_events, endpoint.Id);
        await parked.LoadAsync(cancellationToken);
        var desk = new EndpointDesk(endpoint, parked, _sender, Counters, _time, _log);
        _desks[endpoint.Id] = desk;
        return desk;
    }
}

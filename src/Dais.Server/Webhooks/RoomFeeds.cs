using System.Collections.Concurrent;
using System.Threading.Channels;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// The rooms somebody may have to be told about, each with its feed. Watches the log: events go to their room's feed, and the log keeps
/// what somebody has still to be told of.
/// </summary>
/// <param name="parts">What lanes work with.</param>
/// <param name="desks">Whom to tell.</param>
/// <param name="stopping">Cancelled when the server stops.</param>
public sealed class RoomFeeds(WebhookParts parts, Func<IEnumerable<EndpointDesk>> desks, CancellationToken stopping) : ILogWatcher
{
    private readonly ConcurrentDictionary<string, RoomFeed> _feeds = new(StringComparer.Ordinal);
    private readonly Channel<string> _orphans = Channel.CreateUnbounded<string>();
    private volatile bool _isActive;

    /// <summary>All there are.</summary>
    public ICollection<RoomFeed> All => _feeds.Values;

    /// <summary>Rooms whose stream is gone; their cursors are to go too, if no room of that id came meanwhile.</summary>
    public ChannelReader<string> Orphans => _orphans.Reader;

    /// <summary>For how long the oldest event that some endpoint has still to be told of has been there.</summary>
    public TimeSpan Lag => _feeds.Values.Select(feed => feed.Lag).DefaultIfEmpty(TimeSpan.Zero).Max();

    /// <summary>Whether the room called <paramref name="roomId"/> has a feed.</summary>
    public bool Has(string roomId) => _feeds.ContainsKey(roomId);

    /// <summary>From now on no event of any room is missed; those the log has already are read in <see cref="FollowAsync"/>.</summary>
    public void Begin() => _isActive = true;

    /// <summary>Nobody is to be told anything.</summary>
    public void End()
    {
        _isActive = false;
        foreach (var (roomId, feed) in _feeds)
        {
            Remove(roomId, feed);
        }
    }

    /// <summary>Makes a feed for each room that has none, and waits until it is read.</summary>
    public async Task FollowAsync(Func<StreamEntry, bool> isWanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        await foreach (var entry in parts.Events.ListAsync(RoomStore.Prefix, cancellationToken))
        {
            string roomId = entry.Stream[RoomStore.Prefix.Length..];
            var feed = new RoomFeed(roomId, entry.Head, false, parts, stopping);
            if (isWanted(entry) && _feeds.TryAdd(roomId, feed))
            {
                await feed.LoadAsync(desks, entry.ExpiresAt);
            }
            else
            {
                feed.Dispose();
            }
        }
    }

    /// <summary>Lets go of each room that has ended, when everybody knows and that is stored.</summary>
    public void Retire()
    {
        foreach (var (roomId, feed) in _feeds)
        {
            if (feed.TryRetire())
            {
                _feeds.TryRemove(KeyValuePair.Create(roomId, feed));
            }
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

            var next = new RoomFeed(roomId, append.ExpectedHead, append.ExpectedHead == 0, parts, stopping);
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
    public bool MayDelete(string stream) => FeedOf(stream)?.MayDelete ?? true;

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

        parts.Endpoints.Forget(roomId);
        _orphans.Writer.TryWrite(roomId);
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

    private async Task LoadAsync(RoomFeed feed)
    {
        try
        {
            await feed.LoadAsync(desks, null);
        }
        catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException or OperationCanceledException)
        {
            // The log says itself why it stopped, and the next process goes on.
        }
        catch (Exception mistake)
        {
            parts.Log.WebhookLaneFailed(CursorFlush.Name, mistake);
        }
    }
}

using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// Stores how far every endpoint is in every room, once a second: cursors that have moved, of many rooms in one append. A crash
/// repeats what came since, and loses nothing.
/// </summary>
public sealed class CursorFlush(RoomFeeds feeds, WebhookParts parts) : IDisposable
{
    /// <summary>What log lines call this in the place of an endpoint.</summary>
    public const string Name = "(cursors)";

    private const int StreamsPerAppend = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A room's cursors outlive its stream, so that they are never the first to go.</summary>
    private static readonly TimeSpan KeptAfterRoom = TimeSpan.FromDays(1);

    private readonly IEventLog _events = parts.Events;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Flushes until the server stops, or the log has.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, parts.Time);
        while (true)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stopping))
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
                parts.Log.WebhookLaneFailed(Name, mistake);
            }
        }
    }

    /// <summary>Stores every cursor that has moved, and lets go of what nobody needs any more.</summary>
    public async Task FlushAsync()
    {
        await _turn.WaitAsync();
        try
        {
            foreach (var part in feeds.All.Where(feed => feed.IsDirty).Chunk(StreamsPerAppend))
            {
                await StoreAsync(part);
            }

            feeds.Retire();
            while (feeds.Orphans.TryRead(out string? roomId))
            {
                await DropAsync(roomId);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Drops cursors of rooms that are gone.</summary>
    public async Task DropOrphansAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in _events.ListAsync(KeptCursors.Prefix, cancellationToken))
        {
            if (!feeds.Has(entry.Stream[KeptCursors.Prefix.Length..]))
            {
                await _events.DeleteAsync(entry.Stream, entry.Head, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task DropAsync(string roomId)
    {
        string stream = KeptCursors.Prefix + roomId;
        if (!feeds.Has(roomId) && (await _events.LoadAsync(stream, CancellationToken.None)).Head is var head and > 0)
        {
            await _events.DeleteAsync(stream, head, CancellationToken.None);
        }
    }

    private async Task StoreAsync(RoomFeed[] moved)
    {
        var taken = new List<RoomFeed>();
        var appends = new List<StreamAppend>();
        foreach (var feed in moved)
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
}

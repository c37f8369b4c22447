namespace Dais.Server.Storage;

/// <summary>Who follows streams by a cursor of its own, and needs what it has not read yet.</summary>
public interface ILogWatcher
{
    /// <summary>
    /// Events were appended and are durable. Called before the append is answered, in the order of each stream; it must not
    /// wait.
    /// </summary>
    void Appended(StreamAppend append);

    /// <summary>The position through which <paramref name="stream"/> may be forgotten; at most <paramref name="wanted"/>.</summary>
    long KeepAfter(string stream, long wanted);

    /// <summary>Whether nobody needs <paramref name="stream"/> any more.</summary>
    bool MayDelete(string stream);

    /// <summary>A stream is gone; one of that name begins again at 1.</summary>
    void Deleted(string stream);
}

/// <summary>
/// A log with somebody who follows it: who learns of each append, and for whose sake events are kept that a snapshot or the
/// end of a stream would let go. Everything else is the log's beneath.
/// </summary>
public sealed class WatchedLog(IEventLog log, ILogWatcher watcher) : IEventLog
{
    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(appends);
        var result = await log.AppendAsync(appends, cancellationToken);
        if (result.IsAppended)
        {
            foreach (var append in appends)
            {
                if (append.Events.Count > 0)
                {
                    watcher.Appended(append);
                }
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public ValueTask<StreamState> LoadAsync(string stream, CancellationToken cancellationToken) =>
        log.LoadAsync(stream, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEvent>?> ReadAsync(
        string stream, long after, int countMax, CancellationToken cancellationToken) =>
        log.ReadAsync(stream, after, countMax, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SaveSnapshotAsync(
        string stream, Snapshot snapshot, long keepAfter, CancellationToken cancellationToken) =>
        log.SaveSnapshotAsync(stream, snapshot, watcher.KeepAfter(stream, keepAfter), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken)
    {
        if (!watcher.MayDelete(stream) || !await log.DeleteAsync(stream, expectedHead, cancellationToken))
        {
            return false;
        }

        watcher.Deleted(stream);
        return true;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamEntry> ListAsync(string prefix, CancellationToken cancellationToken) =>
        log.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    // Whoever opened the log closes it: the watcher may still write.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

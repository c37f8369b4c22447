using Dais.Server.Storage;

namespace Dais.Server.Observability;

/// <summary>An event log whose appends are counted and timed. Everything else is the log's beneath.</summary>
public sealed class MeasuredLog(IEventLog log, ServerMetrics metrics, TimeProvider time) : IEventLog
{
    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(appends);
        long start = time.GetTimestamp();
        string outcome = "failed";
        try
        {
            var result = await log.AppendAsync(appends, cancellationToken);
            outcome = result.Status switch
            {
                AppendStatus.Appended => "appended",
                AppendStatus.Conflict => "conflict",
                _ => "full",
            };
            if (result.IsAppended)
            {
                CountEvents(appends);
            }

            return result;
        }
        finally
        {
            metrics.Appended(outcome, time.GetElapsedTime(start));
        }
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
        log.SaveSnapshotAsync(stream, snapshot, keepAfter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken) =>
        log.DeleteAsync(stream, expectedHead, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamEntry> ListAsync(string prefix, CancellationToken cancellationToken) =>
        log.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => log.DisposeAsync();

    private void CountEvents(IReadOnlyList<StreamAppend> appends)
    {
        long events = 0;
        long bytes = 0;
        foreach (var append in appends)
        {
            events += append.Events.Count;
            foreach (var happened in append.Events)
            {
                bytes += happened.Body.Length;
            }
        }

        metrics.AppendedEvents(events, bytes);
    }
}

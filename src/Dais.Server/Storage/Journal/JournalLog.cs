using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Dais.Server.Storage.Journal;

/// <summary>
/// The embedded log: an append-only journal on disk, everything alive also in memory. One thread writes; while the disk takes
/// one frame, what comes in meanwhile gathers for the next, so that one flush serves all who wait.
/// </summary>
public sealed partial class JournalLog : IEventLog
{
    private readonly EventLogLimits _limits;

    // The index is changed by the writer alone, and read by it without the gate; everybody else reads under it.
    private readonly Lock _gate = new();
    private readonly StreamIndex _index;
    private readonly JournalWriter _writer;

    private JournalLog(
        IJournalDirectory directory, JournalOptions options, ILogger logger, Action<Exception>? onFault, RecoveredJournal recovered)
    {
        _limits = options.Limits;
        _index = recovered.Index;
        _writer = new JournalWriter(directory, options, logger, onFault, recovered, _gate);
    }

    /// <summary>Opens the journal in a folder, made if it is not there, and reads it.</summary>
    /// <param name="path">The folder; the journal's alone.</param>
    /// <param name="options">How to write.</param>
    /// <param name="logger">Told of recoveries and failures; never of stream names or content.</param>
    /// <param name="onFault">
    /// Called once, on the writer's thread, when the disk fails. The process should end: what a failed flush has
    /// kept is known only after reading it again.
    /// </param>
    /// <exception cref="EventLogException">The folder is another process's, or something acknowledged may be missing from it.</exception>
    public static JournalLog Open(string path, JournalOptions options, ILogger logger, Action<Exception>? onFault = null) =>
        Open(DiskDirectory.OpenAt(path), options, logger, onFault);

    /// <summary>Opens the journal in a directory, which the log disposes.</summary>
    public static JournalLog Open(
        IJournalDirectory directory, JournalOptions options, ILogger logger, Action<Exception>? onFault = null)
    {
        options.Limits.CheckFitInto(JournalFormat.OperationBytesMax);
        try
        {
            long start = Stopwatch.GetTimestamp();
            var recovered = new JournalRecovery(directory, options.Limits, logger).Recover();
            var elapsed = Stopwatch.GetElapsedTime(start);
            LogOpened(logger, recovered.Index.Count, recovered.CheckpointBytes + recovered.SegmentBytes, elapsed);
            return new JournalLog(directory, options, logger, onFault, recovered);
        }
        catch (Exception e)
        {
            directory.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new EventLogException($"The journal in '{directory.Name}' can not be read or written: {e.Message}", e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken) =>
        await _writer.EnqueueAsync(new LogOperation.Append(_limits.TakeCopy(appends)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StreamState> LoadAsync(string stream, CancellationToken cancellationToken)
    {
        _writer.ThrowIfStopped();
        lock (_gate)
        {
            return new ValueTask<StreamState>(_index.Load(stream));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEvent>?> ReadAsync(
        string stream, long after, int countMax, CancellationToken cancellationToken)
    {
        _writer.ThrowIfStopped();
        lock (_gate)
        {
            return new ValueTask<IReadOnlyList<LogEvent>?>(_index.Read(stream, after, countMax));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveSnapshotAsync(
        string stream, Snapshot snapshot, long keepAfter, CancellationToken cancellationToken)
    {
        EventLogLimits.CheckName(stream);
        var copy = _limits.TakeCopy(snapshot, keepAfter);
        return (await _writer.EnqueueAsync(new LogOperation.SaveSnapshot(stream, copy, keepAfter), cancellationToken)).IsAppended;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken)
    {
        EventLogLimits.CheckName(stream);
        return (await _writer.EnqueueAsync(new LogOperation.Delete(stream, expectedHead), cancellationToken)).IsAppended;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StreamEntry> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _writer.ThrowIfStopped();
        List<StreamEntry> entries;
        lock (_gate)
        {
            entries = _index.List(prefix);
        }

        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }

        await ValueTask.CompletedTask;
    }

    /// <summary>
    /// Writes a checkpoint now: when the task is done, the files hold what is alive and nothing else. For when a deletion must
    /// not wait for the next one; otherwise checkpoints come by themselves.
    /// </summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken) => await _writer.EnqueueAsync(null, cancellationToken);

    /// <summary>Writes what is queued, and the mark of an orderly stop; then lets the folder go.</summary>
    public async ValueTask DisposeAsync() => await _writer.StopAsync();

    [LoggerMessage(Level = LogLevel.Information, Message = "Journal opened: {Streams} streams from {Bytes} bytes in {Elapsed}")]
    private static partial void LogOpened(ILogger logger, int streams, long bytes, TimeSpan elapsed);
}

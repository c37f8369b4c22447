using System.Runtime.CompilerServices;

namespace Dais.Server.Storage;

/// <summary>A log that forgets everything with the process: for development and tests (<c>Dais:Storage:Durability=memory</c>).</summary>
public sealed class MemoryLog : IEventLog
{
    private readonly Lock _gate = new();
    private readonly EventLogLimits _limits;
    private readonly StreamIndex _index;
    private readonly Dictionary<string, long> _accepted = [];

    /// <summary>An empty log.</summary>
    public MemoryLog(EventLogLimits? limits = null)
    {
        _limits = limits ?? new EventLogLimits();
        _index = new StreamIndex(_limits);
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<AppendResult>(Commit(new LogOperation.Append(_limits.TakeCopy(appends))));
    }

    /// <inheritdoc/>
    public ValueTask<StreamState> LoadAsync(string stream, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new ValueTask<StreamState>(_index.Load(stream));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEvent>?> ReadAsync(
        string stream, long after, int countMax, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new ValueTask<IReadOnlyList<LogEvent>?>(_index.Read(stream, after, countMax));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveSnapshotAsync(
        string stream, Snapshot snapshot, long keepAfter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EventLogLimits.CheckName(stream);
        var operation = new LogOperation.SaveSnapshot(stream, _limits.TakeCopy(snapshot, keepAfter), keepAfter);
        return new ValueTask<bool>(Commit(operation).IsAppended);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EventLogLimits.CheckName(stream);
        return new ValueTask<bool>(Commit(new LogOperation.Delete(stream, expectedHead)).IsAppended);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StreamEntry> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
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

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private AppendResult Commit(LogOperation operation)
    {
        lock (_gate)
        {
            var result = _index.Judge(operation, _accepted);
            _accepted.Clear();
            if (result.IsAppended)
            {
                _index.TryApply(operation);
            }

            return result;
        }
    }
}

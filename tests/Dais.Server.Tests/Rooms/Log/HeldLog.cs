using Dais.Server.Storage;

namespace Dais.Server.Tests.Rooms.Log;

/// <summary>A log in memory whose appends wait while a test holds them, or fail when it says so.</summary>
public sealed class HeldLog : IEventLog
{
    private readonly MemoryLog _log = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _waiting;

    /// <summary>An open one.</summary>
    public HeldLog() => _open.SetResult();

    /// <summary>How many appends wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many events each append had.</summary>
    public List<int> Appended { get; } = [];

    /// <summary>Lets appends wait from now on.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Appended.Clear();
        }
    }

    /// <summary>Lets them through.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _open.TrySetResult();
        }
    }

    /// <summary>Lets them fail.</summary>
    public void Fail(Exception failure)
    {
        _failure = failure;
        Release();
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        Task open;
        lock (_gate)
        {
            open = _open.Task;
            Appended.Add(appends.Sum(append => append.Events.Count));
        }

        Interlocked.Increment(ref _waiting);
        await open;
        Interlocked.Decrement(ref _waiting);
        return _failure is null ? await _log.AppendAsync(appends, cancellationToken) : throw _failure;
    }

    /// <inheritdoc/>
    public ValueTask<StreamState> LoadAsync(string stream, CancellationToken cancellationToken) =>
        _log.LoadAsync(stream, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LogEvent>?> ReadAsync(
        string stream, long after, int countMax, CancellationToken cancellationToken) =>
        _log.ReadAsync(stream, after, countMax, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SaveSnapshotAsync(
        string stream, Snapshot snapshot, long keepAfter, CancellationToken cancellationToken) =>
        _log.SaveSnapshotAsync(stream, snapshot, keepAfter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken) =>
        _log.DeleteAsync(stream, expectedHead, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StreamEntry> ListAsync(string prefix, CancellationToken cancellationToken) =>
        _log.ListAsync(prefix, cancellationToken);

    /// <summary>A server is disposed; the log goes on for the next.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Diagnostics;
using System.Threading.Channels;

namespace Dais.Server.Storage.Journal;

/// <summary>The one thread that writes a journal: collect what waits, write it as one frame, flush, apply, answer.</summary>
internal sealed partial class JournalWriter
{
    // A frame is closed at this size even if more waits; with one more operation it is still shorter than a reader believes.
    private const int FrameBytesMax = 4 << 20;

    // Asks for nothing.
    private static readonly Request Wake = new(null);

    private readonly IJournalDirectory _directory;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly Action<Exception>? _onFault;
    private readonly Channel<Request> _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate;
    private readonly StreamIndex _index;
    private readonly FrameBuffer _frame = new();
    private readonly List<Request> _batch = [];
    private readonly Dictionary<string, long> _accepted = [];
    private readonly List<Request> _checkpointRequests = [];
    private readonly List<Request> _checkpointWaiters = [];
    private FrameWriter _segment;
    private Task<long>? _checkpoint;
    private long _bytesSinceCheckpoint;
    private long _checkpointBytes;
    private volatile EventLogException? _fault;

    /// <summary>Starts the thread.</summary>
    /// <param name="directory">Where to write; disposed at the end.</param>
    /// <param name="options">How to write.</param>
    /// <param name="logger">Told of checkpoints and failures.</param>
    /// <param name="onFault">Called once when the disk fails.</param>
    /// <param name="recovered">The journal so far.</param>
    /// <param name="gate">Held while the index is changed.</param>
    public JournalWriter(
        IJournalDirectory directory,
        JournalOptions options,
        ILogger logger,
        Action<Exception>? onFault,
        RecoveredJournal recovered,
        Lock gate)
    {
        _directory = directory;
        _options = options;
        _logger = logger;
        _onFault = onFault;
        _gate = gate;
        _index = recovered.Index;
        _segment = recovered.Active;
        _bytesSinceCheckpoint = recovered.SegmentBytes;
        _checkpointBytes = recovered.CheckpointBytes;
        _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        new Thread(Run) { IsBackground = true, Name = "Journal" }.Start();
    }

    /// <summary>Has an operation carried out, or (without one) a checkpoint written; the task tells the outcome.</summary>
    public async Task<AppendResult> EnqueueAsync(LogOperation? operation, CancellationToken cancellationToken)
    {
        var request = new Request(operation);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            ThrowIfStopped();
            throw new ObjectDisposedException(nameof(JournalLog));
        }

        return await request.Completion.Task;
    }

    /// <summary>Throws if nothing can be asked of the log any more.</summary>
    public void ThrowIfStopped()
    {
        if (_fault is { } fault)
        {
            throw new EventLogException(fault.Message, fault.InnerException ?? fault);
        }

        ObjectDisposedException.ThrowIf(_queue.Reader.Completion.IsCompleted, typeof(JournalLog));
    }

    /// <summary>Takes no more, writes what is queued, and ends the thread.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        return _stopped.Task;
    }

    private void Run()
    {
        try
        {
            while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                CollectBatch();
                CommitBatch();
                RotateIfLong();
                FinishCheckpointIfDone();
                StartCheckpointIfDue();
            }

            Close();
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _segment.Dispose();
            _directory.Dispose();
            _stopped.SetResult();
        }

        if (_fault is { } fault)
        {
            _onFault?.Invoke(fault);
        }
    }

    private void CollectBatch()
    {
        while (_frame.PayloadBytes < FrameBytesMax && _queue.Reader.TryRead(out var request))
        {
            if (request.Operation is null)
            {
                if (request != Wake)
                {
                    _checkpointRequests.Add(request);
                }

                continue;
            }

            _batch.Add(request);
            request.Result = _index.Judge(request.Operation, _accepted);
            if (request.Result.IsAppended)
            {
                _frame.Add(request.Operation);
            }
        }
    }

    private void CommitBatch()
    {
        if (_frame.PayloadBytes > 0)
        {
            WriteFrame();
            if (_options.Durability == Durability.Fsync)
            {
                _segment.Flush();
            }
        }

        // Only now may anybody see it. A refusal waits too: the heads it names may be in this very frame.
        lock (_gate)
        {
            foreach (var request in _batch)
            {
                if (request.Result!.IsAppended && !_index.TryApply(request.Operation!))
                {
                    throw new UnreachableException("An operation was accepted that does not apply.");
                }
            }
        }

        foreach (var request in _batch)
        {
            request.Completion.SetResult(request.Result!);
        }

        _batch.Clear();
        _accepted.Clear();
    }

    private void WriteFrame()
    {
        long before = _segment.Position;
        _segment.Write(_frame);
        _bytesSinceCheckpoint += _segment.Position - before;
    }

    private void RotateIfLong()
    {
        if (_segment.Position >= _options.SegmentBytes)
        {
            Rotate();
        }
    }

    // The next segment is on the disk before this one names it, so a name without its segment is always damage.
    private void Rotate()
    {
        var next = FrameWriter.CreateSegment(_directory, _segment.Number + 1);
        try
        {
            WriteClose(next.Number);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _segment.Dispose();
        _segment = next;
    }

    private void WriteClose(long nextSegment)
    {
        _frame.Add(new LogOperation.Close(nextSegment));
        WriteFrame();
        _segment.Flush();
    }

    private void StartCheckpointIfDue()
    {
        bool isDue = _checkpointRequests.Count > 0
            || _bytesSinceCheckpoint >= Math.Max(_options.CheckpointBytes, _checkpointBytes);
        if (!isDue || _checkpoint is not null)
        {
            return;
        }

        Rotate();
        _bytesSinceCheckpoint = 0;
        _checkpointWaiters.AddRange(_checkpointRequests);
        _checkpointRequests.Clear();
        long number = _segment.Number;
        var streams = _index.Capture();
        _checkpoint = Task.Factory.StartNew(
            () => WriteCheckpoint(number, streams), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // Wakes the writer when the task is complete. If the queue is full it is awake anyway, and looks by itself.
        _checkpoint.ContinueWith(_ => _queue.Writer.TryWrite(Wake), TaskScheduler.Default);
    }

    private long WriteCheckpoint(long number, List<StreamIndex.HeldStream> streams)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = CheckpointFile.Write(_directory, number, streams);
        var elapsed = Stopwatch.GetElapsedTime(start);
        LogCheckpoint(streams.Count, bytes, elapsed);
        return bytes;
    }

    private void FinishCheckpointIfDone()
    {
        if (_checkpoint is { IsCompleted: true })
        {
            FinishCheckpoint();
        }
    }

    private void FinishCheckpoint()
    {
        if (_checkpoint is null)
        {
            return;
        }

        _checkpointBytes = _checkpoint.GetAwaiter().GetResult();
        _checkpoint = null;
        foreach (var waiter in _checkpointWaiters)
        {
            waiter.Completion.SetResult(AppendResult.Appended);
        }

        _checkpointWaiters.Clear();
    }

    private void Close()
    {
        FinishCheckpoint();
        StartCheckpointIfDue();
        FinishCheckpoint();
        WriteClose(0);
    }

    // After a failed write or flush nobody knows what the disk has. Nothing is tried again: whoever waits is told, and the
    // next start reads what there is.
    private void Fail(Exception cause)
    {
        _fault = new EventLogException(
            $"The event log has stopped because the disk failed: {cause.Message} Nothing was acknowledged since. "
            + "The server must be started again when the disk is well.",
            cause);
        LogStopped(cause);
        _queue.Writer.TryComplete();
        List<Request> waiting = [.. _batch, .. _checkpointRequests, .. _checkpointWaiters];
        while (_queue.Reader.TryRead(out var request))
        {
            waiting.Add(request);
        }

        foreach (var request in waiting)
        {
            request.Completion.TrySetException(_fault);
        }

        // The directory is let go only when nothing writes to it any more.
        _checkpoint?.ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Checkpoint written: {Streams} streams, {Bytes} bytes in {Elapsed}")]
    private partial void LogCheckpoint(int streams, long bytes, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The event log has stopped: the disk failed")]
    private partial void LogStopped(Exception cause);

    /// <summary>An operation on its way, or (without one) the wish for a checkpoint.</summary>
    private sealed class Request(LogOperation? operation)
    {
        public LogOperation? Operation { get; } = operation;

        public AppendResult? Result { get; set; }

        public TaskCompletionSource<AppendResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

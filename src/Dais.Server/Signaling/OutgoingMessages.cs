using System.IO.Pipelines;

namespace Dais.Server.Signaling;

/// <summary>
/// The messages on their way out of one connection, in order. As long as the network takes them, whoever sends writes them into its
/// buffer, with no thread and no task between; otherwise up to <paramref name="waitingMax"/> wait, and go together when it takes more.
/// </summary>
/// <remarks>
/// An idle connection holds no queue and no waiting task: with thousands of members in a room that is most of what a member would
/// cost, and handing a message to another thread would cost more than sending it.
/// </remarks>
/// <param name="output">The network.</param>
/// <param name="waitingMax">How many messages may wait.</param>
/// <param name="onFailed">Told when the network takes nothing any more.</param>
public sealed class OutgoingMessages(PipeWriter output, int waitingMax, Action onFailed)
{
    /// <summary>What is written before the network is asked again whether it takes more.</summary>
    private const int BatchBytesMax = 32_768;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<OutgoingFrame>? _waiting;
    private int _unsentBytes;
    private bool _isSending;
    private bool _isCompleted;

    /// <summary>
    /// Completes when nothing more is sent: after <see cref="Complete"/>, when what waited is sent too, or when the network takes
    /// nothing any more.
    /// </summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether it takes no more messages.</summary>
    public bool IsCompleted => Volatile.Read(ref _isCompleted);

    /// <summary>Sends <paramref name="frame"/>, now or after those that wait; false when too many do, or it is over.</summary>
    public bool TrySend(OutgoingFrame frame)
    {
        lock (_lock)
        {
            return TryPut(frame) && (_isSending || TryFlush());
        }
    }

    /// <summary>
    /// As <see cref="TrySend"/>, but <paramref name="frame"/> stays here until <see cref="Flush"/>, so that others can go with it.
    /// </summary>
    /// <param name="frame">The message.</param>
    /// <param name="isFirst">Whether nothing stayed here before, so that somebody has to see to the flush.</param>
    public bool TryGather(OutgoingFrame frame, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = _unsentBytes == 0 && !_isSending;
            return TryPut(frame) && (_isSending || _unsentBytes < BatchBytesMax || TryFlush());
        }
    }

    /// <summary>Sends what stayed here.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_unsentBytes > 0 && !_isSending)
            {
                TryFlush();
            }
        }
    }

    /// <summary>Takes no more messages after <paramref name="last"/>, the first time this is called.</summary>
    /// <param name="last">What ends the conversation.</param>
    /// <param name="drop">Whether those that wait are dropped rather than sent.</param>
    public void Complete(OutgoingFrame last, bool drop)
    {
        lock (_lock)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
            if (_isSending)
            {
                _waiting = drop ? new Queue<OutgoingFrame>() : _waiting ?? new Queue<OutgoingFrame>();
                _waiting.Enqueue(last);
                return;
            }

            try
            {
                _unsentBytes += last.WriteTo(output);
            }
            catch (Exception)
            {
                Fail();
                return;
            }

            if (TryFlush() && !_isSending)
            {
                _ended.TrySetResult();
            }
        }
    }

    private bool TryPut(OutgoingFrame frame)
    {
        if (_isCompleted)
        {
            return false;
        }

        if (_isSending)
        {
            _waiting ??= new Queue<OutgoingFrame>();
            if (_waiting.Count >= waitingMax)
            {
                return false;
            }

            _waiting.Enqueue(frame);
            return true;
        }

        try
        {
            _unsentBytes += frame.WriteTo(output);
            return true;
        }
        catch (Exception)
        {
            Fail();
            return false;
        }
    }

    private bool TryFlush()
    {
        try
        {
            _unsentBytes = 0;
            var flushing = output.FlushAsync();
            if (flushing.IsCompletedSuccessfully)
            {
                return IsTaken(flushing.Result);
            }

            _isSending = true;
            _ = GoOnAsync(flushing);
            return true;
        }
        catch (Exception)
        {
            Fail();
            return false;
        }
    }

    /// <summary>The network takes its time: what waits is sent as it goes.</summary>
    private async Task GoOnAsync(ValueTask<FlushResult> flushing)
    {
        try
        {
            while (IsTaken(await flushing) && TryWriteWaiting())
            {
                flushing = output.FlushAsync();
            }
        }
        catch (Exception)
        {
            Fail();
        }
    }

    /// <summary>Writes what waits, as much as goes together. Only who is sending calls this, and nobody else writes meanwhile.</summary>
    private bool TryWriteWaiting()
    {
        lock (_lock)
        {
            int written = 0;
            while (written < BatchBytesMax && _waiting is not null && _waiting.TryDequeue(out var next))
            {
                written += next.WriteTo(output);
            }

            if (written > 0)
            {
                return true;
            }

            // What a burst made large is not kept for the quiet that follows.
            _waiting = null;
            _isSending = false;
            if (_isCompleted)
            {
                _ended.TrySetResult();
            }

            return false;
        }
    }

    private bool IsTaken(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            Fail();
            return false;
        }

        return true;
    }

    private void Fail()
    {
        lock (_lock)
        {
            _isCompleted = true;
            _isSending = false;
            _waiting = null;
            _unsentBytes = 0;
        }

        if (_ended.TrySetResult())
        {
            // Not from within a lock of whoever sends.
            ThreadPool.UnsafeQueueUserWorkItem(static failed => failed(), onFailed, preferLocal: false);
        }
    }
}

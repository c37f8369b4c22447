namespace Dais.Server.Signaling;

/// <summary>Hands one message to the network; at most one hand-over is under way at a time.</summary>
public delegate ValueTask MessageSender(ReadOnlyMemory<byte> message);

/// <summary>
/// The messages on their way out of one connection, in order. As long as the network takes them at once, they are handed over by
/// whoever sends, with no thread and no task between; otherwise up to <paramref name="waitingMax"/> wait until it takes more.
/// </summary>
/// <remarks>
/// An idle connection holds no queue and no waiting task: with thousands of members in a room that is most of what a member would
/// cost, and handing a message to another thread would cost more than sending it.
/// </remarks>
/// <param name="send">Hands a message to the network.</param>
/// <param name="waitingMax">How many messages may wait.</param>
public sealed class OutgoingMessages(MessageSender send, int waitingMax)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private bool _isSending;
    private bool _isCompleted;

    /// <summary>
    /// Completes when nothing more is sent: after <see cref="Complete"/>, when what waited is sent too; or with the network's
    /// failure.
    /// </summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends <paramref name="message"/>, now or after those that wait; false when too many do, or it is over.</summary>
    public bool TrySend(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_isCompleted)
            {
                return false;
            }

            if (_isSending)
            {
                _waiting ??= new Queue<ReadOnlyMemory<byte>>();
                if (_waiting.Count >= waitingMax)
                {
                    return false;
                }

                _waiting.Enqueue(message);
                return true;
            }

            _isSending = true;
        }

        HandOver(message);
        return true;
    }

    /// <summary>Takes no more messages.</summary>
    /// <param name="drop">Whether those that wait are dropped rather than sent.</param>
    public void Complete(bool drop)
    {
        lock (_lock)
        {
            _isCompleted = true;
            if (drop)
            {
                _waiting = null;
            }

            if (_isSending)
            {
                return;
            }
        }

        _ended.TrySetResult();
    }

    private void HandOver(ReadOnlyMemory<byte> message)
    {
        try
        {
            do
            {
                var handingOver = send(message);
                if (!handingOver.IsCompletedSuccessfully)
                {
                    _ = GoOnAsync(handingOver);
                    return;
                }
            }
            while (TryTakeNext(out message));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>The network takes its time: what waits is sent as it goes.</summary>
    private async Task GoOnAsync(ValueTask handingOver)
    {
        try
        {
            await handingOver;
            while (TryTakeNext(out var message))
            {
                await send(message);
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private bool TryTakeNext(out ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_waiting is not null && _waiting.TryDequeue(out message))
            {
                return true;
            }

            // What a burst made large is not kept for the quiet that follows.
            _waiting = null;
            _isSending = false;
            message = default;
            if (!_isCompleted)
            {
                return false;
            }
        }

        _ended.TrySetResult();
        return false;
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            _isCompleted = true;
            _isSending = false;
            _waiting = null;
        }

        _ended.TrySetException(exception);
    }
}

namespace Dais.Client.Connecting;

/// <summary>
/// Runs actions one at a time, in the order they came, on the thread of whoever brings one while nothing runs. An action posted by a
/// running one waits its turn. All state of a client is changed here, and its observers are called here. It holds no more than its callers
/// have under way, since the reader of the socket waits for each of its actions.
/// </summary>
/// <param name="onError">Told of what an action threw; the next action runs all the same.</param>
internal sealed class SerialQueue(Action<Exception> onError)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = [];
    private bool _isRunning;

    /// <summary>Runs <paramref name="action"/> now, or when its turn comes.</summary>
    public void Post(Action action)
    {
        lock (_lock)
        {
            _waiting.Enqueue(action);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        Drain();
    }

    /// <summary>Runs <paramref name="action"/> when its turn comes; done when it has run.</summary>
    public Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                action();
            }
            finally
            {
                done.SetResult();
            }
        });
        return done.Task;
    }

    private void Drain()
    {
        while (true)
        {
            Action action;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out action!))
                {
                    _isRunning = false;
                    return;
                }
            }

            try
            {
                action();
            }
            catch (Exception exception)
            {
                onError(exception);
            }
        }
    }
}

namespace Dais.Server.Webhooks;

/// <summary>
/// The notices of one endpoint, each of another room, that wait for their next try. They wait their time out, or until the endpoint is
/// seen to be well again: each notice that it takes lets two of them go, those that have waited longest. While they are taken too, ever
/// more follow; should they fail, none do.
/// </summary>
public sealed class WaitingRetries(TimeProvider time)
{
    /// <summary>How many go for each that was taken: few, so that an endpoint that just came back is not run over.</summary>
    public const int FreedPerSuccess = 2;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _mayGo = [];
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Waits for <paramref name="delay"/>, until a notice is to be tried again. True when it goes early.</summary>
    /// <param name="delay">The longest.</param>
    /// <param name="mayGoEarly">
    /// Whether it is tried before that when the endpoint takes others. One that only just failed so is not: it may be the notice, not
    /// the endpoint.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> WaitAsync(TimeSpan delay, bool mayGoEarly, CancellationToken cancellationToken)
    {
        // Counted once the clock knows of it: whoever moves the clock by hand relies on that.
        var freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var wait = freed.Task.WaitAsync(delay, time, cancellationToken);
        var place = new LinkedListNode<TaskCompletionSource>(freed);
        lock (_gate)
        {
            _count++;
            if (mayGoEarly)
            {
                _mayGo.AddLast(place);
            }
        }

        try
        {
            await wait;
        }
        catch (TimeoutException)
        {
            // Its time is over.
        }
        finally
        {
            lock (_gate)
            {
                // One that was freed is neither counted nor listed any more.
                _count -= freed.Task.IsCompleted ? 0 : 1;
                if (place.List is not null)
                {
                    _mayGo.Remove(place);
                }
            }
        }

        return freed.Task.IsCompleted;
    }

    /// <summary>The endpoint took a notice.</summary>
    public void Free()
    {
        lock (_gate)
        {
            for (int i = 0; i < FreedPerSuccess && _mayGo.First is { } longest; i++)
            {
                _mayGo.RemoveFirst();
                _count--;
                longest.Value.SetResult();
            }
        }
    }
}

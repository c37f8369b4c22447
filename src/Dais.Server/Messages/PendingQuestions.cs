namespace Dais.Server.Messages;

/// <summary>
/// The messages of one sender that somebody is being asked about, at most <paramref name="countMax"/>. All are asked about at
/// once; what follows happens in the order in which they came.
/// </summary>
public sealed class PendingQuestions(int countMax = PendingQuestions.CountMax)
{
    /// <summary>How many there can be: the burst a member has by default.</summary>
    public const int CountMax = 20;

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private int _count;

    /// <summary>Asks and lets <paramref name="then"/> follow after everything that came before; false when too much waits.</summary>
    /// <param name="ask">Asks; does not fail.</param>
    /// <param name="then">What follows from the answer.</param>
    /// <param name="onFailure">Learns why that failed.</param>
    public bool TryAsk<TAnswer>(Func<Task<TAnswer>> ask, Func<TAnswer, ValueTask> then, Action<Exception> onFailure)
    {
        lock (_lock)
        {
            if (_count == countMax)
            {
                return false;
            }

            _count++;
            _last = FollowAsync(_last, ask, then, onFailure);
            return true;
        }
    }

    private async Task FollowAsync<TAnswer>(
        Task before, Func<Task<TAnswer>> ask, Func<TAnswer, ValueTask> then, Action<Exception> onFailure)
    {
        try
        {
            var asked = Task.Run(ask);
            await before;
            await then(await asked);
        }
        catch (Exception exception)
        {
            // The next message must not wait for ever.
            onFailure(exception);
        }
        finally
        {
            lock (_lock)
            {
                _count--;
            }
        }
    }
}

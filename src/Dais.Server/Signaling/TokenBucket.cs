namespace Dais.Server.Signaling;

/// <summary>
/// Limits how often something happens: a bucket of <paramref name="burst"/> tokens that refills at
/// <paramref name="perSecond"/>. Used by one
/// thread at a time.
/// </summary>
public sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _refilledAt = time.GetTimestamp();

    /// <summary>Takes a token; false when there is none, with the time until there is one.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_refilledAt, now).TotalSeconds * perSecond));
        _refilledAt = now;
        if (_tokens >= 1)
        {
            _tokens--;
            retryAfter = TimeSpan.Zero;
            return true;
        }

        retryAfter = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        return false;
    }
}

namespace Dais.Server.Webhooks;

/// <summary>When a notice that was not taken is sent again. Pure: how long it has been tried, and chance, are arguments.</summary>
public static class RetrySchedule
{
    /// <summary>How long a notice is tried before it is parked.</summary>
    public static readonly TimeSpan TriedFor = TimeSpan.FromHours(24);

    private static readonly TimeSpan DelayMin = TimeSpan.FromSeconds(1);

    /// <summary>An endpoint that is well again waits no longer for the first try; the others follow it (<see cref="WaitingRetries"/>).</summary>
    private static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait after a failure; null when the notice is to be parked.</summary>
    /// <param name="failures">How many tries have failed in a row, from 1.</param>
    /// <param name="tried">How long the notice has been there for sending, by a clock that never jumps.</param>
    /// <param name="chance">A random number from 0 to 1: up to half the delay is left out, so that rooms spread.</param>
    public static TimeSpan? DelayAfter(int failures, TimeSpan tried, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var remaining = TriedFor - tried;
        if (remaining <= TimeSpan.Zero)
        {
            return null;
        }

        // 2^9 seconds are more than the most.
        var full = DelayMin * (1 << Math.Min(failures - 1, 9));
        var delay = (full < DelayMax ? full : DelayMax) * (1 - (Math.Clamp(chance, 0, 1) / 2));

        // The last try is when its time is up, not before.
        return delay < remaining ? delay : remaining;
    }
}

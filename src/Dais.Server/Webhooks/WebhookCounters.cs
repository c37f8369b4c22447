namespace Dais.Server.Webhooks;

/// <summary>What webhooks have done since the start. May be read from anywhere.</summary>
public sealed class WebhookCounters
{
    private long _delivered;
    private long _failed;
    private long _parked;
    private long _discarded;
    private long _lost;

    /// <summary>Notices that an endpoint took.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Tries that failed.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Notices that were parked.</summary>
    public long Parked => Volatile.Read(ref _parked);

    /// <summary>Parked notices that had to make room for newer ones.</summary>
    public long Discarded => Volatile.Read(ref _discarded);

    /// <summary>Events that were gone from the log before an endpoint was told of them.</summary>
    public long Lost => Volatile.Read(ref _lost);

    internal void Count(in WebhookAttempt attempt) => Interlocked.Increment(ref attempt.IsDelivered ? ref _delivered : ref _failed);

    internal void CountParked(int discarded)
    {
        Interlocked.Increment(ref _parked);
        Interlocked.Add(ref _discarded, discarded);
    }

    internal void CountLost(long events) => Interlocked.Add(ref _lost, events);
}

namespace Dais.Server.Media;

/// <summary>How a prepared transport ended being one.</summary>
public enum PreparationEnd
{
    /// <summary>Its client joined, and is shown the stage by it.</summary>
    Joined,

    /// <summary>Nobody joined in time.</summary>
    Expired,

    /// <summary>Its client, its session or its room is gone, or something newer took its place.</summary>
    Dropped,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>Counts the transports of all rooms that clients have prepared.</summary>
public sealed class PreparedTransports
{
    private readonly long[] _ended = new long[(int)PreparationEnd.Count];
    private int _waiting;

    /// <summary>How many wait for their clients to join.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many ended in one way.</summary>
    public long EndedBy(PreparationEnd end) => Volatile.Read(ref _ended[(int)end]);

    /// <summary>One more waits.</summary>
    internal void Opened() => Interlocked.Increment(ref _waiting);

    /// <summary>One waits no longer.</summary>
    internal void Ended(PreparationEnd end)
    {
        Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _ended[(int)end]);
    }
}

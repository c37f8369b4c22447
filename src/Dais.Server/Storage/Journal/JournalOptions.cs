namespace Dais.Server.Storage.Journal;

/// <summary>How a journal writes.</summary>
public sealed record JournalOptions
{
    /// <summary>What an acknowledged append survives. <see cref="Durability.Memory"/> is not a journal's.</summary>
    public Durability Durability { get; init; } = Durability.Fsync;

    /// <summary>Limits of appends, snapshots and streams.</summary>
    public EventLogLimits Limits { get; init; } = new();

    /// <summary>A segment that has reached this size, in bytes, is followed by a new one. Default 16 MiB.</summary>
    public long SegmentBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Bytes written since the last checkpoint that cause the next one, if the last one is not larger still: so a restart
    /// reads at most about twice what is alive plus this, and at most half of all writing is checkpoints. Default 64 MiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 64 << 20;

    /// <summary>Operations that may wait for the writer; further callers wait for a place. Default 4096.</summary>
    public int QueueLength { get; init; } = 4096;
}

using Dais.Sfu.Layers;

namespace Dais.Sfu.Slots;

/// <summary>
/// How one run of a source's packets, from the first a slot shows to its leaving, is numbered and timed there. It never changes while
/// it lasts, but for what is left out from then on, so a packet sent again, however late, gets what it got first.
/// </summary>
internal readonly record struct SlotMapping
{
    /// <summary>
    /// What is replayed comes within this fraction of the time it took: sent at once, it is to be shown as fast as it can be decoded, and
    /// pictures a millisecond apart are still pictures of their own.
    /// </summary>
    public const int ReplaySpeed = 32;

    /// <summary>The source's packet index the run begins with; none before it has a place.</summary>
    public ulong FirstSourceIndex { get; init; }

    /// <summary>What is added to the source's packet index.</summary>
    public ulong IndexOffset { get; init; }

    /// <summary>What is added to the source's timestamp.</summary>
    public uint TimestampOffset { get; init; }

    /// <summary>The source's packet index behind those that were replayed; 0 when none was.</summary>
    public ulong ReplayEnd { get; init; }

    /// <summary>The source's timestamp towards which replayed ones are drawn together: that of the last.</summary>
    public uint ReplayTimestamp { get; init; }

    /// <summary>Which packets of the source are left out; null where none can be.</summary>
    public DroppedRuns? Dropped { get; init; }

    /// <summary>The outgoing packet index of the source's <paramref name="sourceIndex"/>, one of its present.</summary>
    public ulong Index(ulong sourceIndex) => TryIndex(sourceIndex, out ulong index, out _) ? index : sourceIndex + IndexOffset;

    /// <summary>
    /// The outgoing packet index of the source's <paramref name="sourceIndex"/>, and how many pictures are left out before it; false when that is
    /// forgotten.
    /// </summary>
    public bool TryIndex(ulong sourceIndex, out ulong index, out ushort pictures)
    {
        ulong packets = 0;
        pictures = 0;
        bool isKnown = Dropped?.TryCountBefore(sourceIndex, out packets, out pictures) ?? true;
        index = sourceIndex + IndexOffset - packets;
        return isKnown;
    }

    /// <summary>The source's packet index that became <paramref name="index"/>; false when that is forgotten.</summary>
    public bool TrySourceIndex(ulong index, out ulong sourceIndex)
    {
        sourceIndex = index - IndexOffset;
        return Dropped?.TryFindSource(sourceIndex, out sourceIndex) ?? true;
    }

    /// <summary>The outgoing timestamp of a packet of the source.</summary>
    public uint Timestamp(ulong sourceIndex, uint sourceTimestamp)
    {
        if (sourceIndex >= ReplayEnd)
        {
            return sourceTimestamp + TimestampOffset;
        }

        int behind = (int)(ReplayTimestamp - sourceTimestamp) / ReplaySpeed;
        return ReplayTimestamp + TimestampOffset - (uint)behind;
    }
}

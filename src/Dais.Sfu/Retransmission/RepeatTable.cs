using Dais.Rtc;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// Which packets of a slot were sent again, when and how often: at most <see cref="RepeatsMax"/> times each, and not again before the last
/// repeat can have arrived, or is known to be lost. Made when a viewer first misses something.
/// </summary>
/// <remarks>
/// A packet's place is told by its number, and one that comes to another's place takes it: what is forgotten may be sent again once too
/// often, which <see cref="RetransmissionBudget"/> bounds.
/// </remarks>
internal sealed class RepeatTable
{
    /// <summary>How often one packet is sent again: with a fifth of all lost, six times leave nothing to a keyframe.</summary>
    public const int RepeatsMax = 6;

    private const int Places = 256;

    /// <summary>How much of a round trip has to pass before an answer counts as lost: viewers measure it with jitter of their own.</summary>
    private const double RoundTripShare = 0.7;

    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>Whether the packet of <paramref name="index"/> may be sent again now, one <paramref name="roundTrip"/> being what an answer takes.</summary>
    public bool MayRepeat(ulong index, TimeSpan roundTrip, Timestamp now)
    {
        ref readonly var entry = ref _entries[(int)index & (Places - 1)];
        return entry.Count == 0 || entry.Index != index || (entry.Count < RepeatsMax && now - entry.At >= RoundTripShare * roundTrip);
    }

    /// <summary>The packet of <paramref name="index"/> is sent again; returns how often it was with that.</summary>
    public int Note(ulong index, Timestamp now)
    {
        ref var entry = ref _entries[(int)index & (Places - 1)];
        int count = entry.Index == index ? entry.Count : 0;
        entry = new Entry { Index = index, At = now, Count = (byte)(count + 1), Copies = 1 };
        return count + 1;
    }

    /// <summary>The packet of <paramref name="index"/>, sent again just now, goes out once more.</summary>
    public void NoteCopy(ulong index)
    {
        ref var entry = ref _entries[(int)index & (Places - 1)];
        entry.Copies += (byte)(entry.Index == index ? 1 : 0);
    }

    /// <summary>
    /// The packet of <paramref name="index"/> did not arrive when it was sent for the <paramref name="sentBefore"/>-th time after the first; returns
    /// whether there is nothing of it underway any more, and it may be sent again.
    /// </summary>
    public bool HandleLost(ulong index, int sentBefore)
    {
        ref var entry = ref _entries[(int)index & (Places - 1)];
        if (entry.Index != index || entry.Count == 0)
        {
            return sentBefore == 0;
        }

        if (entry.Count != sentBefore || entry.Copies == 0)
        {
            return false;
        }

        return --entry.Copies == 0 && entry.Count < RepeatsMax;
    }

    private struct Entry
    {
        public ulong Index;
        public Timestamp At;
        public byte Count;
        public byte Copies;
    }
}

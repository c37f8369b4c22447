namespace Dais.Rtc.Congestion;

/// <summary>
/// What was sent on one transport and is not acknowledged yet, by transport-wide numbers
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2). Of eight bytes a packet; it begins small and grows only while packets younger
/// than a second would be forgotten, up to a bound.
/// </summary>
public sealed class SendHistory
{
    /// <summary>How many packets are remembered at most: a second at 40 Mbit/s.</summary>
    public const int CapacityMax = 4096;

    private const int CapacityMin = 512;

    /// <summary>How long at least a packet is remembered while there is room to grow.</summary>
    private const uint KeptMicroseconds = 1_000_000;

    private Entry[] _entries = [];
    private long _passed;

    /// <summary>The number of the next packet, without its wraps beyond 16 bits.</summary>
    public long Next { get; private set; }

    /// <summary>Bytes sent and not yet spoken of, as far as they are remembered.</summary>
    public long BytesInFlight { get; private set; }

    /// <summary>Remembers the packet <see cref="Next"/>.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cluster">The probe cluster it belongs to; 0 for none.</param>
    /// <param name="now">When it was sent.</param>
    public void Add(int bytes, byte cluster, Timestamp now)
    {
        if (_entries.Length == 0)
        {
            _entries = new Entry[CapacityMin];
        }

        uint sentAt = unchecked((uint)now.Microseconds);
        ref var entry = ref _entries[Next & (_entries.Length - 1)];
        if (entry.IsInFlight)
        {
            if (_entries.Length < CapacityMax && unchecked(sentAt - entry.SentAt) < KeptMicroseconds)
            {
                Grow();
                entry = ref _entries[Next & (_entries.Length - 1)];
            }

            BytesInFlight -= entry.IsInFlight ? entry.Bytes : 0;
        }

        entry = new Entry { SentAt = sentAt, Bytes = (ushort)bytes, Cluster = cluster, State = EntryState.InFlight };
        BytesInFlight += bytes;
        Next++;
    }

    /// <summary>The whole number behind the 16 bits of one in a feedback: the newest that was sent and ends so.</summary>
    public long Unwrap(ushort sequenceNumber) => Next - 1 - (ushort)((ushort)(Next - 1) - sequenceNumber);

    /// <summary>
    /// Takes what is remembered of a packet that the receiver speaks of; false when there is nothing, or it was said already to have
    /// arrived. A packet said to be missing may still be said to have arrived.
    /// </summary>
    public bool TryTake(long number, bool isReceived, out SentPacket packet)
    {
        packet = default;
        if (number < 0 || number >= Next || number < Next - _entries.Length)
        {
            return false;
        }

        ref var entry = ref _entries[number & (_entries.Length - 1)];
        if (entry.State == EntryState.None || (entry.State == EntryState.Missing && !isReceived))
        {
            return false;
        }

        packet = new SentPacket(entry.SentAt, entry.Bytes, entry.Cluster, entry.State == EntryState.Missing);
        BytesInFlight -= entry.IsInFlight ? entry.Bytes : 0;
        entry.State = isReceived ? EntryState.None : EntryState.Missing;
        return true;
    }

    /// <summary>
    /// The receiver speaks of packets from <paramref name="number"/> on: those before it that it did not speak of are on their way no more, for
    /// the feedback about them was lost.
    /// </summary>
    public void PassBefore(long number)
    {
        for (_passed = Math.Max(_passed, Next - _entries.Length); _passed < Math.Min(number, Next); _passed++)
        {
            ref var entry = ref _entries[_passed & (_entries.Length - 1)];
            if (entry.IsInFlight)
            {
                BytesInFlight -= entry.Bytes;
                entry.State = EntryState.Passed;
            }
        }
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        for (long number = Math.Max(0, Next - _entries.Length); number < Next; number++)
        {
            larger[number & (larger.Length - 1)] = _entries[number & (_entries.Length - 1)];
        }

        _entries = larger;
    }

    private enum EntryState : byte
    {
        None,
        InFlight,
        Missing,
        Passed,
    }

    private struct Entry
    {
        public uint SentAt;
        public ushort Bytes;
        public byte Cluster;
        public EntryState State;

        public readonly bool IsInFlight => State == EntryState.InFlight;
    }
}

/// <summary>One packet as it was sent.</summary>
/// <param name="SentAt">When, in microseconds modulo 2^32.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Cluster">The probe cluster it belongs to; 0 for none.</param>
/// <param name="WasMissing">Whether the receiver said before that it was missing.</param>
public readonly record struct SentPacket(uint SentAt, int Bytes, byte Cluster, bool WasMissing);

using Dais.Rtc;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// The last packets of one publication, decrypted and as they came, by packet index: what a receiver that misses some, or has come late,
/// is served from. One for all receivers, and bounded by packets, bytes and age.
/// </summary>
/// <remarks>
/// The bytes lie in a ring that is written lap after lap; a packet stays until the next lap writes over it, so nothing has to be evicted. The
/// memory grows while the ring holds less than the age asked for, up to its limit, and never per packet.
/// </remarks>
internal sealed class PacketStore(PacketStoreLimits limits)
{
    private Entry[] _entries = [];
    private byte[] _bytes = [];
    private int _head;

    // An entry's lap 0 means that there is none.
    private uint _lap = 2;
    private Timestamp _lapBegan;
    private Timestamp _lastAdded;

    /// <summary>The highest index stored; meaningless while empty.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Whether nothing was stored since the beginning or <see cref="Clear"/>.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Memory taken for packets, in bytes.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Stores a packet that came at <paramref name="now"/>; one that is already there, or has fallen out long ago, changes nothing.</summary>
    public void Add(ulong index, ReadOnlySpan<byte> packet, Timestamp now)
    {
        if (packet.Length > limits.BytesMin)
        {
            return;
        }

        if (_bytes.Length == 0)
        {
            _bytes = new byte[limits.BytesMin];
            _entries = new Entry[limits.PacketsMin];
            _lapBegan = now;
        }

        if (!TryFindPlace(index, now, out int place))
        {
            return;
        }

        if (_head + packet.Length > _bytes.Length)
        {
            BeginLap(now);
        }

        packet.CopyTo(_bytes.AsSpan(_head));
        _entries[place] = new Entry { Index = index, ArrivedAt = now, Lap = _lap, Offset = _head, Length = packet.Length };
        _head += packet.Length;
        Highest = IsEmpty ? index : Math.Max(Highest, index);
        IsEmpty = false;
        _lastAdded = now;
    }

    /// <summary>Finds the packet of <paramref name="index"/>, whose bytes are valid until the next is stored; false when it is not there.</summary>
    public bool TryGet(ulong index, out ReadOnlySpan<byte> packet, out Timestamp arrivedAt)
    {
        packet = default;
        arrivedAt = default;
        if (_entries.Length == 0)
        {
            return false;
        }

        ref readonly var entry = ref _entries[Place(index)];
        if (entry.Index != index || !IsHeld(entry))
        {
            return false;
        }

        packet = _bytes.AsSpan(entry.Offset, entry.Length);
        arrivedAt = entry.ArrivedAt;
        return true;
    }

    /// <summary>Forgets everything; the memory is kept.</summary>
    public void Clear()
    {
        _lap += 2;
        _head = 0;
        IsEmpty = true;
    }

    /// <summary>Gives the memory back if nothing was stored for so long that nobody will ask for it.</summary>
    public void ReleaseOld(Timestamp now)
    {
        if (_bytes.Length > 0 && now - _lastAdded > limits.Age)
        {
            Release();
        }
    }

    /// <summary>Forgets everything and gives the memory back.</summary>
    public void Release()
    {
        Clear();
        _entries = [];
        _bytes = [];
    }

    private int Place(ulong index) => (int)index & (_entries.Length - 1);

    private bool IsHeld(in Entry entry) => entry.Lap == _lap || (entry.Lap == _lap - 1 && entry.Offset >= _head);

    /// <summary>Finds where the packet goes; false when a newer one, or the packet itself, is there.</summary>
    private bool TryFindPlace(ulong index, Timestamp now, out int place)
    {
        place = Place(index);
        ref readonly var taken = ref _entries[place];
        if (!IsHeld(taken))
        {
            return true;
        }

        if (taken.Index >= index)
        {
            return false;
        }

        if (_entries.Length < limits.PacketsMax && now - taken.ArrivedAt < limits.Age)
        {
            GrowEntries();
            place = Place(index);
        }

        return true;
    }

    private void BeginLap(Timestamp now)
    {
        // What the next lap would write over has come since this one began.
        if (_bytes.Length < limits.BytesMax && now - _lapBegan < limits.Age)
        {
            Array.Resize(ref _bytes, Math.Min(limits.BytesMax, _bytes.Length * 2));
            ForgetPreviousLap();
        }
        else
        {
            _lap++;
            _lapBegan = now;
            _head = 0;
        }
    }

    /// <summary>What was left of the lap before is gone already; in the larger ring it must not seem to lie ahead.</summary>
    private void ForgetPreviousLap()
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            entry.Lap = entry.Lap == _lap ? _lap : 0;
        }
    }

    private void GrowEntries()
    {
        var before = _entries;
        _entries = new Entry[before.Length * 2];
        foreach (ref readonly var entry in before.AsSpan())
        {
            if (IsHeld(entry))
            {
                _entries[Place(entry.Index)] = entry;
            }
        }
    }

    private struct Entry
    {
        public ulong Index;
        public Timestamp ArrivedAt;
        public uint Lap;
        public int Offset;
        public int Length;
    }
}

/// <summary>Bounds of a <see cref="PacketStore"/>.</summary>
/// <param name="PacketsMin">Packets it has room for at first; a power of two.</param>
/// <param name="PacketsMax">Packets it has room for at most; a power of two.</param>
/// <param name="BytesMin">Bytes it has room for at first; at least those of a datagram.</param>
/// <param name="BytesMax">Bytes it has room for at most.</param>
/// <param name="Age">Grows while it holds less than this.</param>
internal sealed record PacketStoreLimits(int PacketsMin, int PacketsMax, int BytesMin, int BytesMax, TimeSpan Age)
{
    /// <summary>For sound: more than a second, in one block.</summary>
    public static PacketStoreLimits Audio { get; } = new(128, 256, 16 * 1024, 64 * 1024, TimeSpan.FromSeconds(1.5));

    /// <summary>For pictures: five seconds at 3 Mbit/s.</summary>
    public static PacketStoreLimits Video { get; } = new(256, 2048, 64 * 1024, 2 * 1024 * 1024, TimeSpan.FromSeconds(5));
}

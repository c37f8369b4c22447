using System.Runtime.InteropServices;
using Dais.Sfu;
using Dais.Sfu.Relays;

namespace Dais.Server.Media.Relays;

/// <summary>
/// The way from one worker's thread to another's: a bounded ring of slots of a fixed size, made once. One thread writes and one reads;
/// neither ever waits for the other.
/// </summary>
/// <remarks>
/// The positions count up for ever. A slot belongs to the writer until the writer's position has passed it, and to the reader until the
/// reader's has; each side publishes its position after it has done with the slot. The positions lie on cache lines of their own, and the
/// writer looks at the reader's only when the ring seems full.
/// </remarks>
public sealed class RelayRing
{
    private readonly RelayMessage[] _messages;
    private readonly int[] _lengths;
    private readonly byte[] _bytes;
    private Side _writer;
    private Side _reader;

    /// <summary>An empty ring.</summary>
    /// <param name="capacity">How many messages it holds; a power of two.</param>
    public RelayRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity, 1 << int.Log2(capacity));
        _messages = new RelayMessage[capacity];
        _lengths = new int[capacity];
        _bytes = GC.AllocateUninitializedArray<byte>(capacity * SfuLimits.DatagramBytesMax);
    }

    /// <summary>How many messages have ever been written.</summary>
    public long Written => Volatile.Read(ref _writer.Position);

    /// <summary>
    /// Writes a message with a copy of its packet; false when the ring is full or the packet is larger than any datagram. For the writing
    /// thread.
    /// </summary>
    public bool TryWrite(in RelayMessage message, ReadOnlySpan<byte> packet)
    {
        long position = _writer.Position;
        if (packet.Length > SfuLimits.DatagramBytesMax || IsFull(position))
        {
            return false;
        }

        int slot = SlotOf(position);
        _messages[slot] = message;
        _lengths[slot] = packet.Length;
        packet.CopyTo(BytesOf(slot));
        Volatile.Write(ref _writer.Position, position + 1);
        return true;
    }

    /// <summary>
    /// The oldest message; false when none was written before <paramref name="end"/>. It stays where it is, to be changed at will, until
    /// <see cref="Release"/>. For the reading thread.
    /// </summary>
    public bool TryPeek(long end, out RelayMessage message, out Span<byte> packet)
    {
        if (_reader.Position >= end)
        {
            message = default;
            packet = default;
            return false;
        }

        int slot = SlotOf(_reader.Position);
        message = _messages[slot];
        packet = BytesOf(slot)[.._lengths[slot]];
        return true;
    }

    /// <summary>Gives the slot of the oldest message back. For the reading thread.</summary>
    public void Release() => Volatile.Write(ref _reader.Position, _reader.Position + 1);

    private bool IsFull(long position)
    {
        if (position - _writer.OtherSeen < _messages.Length)
        {
            return false;
        }

        _writer.OtherSeen = Volatile.Read(ref _reader.Position);
        return position - _writer.OtherSeen >= _messages.Length;
    }

    private int SlotOf(long position) => (int)position & (_messages.Length - 1);

    private Span<byte> BytesOf(int slot) => _bytes.AsSpan(slot * SfuLimits.DatagramBytesMax, SfuLimits.DatagramBytesMax);

    /// <summary>What one side alone writes, with a cache line's distance, and that of the prefetched next, on both ends.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Side
    {
        [FieldOffset(128)]
        public long Position;

        /// <summary>Where the other side was when this one last looked.</summary>
        [FieldOffset(136)]
        public long OtherSeen;
    }
}

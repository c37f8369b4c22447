using System.Buffers.Binary;

namespace Dais.Rtc.Rtp.Payloads;

/// <summary>
/// H.264 in packetization mode 1: small units are put together (STAP-A, RFC 6184 §5.7.1), a middling one goes alone (§5.6), a large one is
/// cut (FU-A, §5.8). A frame is an access unit as a byte stream (<see cref="AnnexB"/>).
/// </summary>
/// <param name="payloadBytesMax">Largest payload, in bytes; at least 16.</param>
public sealed class H264Packetizer(int payloadBytesMax = Packetizer.DefaultPayloadBytesMax) : Packetizer
{
    internal const byte AggregationPacket = 24;
    internal const byte FragmentationUnit = 28;
    internal const byte TypeMask = 0x1F;
    internal const byte StartBit = 0x80;
    internal const byte EndBit = 0x40;
    private const byte ReferenceMask = 0x60;
    private const byte ForbiddenBit = 0x80;
    private const int LengthBytes = 2;

    private readonly List<ReadOnlyMemory<byte>> _units = [];
    private int _next;
    private int _position;

    /// <inheritdoc/>
    public override bool IsDone => _next == _units.Count;

    /// <inheritdoc/>
    public override bool TryBegin(ReadOnlyMemory<byte> frame)
    {
        _units.Clear();
        _next = 0;
        _position = 0;
        while (AnnexB.TryReadUnit(ref frame, out var unit))
        {
            _units.Add(unit);
        }

        return _units.Count > 0;
    }

    /// <inheritdoc/>
    public override bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        if (IsDone)
        {
            return false;
        }

        var room = destination[..Math.Min(destination.Length, payloadBytesMax)];
        if (_units[_next].Length > payloadBytesMax)
        {
            return TryTakeFragment(room, out length);
        }

        int count = CountTogether(room.Length);
        if (count > 1)
        {
            length = WriteTogether(room, count);
            return true;
        }

        var unit = _units[_next].Span;
        if (!unit.TryCopyTo(room))
        {
            return false;
        }

        length = unit.Length;
        _next++;
        return true;
    }

    /// <summary>How many of the next units fit into one aggregation packet.</summary>
    private int CountTogether(int room)
    {
        int count = 0;
        int length = 1;
        while (_next + count < _units.Count && length + LengthBytes + _units[_next + count].Length <= room)
        {
            length += LengthBytes + _units[_next + count].Length;
            count++;
        }

        return count;
    }

    private int WriteTogether(Span<byte> destination, int count)
    {
        int length = 1;
        byte reference = 0;
        byte forbidden = 0;
        foreach (var unit in _units.GetRange(_next, count))
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], (ushort)unit.Length);
            unit.Span.CopyTo(destination[(length + LengthBytes)..]);
            length += LengthBytes + unit.Length;
            reference = Math.Max(reference, (byte)(unit.Span[0] & ReferenceMask));
            forbidden |= (byte)(unit.Span[0] & ForbiddenBit);
        }

        destination[0] = (byte)(forbidden | reference | AggregationPacket);
        _next += count;
        return length;
    }

    private bool TryTakeFragment(Span<byte> destination, out int length)
    {
        length = 0;
        var unit = _units[_next].Span;
        if (destination.Length < 3)
        {
            return false;
        }

        // The unit's own header is not sent: both bytes of the fragment's say what it said.
        bool isFirst = _position == 0;
        _position = isFirst ? 1 : _position;
        int piece = Math.Min(unit.Length - _position, destination.Length - 2);
        bool isLast = _position + piece == unit.Length;
        destination[0] = (byte)((unit[0] & ~TypeMask) | FragmentationUnit);
        destination[1] = (byte)((unit[0] & TypeMask) | (isFirst ? StartBit : 0) | (isLast ? EndBit : 0));
        unit.Slice(_position, piece).CopyTo(destination[2..]);
        length = 2 + piece;
        _position = isLast ? 0 : _position + piece;
        _next += isLast ? 1 : 0;
        return true;
    }
}

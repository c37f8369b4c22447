using System.Buffers.Binary;
using System.Numerics;

namespace Dais.Rtc.Rtcp;

/// <summary>Asks for a keyframe because the receiver lost the picture (RFC 4585 §6.3.1).</summary>
/// <param name="SenderSsrc">Who asks.</param>
/// <param name="MediaSsrc">The source it is about.</param>
public readonly record struct PictureLossIndication(uint SenderSsrc, uint MediaSsrc);

/// <summary>
/// A view over a FIR (RFC 5104 §4.3.1): asks sources for a keyframe, each with a number that grows with every new
/// request.
/// </summary>
public readonly ref struct FullIntraRequest
{
    internal const int FixedLength = 8;
    private const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _body;

    internal FullIntraRequest(ReadOnlySpan<byte> body) => _body = body;

    /// <summary>Who asks.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>Number of sources asked.</summary>
    public int Count => (_body.Length - FixedLength) / EntryLength;

    /// <summary>The entry at <paramref name="index"/>.</summary>
    public FullIntraRequestEntry this[int index]
    {
        get
        {
            var entry = _body.Slice(FixedLength + (index * EntryLength), EntryLength);
            return new FullIntraRequestEntry(BinaryPrimitives.ReadUInt32BigEndian(entry), entry[4]);
        }
    }
}

/// <summary>One source asked for a keyframe.</summary>
/// <param name="MediaSsrc">The source.</param>
/// <param name="SequenceNumber">The request's number; a repetition of a request has the same.</param>
public readonly record struct FullIntraRequestEntry(uint MediaSsrc, byte SequenceNumber);

/// <summary>
/// A view over a generic NACK (RFC 4585 §6.2.1): the packets a receiver misses. Enumerates sequence numbers.
/// </summary>
public readonly ref struct Nack
{
    internal const int FixedLength = 8;

    private readonly ReadOnlySpan<byte> _body;

    internal Nack(ReadOnlySpan<byte> body) => _body = body;

    /// <summary>Who misses packets.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>The source whose packets are missed.</summary>
    public uint MediaSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body[4..]);

    /// <summary>Gets an enumerator over the missed sequence numbers.</summary>
    public Enumerator GetEnumerator() => new(_body[FixedLength..]);

    /// <summary>Walks pairs of a packet id and a bit mask of the 16 packets behind it.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _pairs;
        private ushort _packetId;
        private ushort _following;

        internal Enumerator(ReadOnlySpan<byte> pairs) => _pairs = pairs;

        /// <summary>A missed sequence number.</summary>
        public ushort Current { get; private set; }

        /// <summary>Goes to the next; false when there is none.</summary>
        public bool MoveNext()
        {
            if (_following != 0)
            {
                int bit = BitOperations.TrailingZeroCount(_following);
                _following = (ushort)(_following & (_following - 1));
                Current = (ushort)(_packetId + bit + 1);
                return true;
            }

            if (_pairs.Length < 4)
            {
                return false;
            }

            _packetId = BinaryPrimitives.ReadUInt16BigEndian(_pairs);
            _following = BinaryPrimitives.ReadUInt16BigEndian(_pairs[2..]);
            _pairs = _pairs[4..];
            Current = _packetId;
            return true;
        }
    }
}

/// <summary>
/// A view over a REMB (draft-alvestrand-rmcat-remb-03 §2.2): the bitrate a receiver believes it can take for some
/// sources together.
/// </summary>
public readonly ref struct ReceiverEstimatedMaximumBitrate
{
    internal const int FixedLength = 16;

    private readonly ReadOnlySpan<byte> _body;

    private ReceiverEstimatedMaximumBitrate(ReadOnlySpan<byte> body, long bitrate)
    {
        _body = body;
        BitsPerSecond = bitrate;
    }

    /// <summary>Who estimates.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>
    /// The estimate, in bits per second; <see cref="long.MaxValue"/> when the packet says more than that.
    /// </summary>
    public long BitsPerSecond { get; }

    /// <summary>Number of sources.</summary>
    public int Count => _body[12];

    /// <summary>The SSRC at <paramref name="index"/>.</summary>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_body[(FixedLength + (index * 4))..]);

    internal static bool TryRead(ReadOnlySpan<byte> body, out ReceiverEstimatedMaximumBitrate estimate)
    {
        estimate = default;
        if (body.Length < FixedLength || body.Length < FixedLength + (body[12] * 4))
        {
            return false;
        }

        int exponent = body[13] >> 2;
        long mantissa = ((body[13] & 0x03) << 16) | BinaryPrimitives.ReadUInt16BigEndian(body[14..]);
        bool fits = exponent <= BitOperations.LeadingZeroCount((ulong)mantissa) - 1;
        long bitrate = mantissa == 0 ? 0 : fits ? mantissa << exponent : long.MaxValue;
        estimate = new ReceiverEstimatedMaximumBitrate(body, bitrate);
        return true;
    }
}

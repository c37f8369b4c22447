using System.Buffers.Binary;
using System.Numerics;

namespace Dais.Rtc.Rtcp;

/// <summary>
/// A view over transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): which packets of a transport arrived, and
/// when. Enumerates one status per packet, in the order of their numbers.
/// </summary>
/// <remarks>
/// <code>
/// |                     SSRC of packet sender                         |
/// |                      SSRC of media source                         |
/// |      base sequence number     |      packet status count          |
/// |                 reference time                | fb pkt. count     |
/// |          packet chunk         |         packet chunk ...          |
/// |         recv delta ...        |     (padding)                     |
/// </code>
/// </remarks>
public readonly ref struct TransportFeedback
{
    /// <summary>How many packets one feedback may speak of; more is not read. A second at 100 Mbit/s has fewer.</summary>
    public const int StatusesMax = 8192;

    /// <summary>Microseconds of one unit of an arrival's distance (§3.1.5).</summary>
    public const int TickMicroseconds = 250;

    /// <summary>Ticks of one unit of the reference time, 64 ms (§3.1).</summary>
    public const int ReferenceTicks = 256;

    internal const int FixedLength = 16;
    internal const int ChunkLength = 2;
    internal const int SmallDelta = 1;
    internal const int LargeDelta = 2;
    internal const int OneBitSymbols = 14;
    internal const int TwoBitSymbols = 7;

    private readonly ReadOnlySpan<byte> _body;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportFeedback(ReadOnlySpan<byte> body, ReadOnlySpan<byte> deltas)
    {
        _body = body;
        _deltas = deltas;
    }

    /// <summary>Who tells.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>Some source of the transport; it says nothing.</summary>
    public uint MediaSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body[4..]);

    /// <summary>The number of the first packet spoken of.</summary>
    public ushort BaseSequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_body[8..]);

    /// <summary>How many packets are spoken of.</summary>
    public int StatusCount => BinaryPrimitives.ReadUInt16BigEndian(_body[10..]);

    /// <summary>The receiver's clock where arrivals count from, in units of 64 ms: 24 bits that wrap.</summary>
    public int ReferenceTime => (_body[12] << 16) | BinaryPrimitives.ReadUInt16BigEndian(_body[13..]);

    /// <summary>The number of the feedback, by which lost ones are seen.</summary>
    public byte FeedbackCount => _body[15];

    /// <summary>Gets an enumerator over the statuses.</summary>
    public Enumerator GetEnumerator() => new(_body[FixedLength..], _deltas, BaseSequenceNumber, StatusCount);

    internal static bool TryRead(ReadOnlySpan<byte> body, out TransportFeedback feedback)
    {
        feedback = default;
        if (body.Length < FixedLength)
        {
            return false;
        }

        int left = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (left is 0 or > StatusesMax)
        {
            return false;
        }

        int position = FixedLength;
        int deltaBytes = 0;
        while (left > 0)
        {
            if (body.Length - position < ChunkLength
                || !TryMeasureChunk(BinaryPrimitives.ReadUInt16BigEndian(body[position..]), left, out int symbols, out int bytes))
            {
                return false;
            }

            position += ChunkLength;
            deltaBytes += bytes;
            left -= symbols;
        }

        if (body.Length - position < deltaBytes)
        {
            return false;
        }

        feedback = new TransportFeedback(body, body.Slice(position, deltaBytes));
        return true;
    }

    /// <summary>How many statuses a chunk gives when <paramref name="left"/> are missing, and how many bytes their distances take.</summary>
    private static bool TryMeasureChunk(ushort chunk, int left, out int symbols, out int deltaBytes)
    {
        deltaBytes = 0;
        if ((chunk & 0x8000) == 0)
        {
            // Run length (§3.1.3).
            symbols = Math.Min(chunk & 0x1FFF, left);
            int symbol = (chunk >> 13) & 3;
            deltaBytes = symbols * symbol;
            return symbols > 0 && symbol <= LargeDelta;
        }

        if ((chunk & 0x4000) == 0)
        {
            // Status vector of single bits (§3.1.4).
            symbols = Math.Min(OneBitSymbols, left);
            deltaBytes = BitOperations.PopCount((uint)(chunk & 0x3FFF) >> (OneBitSymbols - symbols));
            return true;
        }

        symbols = Math.Min(TwoBitSymbols, left);
        uint bits = (uint)(chunk & 0x3FFF) >> (2 * (TwoBitSymbols - symbols));
        uint small = bits & 0x1555;
        uint large = (bits >> 1) & 0x1555;
        deltaBytes = BitOperations.PopCount(small) + (2 * BitOperations.PopCount(large));
        // Both bits together are reserved (§3.1.1).
        return (small & large) == 0;
    }

    /// <summary>What is said of one packet.</summary>
    /// <param name="SequenceNumber">The packet's transport-wide number.</param>
    /// <param name="IsReceived">Whether it arrived.</param>
    /// <param name="ArrivalTicks">When it arrived, in ticks of 250 microseconds from the reference time; meaningless when it did not.</param>
    public readonly record struct PacketStatus(ushort SequenceNumber, bool IsReceived, int ArrivalTicks);

    /// <summary>Walks the statuses.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _chunks;
        private ReadOnlySpan<byte> _deltas;
        private ushort _sequenceNumber;
        private int _left;
        private int _symbolsLeft;
        private uint _symbols;
        private int _symbolBits;
        private int _ticks;

        internal Enumerator(ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas, ushort baseSequenceNumber, int count)
        {
            _chunks = chunks;
            _deltas = deltas;
            _sequenceNumber = (ushort)(baseSequenceNumber - 1);
            _left = count;
        }

        /// <summary>The status the enumerator stands on.</summary>
        public PacketStatus Current { get; private set; }

        /// <summary>Goes to the next status; false when there is none.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            if (_symbolsLeft == 0)
            {
                TakeChunk();
            }

            _left--;
            _symbolsLeft--;
            _sequenceNumber++;
            // A run has one symbol, which stays.
            uint symbol = _symbolBits == 0 ? _symbols : (_symbols >> (_symbolsLeft * _symbolBits)) & ((1u << _symbolBits) - 1);
            if (symbol == SmallDelta)
            {
                _ticks += _deltas[0];
                _deltas = _deltas[1..];
            }
            else if (symbol == LargeDelta)
            {
                _ticks += BinaryPrimitives.ReadInt16BigEndian(_deltas);
                _deltas = _deltas[2..];
            }

            Current = new PacketStatus(_sequenceNumber, symbol != 0, _ticks);
            return true;
        }

        private void TakeChunk()
        {
            ushort chunk = BinaryPrimitives.ReadUInt16BigEndian(_chunks);
            _chunks = _chunks[ChunkLength..];
            if ((chunk & 0x8000) == 0)
            {
                _symbolBits = 0;
                _symbols = (uint)(chunk >> 13);
                _symbolsLeft = chunk & 0x1FFF;
                return;
            }

            _symbolBits = (chunk & 0x4000) == 0 ? 1 : 2;
            _symbols = (uint)(chunk & 0x3FFF);
            _symbolsLeft = _symbolBits == 1 ? OneBitSymbols : TwoBitSymbols;
        }
    }
}

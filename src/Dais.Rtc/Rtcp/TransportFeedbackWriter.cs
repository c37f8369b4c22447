using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>Writes transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Allocates nothing.</summary>
public static class TransportFeedbackWriter
{
    /// <summary>How many statuses one packet written here has at most.</summary>
    public const int StatusesMax = 512;

    /// <summary>Stands for the arrival of a packet that has not arrived.</summary>
    public const long NotReceived = long.MinValue;

    /// <summary>From this length on a run is shorter as such than as any vector.</summary>
    private const int RunMin = TransportFeedback.OneBitSymbols;

    /// <summary>
    /// Writes a whole RTCP packet and returns its length; 0, and nothing written, when no packet arrived or none fits. Fewer statuses than
    /// given are written when there are too many, or two arrivals lie too far apart to be said in one packet.
    /// </summary>
    /// <param name="destination">Where the packet goes.</param>
    /// <param name="senderSsrc">Who tells.</param>
    /// <param name="mediaSsrc">Some source of the transport.</param>
    /// <param name="baseSequenceNumber">The number of the first packet.</param>
    /// <param name="feedbackCount">The number of the feedback.</param>
    /// <param name="arrivals">When each packet arrived, in microseconds of our clock, or <see cref="NotReceived"/>.</param>
    /// <param name="statuses">How many of them were written.</param>
    public static int Write(
        Span<byte> destination,
        uint senderSsrc,
        uint mediaSsrc,
        ushort baseSequenceNumber,
        byte feedbackCount,
        ReadOnlySpan<long> arrivals,
        out int statuses)
    {
        const int FrontLength = RtcpPacket.HeaderLength + TransportFeedback.FixedLength;
        Span<byte> symbols = stackalloc byte[Math.Min(arrivals.Length, StatusesMax)];
        // The length is a number of words.
        int room = (destination.Length & ~3) - FrontLength;
        statuses = ChooseSymbols(arrivals, symbols, room, out long referenceTime);
        if (statuses == 0)
        {
            return 0;
        }

        int end = FrontLength;
        end += WriteChunks(destination[end..], symbols[..statuses]);
        end += WriteDeltas(destination[end..], arrivals[..statuses], symbols, referenceTime);
        int length = (end + 3) & ~3;
        int padding = length - end;
        destination[end..length].Clear();
        if (padding > 0)
        {
            destination[length - 1] = (byte)padding;
        }

        destination[0] = (byte)((padding > 0 ? 0xA0 : 0x80) | RtcpPacket.TransportWideFormat);
        destination[1] = RtcpPacket.TransportFeedbackType;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)((length / 4) - 1));
        var body = destination[RtcpPacket.HeaderLength..];
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], baseSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)statuses);
        // 24 bits and the count in one word.
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], ((uint)referenceTime << 8) | feedbackCount);
        return length;
    }

    /// <summary>Decides how each arrival is said, as far as they fit; returns how many do.</summary>
    private static int ChooseSymbols(ReadOnlySpan<long> arrivals, Span<byte> symbols, int room, out long referenceTime)
    {
        referenceTime = 0;
        long previous = 0;
        bool any = false;
        int deltaBytes = 0;
        int count = 0;
        int lastReceived = 0;
        for (; count < symbols.Length; count++)
        {
            int symbol = 0;
            long ticks = previous;
            if (arrivals[count] != NotReceived)
            {
                ticks = arrivals[count] / TransportFeedback.TickMicroseconds;
                if (!any)
                {
                    referenceTime = ticks / TransportFeedback.ReferenceTicks;
                    previous = referenceTime * TransportFeedback.ReferenceTicks;
                }

                symbol = SymbolOf(ticks - previous);
            }

            // A chunk has seven statuses at least.
            int chunks = (count / TransportFeedback.TwoBitSymbols) + 1;
            if (symbol < 0 || (chunks * TransportFeedback.ChunkLength) + deltaBytes + symbol > room)
            {
                break;
            }

            symbols[count] = (byte)symbol;
            deltaBytes += symbol;
            previous = ticks;
            any |= symbol != 0;
            lastReceived = symbol != 0 ? count + 1 : lastReceived;
        }

        // What is missing at the end of a packet that was cut short may still come.
        return lastReceived;
    }

    /// <summary>The symbol of a distance, which is also how many bytes it takes; negative when it cannot be said.</summary>
    private static int SymbolOf(long delta) => delta switch
    {
        >= 0 and <= byte.MaxValue => TransportFeedback.SmallDelta,
        >= short.MinValue and <= short.MaxValue => TransportFeedback.LargeDelta,
        _ => -1,
    };

    private static int WriteChunks(Span<byte> destination, ReadOnlySpan<byte> symbols)
    {
        int length = 0;
        while (!symbols.IsEmpty)
        {
            int different = symbols.IndexOfAnyExcept(symbols[0]);
            int run = different < 0 ? symbols.Length : different;
            int taken;
            int chunk;
            if (run >= RunMin || run == symbols.Length || (run >= TransportFeedback.TwoBitSymbols && symbols[0] == TransportFeedback.LargeDelta))
            {
                taken = run;
                chunk = (symbols[0] << 13) | run;
            }
            else
            {
                var next = symbols[..Math.Min(TransportFeedback.OneBitSymbols, symbols.Length)];
                int bits = next.Contains((byte)TransportFeedback.LargeDelta) ? 2 : 1;
                int capacity = TransportFeedback.OneBitSymbols / bits;
                taken = Math.Min(capacity, symbols.Length);
                chunk = bits == 2 ? 0xC000 : 0x8000;
                for (int i = 0; i < taken; i++)
                {
                    chunk |= symbols[i] << ((capacity - 1 - i) * bits);
                }
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[length..], (ushort)chunk);
            length += TransportFeedback.ChunkLength;
            symbols = symbols[taken..];
        }

        return length;
    }

    private static int WriteDeltas(Span<byte> destination, ReadOnlySpan<long> arrivals, ReadOnlySpan<byte> symbols, long referenceTime)
    {
        int length = 0;
        long previous = referenceTime * TransportFeedback.ReferenceTicks;
        for (int i = 0; i < arrivals.Length; i++)
        {
            if (symbols[i] == 0)
            {
                continue;
            }

            long ticks = arrivals[i] / TransportFeedback.TickMicroseconds;
            if (symbols[i] == TransportFeedback.SmallDelta)
            {
                destination[length] = (byte)(ticks - previous);
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(destination[length..], (short)(ticks - previous));
            }

            length += symbols[i];
            previous = ticks;
        }

        return length;
    }
}

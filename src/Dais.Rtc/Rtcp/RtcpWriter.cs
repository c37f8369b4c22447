using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dais.Rtc.Rtcp;

/// <summary>
/// Writes RTCP packets one behind the other into a buffer of the caller. Every method returns false and writes nothing
/// when its packet does not fit any more. Allocates nothing.
/// </summary>
public ref struct RtcpWriter(Span<byte> destination)
{
    private const int CountMax = 31;
    private const int RembMantissaBits = 18;

    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    /// <summary>Writes an SR (RFC 3550 §6.4.1).</summary>
    public bool TryWriteSenderReport(
        uint senderSsrc,
        NtpTimestamp ntp,
        uint rtpTimestamp,
        uint packetCount,
        uint octetCount,
        scoped ReadOnlySpan<ReportBlock> blocks)
    {
        int bodyLength = SenderReport.FixedLength + (blocks.Length * ReportBlock.Length);
        if (!TryBegin(RtcpPacket.SenderReportType, blocks.Length, bodyLength, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt64BigEndian(body[4..], ntp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], rtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], packetCount);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], octetCount);
        WriteBlocks(body[SenderReport.FixedLength..], blocks);
        return true;
    }

    /// <summary>Writes an RR (RFC 3550 §6.4.2).</summary>
    public bool TryWriteReceiverReport(uint senderSsrc, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        int bodyLength = ReceiverReport.FixedLength + (blocks.Length * ReportBlock.Length);
        if (!TryBegin(RtcpPacket.ReceiverReportType, blocks.Length, bodyLength, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        WriteBlocks(body[ReceiverReport.FixedLength..], blocks);
        return true;
    }

    /// <summary>Writes an SDES with the canonical name of one source (RFC 3550 §6.5.1).</summary>
    /// <param name="ssrc">The source.</param>
    /// <param name="canonicalName">At most 255 bytes in UTF-8.</param>
    public bool TryWriteCanonicalName(uint ssrc, scoped ReadOnlySpan<char> canonicalName)
    {
        int nameLength = Encoding.UTF8.GetByteCount(canonicalName);
        // At least one zero byte ends the items, then zeroes up to the next word.
        int bodyLength = (4 + 2 + nameLength + 4) & ~3;
        if (nameLength > byte.MaxValue || !TryBegin(RtcpPacket.SourceDescriptionType, 1, bodyLength, out var body))
        {
            return false;
        }

        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        body[4] = CanonicalName.ItemType;
        body[5] = (byte)nameLength;
        Encoding.UTF8.GetBytes(canonicalName, body[6..]);
        return true;
    }

    /// <summary>Writes a BYE (RFC 3550 §6.6).</summary>
    public bool TryWriteGoodbye(scoped ReadOnlySpan<uint> ssrcs)
    {
        if (!TryBegin(RtcpPacket.GoodbyeType, ssrcs.Length, ssrcs.Length * 4, out var body))
        {
            return false;
        }

        WriteSsrcs(body, ssrcs);
        return true;
    }

    /// <summary>Writes a generic NACK (RFC 4585 §6.2.1).</summary>
    /// <param name="senderSsrc">Who misses packets.</param>
    /// <param name="mediaSsrc">The source whose packets are missed.</param>
    /// <param name="sequenceNumbers">The packets, ascending over any wrap; one at least.</param>
    public bool TryWriteNack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> sequenceNumbers)
    {
        int pairs = 0;
        for (int i = 0; i < sequenceNumbers.Length; pairs++)
        {
            i += MeasureNackPair(sequenceNumbers[i..], out _);
        }

        if (pairs == 0 || !TryBegin(RtcpPacket.TransportFeedbackType, RtcpPacket.NackFormat, Nack.FixedLength + (pairs * 4), out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        body = body[Nack.FixedLength..];
        while (!sequenceNumbers.IsEmpty)
        {
            int count = MeasureNackPair(sequenceNumbers, out ushort following);
            BinaryPrimitives.WriteUInt16BigEndian(body, sequenceNumbers[0]);
            BinaryPrimitives.WriteUInt16BigEndian(body[2..], following);
            body = body[4..];
            sequenceNumbers = sequenceNumbers[count..];
        }

        return true;
    }

    /// <summary>Writes an XR that says when it was sent (RFC 3611 §4.4).</summary>
    public bool TryWriteReferenceTime(uint senderSsrc, NtpTimestamp sentAt)
    {
        if (!TryBeginExtendedReport(senderSsrc, ExtendedReport.ReferenceTimeType, ExtendedReport.ReferenceTimeLength, out var block))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt64BigEndian(block, sentAt.Value);
        return true;
    }

    /// <summary>Writes an XR that echoes the reference time of <paramref name="ssrc"/> (RFC 3611 §4.5).</summary>
    public bool TryWriteReferenceTimeEcho(uint senderSsrc, uint ssrc, ReferenceTimeEcho echo)
    {
        if (!TryBeginExtendedReport(senderSsrc, ExtendedReport.EchoType, ExtendedReport.EchoLength, out var block))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(block, ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], echo.LastReferenceTime);
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], echo.Delay);
        return true;
    }

    /// <summary>Writes a PLI (RFC 4585 §6.3.1).</summary>
    public bool TryWritePictureLossIndication(uint senderSsrc, uint mediaSsrc)
    {
        if (!TryBegin(RtcpPacket.PayloadFeedbackType, RtcpPacket.PictureLossFormat, 8, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        return true;
    }

    /// <summary>Writes a FIR for one source (RFC 5104 §4.3.1).</summary>
    public bool TryWriteFullIntraRequest(uint senderSsrc, uint mediaSsrc, byte sequenceNumber)
    {
        if (!TryBegin(RtcpPacket.PayloadFeedbackType, RtcpPacket.FullIntraFormat, 16, out var body))
        {
            return false;
        }

        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        // The media source in the common header is not used and zero (RFC 5104 §4.3.1.2).
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], mediaSsrc);
        body[12] = sequenceNumber;
        return true;
    }

    /// <summary>
    /// Writes a REMB (draft-alvestrand-rmcat-remb-03 §2.2). The bitrate is rounded down to 18 significant bits.
    /// </summary>
    public bool TryWriteReceiverEstimatedMaximumBitrate(
        uint senderSsrc, long bitsPerSecond, scoped ReadOnlySpan<uint> ssrcs)
    {
        int bodyLength = ReceiverEstimatedMaximumBitrate.FixedLength + (ssrcs.Length * 4);
        if (bitsPerSecond < 0
            || ssrcs.Length > byte.MaxValue
            || !TryBegin(RtcpPacket.PayloadFeedbackType, RtcpPacket.ApplicationFormat, bodyLength, out var body))
        {
            return false;
        }

        int exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)bitsPerSecond) - RembMantissaBits);
        long mantissa = bitsPerSecond >> exponent;
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], RtcpPacket.RembIdentifier);
        body[12] = (byte)ssrcs.Length;
        body[13] = (byte)((exponent << 2) | (int)(mantissa >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(body[14..], (ushort)mantissa);
        WriteSsrcs(body[ReceiverEstimatedMaximumBitrate.FixedLength..], ssrcs);
        return true;
    }

    /// <summary>
    /// Writes transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), which must be the last packet, for it may be
    /// padded; <see cref="TransportFeedbackWriter.Write"/> says what <paramref name="statuses"/> is.
    /// </summary>
    public bool TryWriteTransportFeedback(
        uint senderSsrc,
        uint mediaSsrc,
        ushort baseSequenceNumber,
        byte feedbackCount,
        scoped ReadOnlySpan<long> arrivals,
        out int statuses)
    {
        int length = TransportFeedbackWriter.Write(
            _destination[Length..], senderSsrc, mediaSsrc, baseSequenceNumber, feedbackCount, arrivals, out statuses);
        Length += length;
        return length > 0;
    }

    private bool TryBeginExtendedReport(uint senderSsrc, byte type, int length, out Span<byte> block)
    {
        block = default;
        const int Before = ExtendedReport.FixedLength + ExtendedReport.BlockHeaderLength;
        if (!TryBegin(RtcpPacket.ExtendedReportType, 0, Before + length, out var body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        body[4] = type;
        body[5] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], (ushort)(length / 4));
        block = body[Before..];
        return true;
    }

    /// <summary>How many numbers, from the first on, one packet id and its mask say.</summary>
    private static int MeasureNackPair(scoped ReadOnlySpan<ushort> sequenceNumbers, out ushort following)
    {
        following = 0;
        int count = 1;
        while (count < sequenceNumbers.Length)
        {
            int ahead = (ushort)(sequenceNumbers[count] - sequenceNumbers[0]);
            if (ahead is 0 or > 16)
            {
                break;
            }

            following |= (ushort)(1 << (ahead - 1));
            count++;
        }

        return count;
    }

    private static void WriteBlocks(Span<byte> destination, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Write(destination[(i * ReportBlock.Length)..]);
        }
    }

    private static void WriteSsrcs(Span<byte> destination, scoped ReadOnlySpan<uint> ssrcs)
    {
        for (int i = 0; i < ssrcs.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(i * 4)..], ssrcs[i]);
        }
    }

    private bool TryBegin(byte type, int count, int bodyLength, out Span<byte> body)
    {
        int length = RtcpPacket.HeaderLength + bodyLength;
        if (count > CountMax || _destination.Length - Length < length)
        {
            body = default;
            return false;
        }

        var packet = _destination.Slice(Length, length);
        packet[0] = (byte)(0x80 | count);
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        Length += length;
        body = packet[RtcpPacket.HeaderLength..];
        return true;
    }
}

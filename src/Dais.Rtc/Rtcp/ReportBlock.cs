using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>What a receiver says about one source (RFC 3550 §6.4.1).</summary>
/// <param name="Ssrc">The source.</param>
/// <param name="FractionLost">Share of packets lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">
/// Packets lost since the beginning; negative when duplicates outnumber losses. 24 bits, signed.
/// </param>
/// <param name="HighestSequenceNumber">Wraps in the high 16 bits, highest sequence number received in the low.</param>
/// <param name="Jitter">Interarrival jitter, in ticks of the RTP clock.</param>
/// <param name="LastSenderReport">
/// Middle 32 bits of the last sender report's NTP timestamp; 0 when there was none.
/// </param>
/// <param name="DelaySinceLastSenderReport">Time since that report, in units of 2^-16 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequenceNumber,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    /// <summary>Size on the wire, in bytes.</summary>
    public const int Length = 24;

    /// <summary>
    /// The round trip seen by the sender who receives this block at <paramref name="now"/> (RFC 3550 §6.4.1); null when
    /// the block echoes no sender report or the difference is negative, which only a receiver that lies or restarted
    /// can cause.
    /// </summary>
    /// <param name="now">The present by the clock of the sender reports.</param>
    public TimeSpan? RoundTripTime(NtpTimestamp now) => NtpTimestamp.RoundTrip(now, LastSenderReport, DelaySinceLastSenderReport);

    internal static ReportBlock Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes),
        bytes[4],
        // Sign-extends the 24 bits.
        BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], CumulativeLost);
        bytes[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], HighestSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], DelaySinceLastSenderReport);
    }
}

/// <summary>A view over the report blocks of one sender or receiver report.</summary>
public readonly ref struct ReportBlockList
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal ReportBlockList(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Number of blocks, at most 31.</summary>
    public int Count => _bytes.Length / ReportBlock.Length;

    /// <summary>The block at <paramref name="index"/>.</summary>
    public ReportBlock this[int index] =>
        ReportBlock.Read(_bytes.Slice(index * ReportBlock.Length, ReportBlock.Length));
}

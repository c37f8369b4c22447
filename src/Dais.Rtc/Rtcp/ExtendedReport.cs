using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>
/// A view over an XR (RFC 3611 §2): of its blocks those by which a receiver that sends no media measures the round trip, the reference time
/// it sends and the echo it gets (RFC 3611 §4.4, §4.5).
/// </summary>
/// <remarks>
/// <code>
/// |      BT       | type-specific |  length in words - 1 of the block |
/// |                          contents                                 |
/// </code>
/// </remarks>
public readonly ref struct ExtendedReport
{
    internal const int FixedLength = 4;
    internal const int BlockHeaderLength = 4;
    internal const int ReferenceTimeLength = 8;
    internal const int EchoLength = 12;
    internal const byte ReferenceTimeType = 4;
    internal const byte EchoType = 5;

    private readonly ReadOnlySpan<byte> _body;

    internal ExtendedReport(ReadOnlySpan<byte> body) => _body = body;

    /// <summary>Who reports.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>Finds when the report was sent, by the clock of who sent it; false when it does not say.</summary>
    public bool TryGetReferenceTime(out NtpTimestamp sentAt)
    {
        var found = Find(ReferenceTimeType);
        bool has = found.Length >= ReferenceTimeLength;
        sentAt = has ? new NtpTimestamp(BinaryPrimitives.ReadUInt64BigEndian(found)) : default;
        return has;
    }

    /// <summary>Finds the echo of the reference time <paramref name="ssrc"/> has sent; false when there is none.</summary>
    public bool TryGetEcho(uint ssrc, out ReferenceTimeEcho echo)
    {
        for (var rest = Find(EchoType); rest.Length >= EchoLength; rest = rest[EchoLength..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(rest) == ssrc)
            {
                echo = new ReferenceTimeEcho(BinaryPrimitives.ReadUInt32BigEndian(rest[4..]), BinaryPrimitives.ReadUInt32BigEndian(rest[8..]));
                return true;
            }
        }

        echo = default;
        return false;
    }

    /// <summary>The contents of the first block of a type; empty when there is none, or one before it lies about its length.</summary>
    private ReadOnlySpan<byte> Find(byte type)
    {
        var rest = _body[FixedLength..];
        while (rest.Length >= BlockHeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * 4;
            if (rest.Length < BlockHeaderLength + length)
            {
                break;
            }

            if (rest[0] == type)
            {
                return rest.Slice(BlockHeaderLength, length);
            }

            rest = rest[(BlockHeaderLength + length)..];
        }

        return default;
    }
}

/// <summary>What the receiver of a reference time answers (RFC 3611 §4.5).</summary>
/// <param name="LastReferenceTime">Middle 32 bits of the reference time; 0 when there was none.</param>
/// <param name="Delay">Time since it came, in units of 2^-16 s.</param>
public readonly record struct ReferenceTimeEcho(uint LastReferenceTime, uint Delay)
{
    /// <summary>The round trip seen by the sender of the reference time who gets this at <paramref name="now"/>; null as in <see cref="ReportBlock"/>.</summary>
    public TimeSpan? RoundTripTime(NtpTimestamp now) => NtpTimestamp.RoundTrip(now, LastReferenceTime, Delay);
}

using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>A view over a sender report (RFC 3550 §6.4.1).</summary>
public readonly ref struct SenderReport
{
    internal const int FixedLength = 24;

    private readonly ReadOnlySpan<byte> _body;

    internal SenderReport(ReadOnlySpan<byte> body) => _body = body;

    /// <summary>The sender this report is of.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>When the report was sent, by the sender's clock.</summary>
    public NtpTimestamp Ntp => new(BinaryPrimitives.ReadUInt64BigEndian(_body[4..]));

    /// <summary>The same instant in the units and with the offset of the RTP timestamps.</summary>
    public uint RtpTimestamp => BinaryPrimitives.ReadUInt32BigEndian(_body[12..]);

    /// <summary>Packets sent since the beginning.</summary>
    public uint PacketCount => BinaryPrimitives.ReadUInt32BigEndian(_body[16..]);

    /// <summary>Payload bytes sent since the beginning.</summary>
    public uint OctetCount => BinaryPrimitives.ReadUInt32BigEndian(_body[20..]);

    /// <summary>What the sender says about sources it receives.</summary>
    public ReportBlockList Blocks => new(_body[FixedLength..]);
}

/// <summary>A view over a receiver report (RFC 3550 §6.4.2).</summary>
public readonly ref struct ReceiverReport
{
    internal const int FixedLength = 4;

    private readonly ReadOnlySpan<byte> _body;

    internal ReceiverReport(ReadOnlySpan<byte> body) => _body = body;

    /// <summary>The receiver this report is of.</summary>
    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    /// <summary>What the receiver says about its sources.</summary>
    public ReportBlockList Blocks => new(_body[FixedLength..]);
}

/// <summary>A view over a BYE (RFC 3550 §6.6): the sources that end.</summary>
public readonly ref struct Goodbye
{
    private readonly ReadOnlySpan<byte> _ssrcs;

    internal Goodbye(ReadOnlySpan<byte> ssrcs) => _ssrcs = ssrcs;

    /// <summary>Number of sources, at most 31.</summary>
    public int Count => _ssrcs.Length / 4;

    /// <summary>The SSRC at <paramref name="index"/>.</summary>
    public uint this[int index] => BinaryPrimitives.ReadUInt32BigEndian(_ssrcs[(index * 4)..]);
}

/// <summary>A view over a source and its canonical name (RFC 3550 §6.5.1).</summary>
public readonly ref struct CanonicalName
{
    internal const byte ItemType = 1;

    private CanonicalName(uint ssrc, ReadOnlySpan<byte> utf8)
    {
        Ssrc = ssrc;
        Utf8 = utf8;
    }

    /// <summary>The source.</summary>
    public uint Ssrc { get; }

    /// <summary>The name, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    internal static bool TryRead(ReadOnlySpan<byte> chunk, out CanonicalName name)
    {
        name = default;
        if (chunk.Length < 4)
        {
            return false;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        var items = chunk[4..];
        // The items end with a zero type.
        while (items.Length >= 2 && items[0] != 0 && items.Length >= 2 + items[1])
        {
            if (items[0] == ItemType)
            {
                name = new CanonicalName(ssrc, items.Slice(2, items[1]));
                return true;
            }

            items = items[(2 + items[1])..];
        }

        return false;
    }
}

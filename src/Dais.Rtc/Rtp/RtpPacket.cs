using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>A view over one RTP packet (RFC 3550 §5.1). Owns nothing; lives on the stack.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |        sequence number        |
/// |                           timestamp                           |
/// |                              SSRC                             |
/// |               CSRC, CC of them, then if X:                    |
/// |        extension profile      |   length in 32-bit words      |
/// </code>
/// </remarks>
public readonly ref struct RtpPacket
{
    /// <summary>Size of the fixed header, in bytes.</summary>
    public const int FixedHeaderLength = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private RtpPacket(ReadOnlySpan<byte> bytes, int headerLength, int paddingLength)
    {
        _bytes = bytes;
        HeaderLength = headerLength;
        PaddingLength = paddingLength;
    }

    /// <summary>The marker bit: for video the last packet of a frame.</summary>
    public bool Marker => (_bytes[1] & 0x80) != 0;

    /// <summary>The payload type, 0 to 127.</summary>
    public byte PayloadType => (byte)(_bytes[1] & 0x7F);

    /// <summary>The sequence number.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>The RTP timestamp, in ticks of the codec's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>The synchronisation source.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>Length of the header with contributing sources and extensions, in bytes.</summary>
    public int HeaderLength { get; }

    /// <summary>Length of the padding with its count byte, in bytes; 0 when there is none.</summary>
    public int PaddingLength { get; }

    /// <summary>The payload without padding; empty in a packet that is all padding.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..^PaddingLength];

    /// <summary>The header extensions; empty when there are none.</summary>
    public RtpExtensions Extensions
    {
        get
        {
            if ((_bytes[0] & 0x10) == 0)
            {
                return default;
            }

            int start = FixedHeaderLength + ((_bytes[0] & 0x0F) * 4);
            ushort profile = BinaryPrimitives.ReadUInt16BigEndian(_bytes[start..]);
            return new RtpExtensions(profile, _bytes[(start + 4)..HeaderLength]);
        }
    }

    /// <summary>Parses <paramref name="bytes"/>; false when they are no RTP packet.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet)
    {
        packet = default;
        if (!TryMeasureHeader(bytes, out int headerLength))
        {
            return false;
        }

        int paddingLength = 0;
        if ((bytes[0] & 0x20) != 0)
        {
            paddingLength = bytes[^1];
            if (paddingLength == 0 || paddingLength > bytes.Length - headerLength)
            {
                return false;
            }
        }

        packet = new RtpPacket(bytes, headerLength, paddingLength);
        return true;
    }

    /// <summary>
    /// Finds the length of the header with contributing sources and extensions; false when there is no whole header.
    /// Looks at nothing behind the header, so it serves for packets whose payload is still encrypted.
    /// </summary>
    public static bool TryMeasureHeader(ReadOnlySpan<byte> bytes, out int headerLength)
    {
        headerLength = 0;
        if (bytes.Length < FixedHeaderLength || bytes[0] >> 6 != 2)
        {
            return false;
        }

        int length = FixedHeaderLength + ((bytes[0] & 0x0F) * 4);
        if ((bytes[0] & 0x10) != 0)
        {
            if (bytes.Length < length + 4)
            {
                return false;
            }

            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(bytes[(length + 2)..]) * 4);
        }

        if (bytes.Length < length)
        {
            return false;
        }

        headerLength = length;
        return true;
    }

    /// <summary>
    /// Finds the header extension with <paramref name="id"/> (RFC 8285); false when the packet has none.
    /// </summary>
    /// <param name="id">The negotiated id; 0 (not negotiated) is never found.</param>
    /// <param name="value">The extension's bytes.</param>
    public bool TryGetExtension(byte id, out ReadOnlySpan<byte> value) => Extensions.TryGet(id, out value);
}

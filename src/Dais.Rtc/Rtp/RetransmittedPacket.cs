using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>Makes the packet again that one of a retransmission stream carries (RFC 4588 §4).</summary>
/// <remarks>
/// Behind the header, which is the original's but for payload type, sequence number and SSRC, stands the original sequence number, then the
/// original payload.
/// </remarks>
public static class RetransmittedPacket
{
    /// <summary>Bytes of the original sequence number.</summary>
    public const int OriginalNumberLength = 2;

    /// <summary>
    /// Turns <paramref name="bytes"/> into the original in place; false when they carry none, as packets do that are sent to probe the path.
    /// </summary>
    /// <param name="bytes">A whole packet of the retransmission stream.</param>
    /// <param name="payloadType">The original's payload type.</param>
    /// <param name="ssrc">The original's SSRC.</param>
    /// <param name="original">The original, in the same memory.</param>
    /// <param name="sequenceNumber">The original's sequence number.</param>
    public static bool TryRestore(Span<byte> bytes, byte payloadType, uint ssrc, out Span<byte> original, out ushort sequenceNumber)
    {
        original = default;
        sequenceNumber = 0;
        if (!RtpPacket.TryParse(bytes, out var packet) || packet.Payload.Length <= OriginalNumberLength)
        {
            return false;
        }

        int headerLength = packet.HeaderLength;
        sequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(bytes[headerLength..]);
        bytes[..headerLength].CopyTo(bytes[OriginalNumberLength..]);
        original = bytes[OriginalNumberLength..];
        original[1] = (byte)((original[1] & 0x80) | payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(original[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(original[8..], ssrc);
        return true;
    }
}

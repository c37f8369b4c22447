using Dais.Rtc.Srtp;

namespace Dais.Sfu.Congestion;

/// <summary>A packet that is all padding (RFC 3550 §5.1).</summary>
internal static class PaddingPacket
{
    /// <summary>The most padding a packet can have, for its count is a byte.</summary>
    public const int PaddingBytes = byte.MaxValue;

    private static readonly byte[] Padding = [.. new byte[PaddingBytes - 1], PaddingBytes];

    /// <summary>Sets the padding bit of a header, encrypts the padding behind it, and returns the length of the packet.</summary>
    public static int Protect(Span<byte> buffer, int headerLength, SrtpSender srtp, ulong packetIndex)
    {
        buffer[0] |= 0x20;
        return srtp.ProtectRtp(buffer, headerLength, Padding, packetIndex);
    }
}

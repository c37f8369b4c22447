using System.Buffers.Binary;

namespace Dais.Rtc.Srtp;

/// <summary>
/// Protects the packets of one direction (RFC 3711 §3.3, §3.4). Nothing is allocated per packet. Not for use by two threads at once.
/// </summary>
public sealed class SrtpSender : IDisposable
{
    /// <summary>How many SRTCP packets one key may protect (RFC 3711 §9.2).</summary>
    private const uint RtcpPacketsMax = 0x8000_0000;

    private readonly SrtpCipher _cipher;
    private uint _rtcpIndex;

    /// <summary>A sender with the keys of <paramref name="master"/>.</summary>
    public SrtpSender(SrtpProfile profile, SrtpMasterKey master)
        : this(profile, SrtpSessionKeys.Derive(profile, master))
    {
    }

    internal SrtpSender(SrtpProfile profile, SrtpSessionKeys keys, uint rtcpIndex = 0)
    {
        _cipher = SrtpCipher.CreateSending(profile, keys);
        _rtcpIndex = rtcpIndex;
    }

    /// <summary>Bytes a protected RTP packet is longer than the packet.</summary>
    public int Overhead => _cipher.RtpOverhead;

    /// <summary>Bytes a protected RTCP packet is longer than the packet.</summary>
    public int RtcpOverhead => _cipher.RtcpOverhead;

    /// <summary>Encrypts one RTP packet and returns its length on the wire.</summary>
    /// <param name="buffer">
    /// Begins with the packet's header; the encrypted payload and the tag go behind it. At least header, payload and
    /// <see cref="Overhead"/> long.
    /// </param>
    /// <param name="headerLength">Bytes of the header with its CSRCs and extension, at least 12.</param>
    /// <param name="payload">The payload in the clear; may be the very place in <paramref name="buffer"/> it goes to.</param>
    /// <param name="packetIndex">
    /// How often the sequence number rolled over, times 2^16, plus the sequence number (RFC 3711 §3.3.1). With one SSRC it must never
    /// be given twice for different packets: that would give away the key stream.
    /// </param>
    public int ProtectRtp(Span<byte> buffer, int headerLength, ReadOnlySpan<byte> payload, ulong packetIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headerLength, SrtpHeader.RtpBytesMin);
        var packet = buffer[..(headerLength + payload.Length + _cipher.RtpOverhead)];
        var destination = packet.Slice(headerLength, payload.Length);
        if (payload.Overlaps(destination, out int offset) && offset != 0)
        {
            // The cipher works in place or from elsewhere, but not from bytes it is about to overwrite.
            payload.CopyTo(destination);
            payload = destination;
        }

        _cipher.ProtectRtp(packet, headerLength, payload, packetIndex);
        return packet.Length;
    }

    /// <summary>
    /// Encrypts one compound RTCP packet into <paramref name="destination"/> and returns its length there; 0 when the key has protected
    /// as many as it may, 2^31.
    /// </summary>
    /// <param name="packet">At least 8 bytes.</param>
    /// <param name="destination">Other memory than <paramref name="packet"/>, longer by <see cref="RtcpOverhead"/>.</param>
    public int ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, SrtpCipher.RtcpHeaderBytes);
        if (_rtcpIndex >= RtcpPacketsMax)
        {
            return 0;
        }

        var protectedPacket = destination[..(packet.Length + _cipher.RtcpOverhead)];
        _cipher.ProtectRtcp(packet, protectedPacket, _rtcpIndex++);
        return protectedPacket.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();
}

/// <summary>What SRTP needs to know of a header.</summary>
internal static class SrtpHeader
{
    public const int RtpBytesMin = 12;

    /// <summary>Bytes of the RTP header with CSRCs and extension (RFC 3550 §5.1); -1 when the packet is too short for it.</summary>
    public static int GetRtpHeaderLength(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpBytesMin || packet[0] >> 6 != 2)
        {
            return -1;
        }

        int length = RtpBytesMin + (4 * (packet[0] & 0x0F));
        if ((packet[0] & 0x10) != 0)
        {
            if (length + 4 > packet.Length)
            {
                return -1;
            }

            length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]));
        }

        return length <= packet.Length ? length : -1;
    }
}

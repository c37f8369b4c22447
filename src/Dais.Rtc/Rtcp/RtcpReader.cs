using System.Buffers.Binary;

namespace Dais.Rtc.Rtcp;

/// <summary>
/// Walks the packets of one RTCP datagram: a compound packet (RFC 3550 §6.1) or, because feedback may come alone, a
/// reduced-size one (RFC 5506 §3.1). The outline is checked as a whole before the first packet is given, so a datagram
/// is taken whole or not at all.
/// </summary>
public ref struct RtcpReader
{
    private ReadOnlySpan<byte> _rest;

    private RtcpReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>The packet the reader stands on.</summary>
    public RtcpPacket Current { get; private set; }

    /// <summary>
    /// Makes a reader over <paramref name="bytes"/>; false when the packets do not fill the datagram exactly, one has
    /// another version, or padding stands elsewhere than at the end (RFC 3550 §6.1, appendix A.2).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtcpReader reader)
    {
        reader = default;
        var rest = bytes;
        while (true)
        {
            if (!TryMeasure(rest, out int length))
            {
                return false;
            }

            bool padded = (rest[0] & 0x20) != 0;
            bool last = length == rest.Length;
            if (padded && (!last || !IsPaddingValid(rest)))
            {
                return false;
            }

            if (last)
            {
                reader = new RtcpReader(bytes);
                return true;
            }

            rest = rest[length..];
        }
    }

    /// <summary>Goes to the next packet; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        // TryParse has checked every length.
        int length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        int padding = (_rest[0] & 0x20) != 0 ? _rest[length - 1] : 0;
        Current = new RtcpPacket(_rest[..(length - padding)]);
        _rest = _rest[length..];
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < RtcpPacket.HeaderLength || bytes[0] >> 6 != 2)
        {
            return false;
        }

        length = (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) + 1) * 4;
        return length <= bytes.Length;
    }

    private static bool IsPaddingValid(ReadOnlySpan<byte> packet)
    {
        int padding = packet[^1];
        // Deviates from RFC 3550 §6.4.1, which wants a multiple of four: libwebrtc pads transport-wide feedback by single bytes.
        return padding != 0 && padding <= packet.Length - RtcpPacket.HeaderLength;
    }
}

using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>
/// Writes an RTP header (RFC 3550 §5.1) with extensions in one-byte form (RFC 8285 §4.2) into a buffer of the caller.
/// Allocates nothing.
/// </summary>
public ref struct RtpHeaderWriter
{
    private const int ExtensionHeaderLength = 4;
    private const int IdMax = 14;
    private const int ValueBytesMax = 16;

    private readonly Span<byte> _destination;

    /// <summary>
    /// Writes the fixed header at the start of <paramref name="destination"/>, which has room for it.
    /// </summary>
    public RtpHeaderWriter(
        Span<byte> destination, bool marker, byte payloadType, ushort sequenceNumber, uint timestamp, uint ssrc)
    {
        _destination = destination;
        destination[0] = 0x80;
        destination[1] = (byte)((marker ? 0x80 : 0) | (payloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
        Length = RtpPacket.FixedHeaderLength;
    }

    /// <summary>Bytes written so far; the header's length only after <see cref="Complete"/>.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Adds the extension <paramref name="id"/>; false, and nothing written, when the one-byte form cannot say it (ids
    /// 1 to 14, values of 1 to 16 bytes) or the buffer is full.
    /// </summary>
    public bool TryAddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        bool first = Length == RtpPacket.FixedHeaderLength;
        int start = first ? Length + ExtensionHeaderLength : Length;
        int end = start + 1 + value.Length;
        // The padding that completes the last word must fit as well.
        if (id is 0 or > IdMax || value.Length is 0 or > ValueBytesMax || RoundUp(end) > _destination.Length)
        {
            return false;
        }

        if (first)
        {
            _destination[0] |= 0x10;
            BinaryPrimitives.WriteUInt16BigEndian(_destination[Length..], RtpExtensions.OneByteProfile);
        }

        _destination[start] = (byte)((id << 4) | (value.Length - 1));
        value.CopyTo(_destination[(start + 1)..]);
        Length = end;
        return true;
    }

    /// <summary>Pads the extensions to whole words, writes their length and returns the header's length.</summary>
    public int Complete()
    {
        if (Length > RtpPacket.FixedHeaderLength)
        {
            int end = RoundUp(Length);
            _destination[Length..end].Clear();
            Length = end;
            int words = (end - RtpPacket.FixedHeaderLength - ExtensionHeaderLength) / 4;
            BinaryPrimitives.WriteUInt16BigEndian(_destination[(RtpPacket.FixedHeaderLength + 2)..], (ushort)words);
        }

        return Length;
    }

    private static int RoundUp(int length) => (length + 3) & ~3;
}

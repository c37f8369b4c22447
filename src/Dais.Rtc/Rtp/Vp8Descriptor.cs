using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>
/// The counters in the payload descriptor of a VP8 packet (RFC 7741 §4.2), and where they stand: read once, written anew for each
/// receiver. The default value is a descriptor without any.
/// </summary>
/// <remarks>
/// <code>
///      |X|R|N|S|R| PID |
///  X:  |I|L|T|K| RSV   |
///  I:  |M| PictureID   |   7 bits, or 15 in two bytes when M is set
///  L:  |   TL0PICIDX   |
/// T/K: |TID|Y| KEYIDX  |
/// </code>
/// </remarks>
public readonly record struct Vp8Descriptor
{
    private const byte Extended = 0x80;
    private const byte HasPictureIdBit = 0x80;
    private const byte HasTl0Bit = 0x40;
    private const byte LongPictureId = 0x80;

    private readonly byte _pictureIdAt;
    private readonly byte _tl0At;

    private Vp8Descriptor(byte pictureIdAt, byte tl0At, ushort pictureId, bool isLong, byte tl0PictureIndex)
    {
        _pictureIdAt = pictureIdAt;
        _tl0At = tl0At;
        PictureId = pictureId;
        PictureIdMask = (ushort)(isLong ? 0x7FFF : 0x7F);
        Tl0PictureIndex = tl0PictureIndex;
    }

    /// <summary>Whether the packet says which picture it belongs to.</summary>
    public bool HasPictureId => _pictureIdAt != 0;

    /// <summary>The picture's number, of 7 or 15 bits.</summary>
    public ushort PictureId { get; }

    /// <summary>The bits a picture's number has here.</summary>
    public ushort PictureIdMask { get; }

    /// <summary>Whether the packet counts pictures of the base temporal layer.</summary>
    public bool HasTl0PictureIndex => _tl0At != 0;

    /// <summary>The running number of the base layer's picture (TL0PICIDX).</summary>
    public byte Tl0PictureIndex { get; }

    /// <summary>Reads the descriptor at the start of <paramref name="payload"/>; false when it is cut off.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty || Vp8Payload.DescriptorLength(payload) > payload.Length)
        {
            return false;
        }

        if ((payload[0] & Extended) == 0)
        {
            return true;
        }

        byte present = payload[1];
        byte position = 2;
        byte pictureIdAt = 0;
        ushort pictureId = 0;
        bool isLong = false;
        if ((present & HasPictureIdBit) != 0)
        {
            pictureIdAt = position;
            isLong = (payload[position] & LongPictureId) != 0;
            pictureId = isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[position..]) & 0x7FFF) : payload[position];
            position += (byte)(isLong ? 2 : 1);
        }

        bool hasTl0 = (present & HasTl0Bit) != 0;
        descriptor = new Vp8Descriptor(
            pictureIdAt, hasTl0 ? position : (byte)0, pictureId, isLong, hasTl0 ? payload[position] : (byte)0);
        return true;
    }

    /// <summary>
    /// Puts other numbers into <paramref name="payload"/>, which begins with this descriptor; a counter it does not have is left out, and a
    /// picture's number keeps its width.
    /// </summary>
    public void Write(Span<byte> payload, ushort pictureId, byte tl0PictureIndex)
    {
        if (HasPictureId && PictureIdMask == 0x7F)
        {
            payload[_pictureIdAt] = (byte)(pictureId & 0x7F);
        }
        else if (HasPictureId)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[_pictureIdAt..], (ushort)(0x8000 | pictureId));
        }

        if (HasTl0PictureIndex)
        {
            payload[_tl0At] = tl0PictureIndex;
        }
    }
}

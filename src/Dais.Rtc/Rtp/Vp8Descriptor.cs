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
    private const byte HasTemporalIdBit = 0x20;
    private const byte HasKeyIndexBit = 0x10;
    private const byte LongPictureId = 0x80;
    private const byte SyncBit = 0x20;
    private const byte KeyIndexBits = 0x1F;

    private readonly byte _pictureIdAt;
    private readonly byte _tl0At;
    private readonly byte _layerAt;

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

    /// <summary>Whether the packet says to which temporal layer its picture belongs.</summary>
    public bool HasTemporalId { get; }

    /// <summary>The temporal layer (TID), 0 for the base.</summary>
    public byte TemporalId { get; }

    /// <summary>Whether the picture depends on the base layer alone (Y), so that its layer can be begun with here.</summary>
    public bool IsLayerSync { get; }

    /// <summary>Whether the packet counts keyframes.</summary>
    public bool HasKeyIndex { get; }

    /// <summary>The running number of the last keyframe (KEYIDX), of 5 bits.</summary>
    public byte KeyIndex { get; }

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

        descriptor = new Vp8Descriptor(payload);
        return true;
    }

    /// <summary>Reads a descriptor that is extended and whole.</summary>
    private Vp8Descriptor(ReadOnlySpan<byte> payload)
    {
        byte present = payload[1];
        byte position = 2;
        if ((present & HasPictureIdBit) != 0)
        {
            bool isLong = (payload[position] & LongPictureId) != 0;
            _pictureIdAt = position;
            PictureId = isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[position..]) & 0x7FFF) : payload[position];
            PictureIdMask = (ushort)(isLong ? 0x7FFF : 0x7F);
            position += (byte)(isLong ? 2 : 1);
        }

        if ((present & HasTl0Bit) != 0)
        {
            _tl0At = position;
            Tl0PictureIndex = payload[position++];
        }

        if ((present & (HasTemporalIdBit | HasKeyIndexBit)) != 0)
        {
            _layerAt = position;
            byte layer = payload[position];
            HasTemporalId = (present & HasTemporalIdBit) != 0;
            HasKeyIndex = (present & HasKeyIndexBit) != 0;
            TemporalId = HasTemporalId ? (byte)(layer >> 6) : (byte)0;
            IsLayerSync = HasTemporalId && (layer & SyncBit) != 0;
            KeyIndex = HasKeyIndex ? (byte)(layer & KeyIndexBits) : (byte)0;
        }
    }

    /// <summary>
    /// Puts other numbers into <paramref name="payload"/>, which begins with this descriptor; a counter it does not have is left out, and a
    /// picture's number keeps its width.
    /// </summary>
    public void Write(Span<byte> payload, ushort pictureId, byte tl0PictureIndex, byte keyIndex)
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

        if (HasKeyIndex)
        {
            payload[_layerAt] = (byte)((payload[_layerAt] & ~KeyIndexBits) | (keyIndex & KeyIndexBits));
        }
    }
}

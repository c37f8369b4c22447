using System.Buffers.Binary;
using Dais.Rtc.Rtp;

namespace Dais.Simulation.Peers;

/// <summary>
/// A payload that looks like VP8 or Opus to whoever reads headers, and says in itself whose it is and where it belongs.
/// </summary>
/// <param name="Source">Who made it.</param>
/// <param name="Number">The frame's number for pictures, the packet's for sound.</param>
/// <param name="PacketInFrame">The packet's place in its frame, from 0.</param>
/// <param name="IsKeyframe">Whether the frame is a keyframe.</param>
public readonly record struct SyntheticPayload(uint Source, uint Number, byte PacketInFrame, bool IsKeyframe)
{
    /// <summary>The least a payload takes, in bytes.</summary>
    public const int BytesMin = 12;

    private const int CountersBytes = 4;

    /// <summary>The picture's number in the VP8 descriptor, of 15 bits (RFC 7741 §4.2); null for a descriptor without counters.</summary>
    public ushort? PictureId { get; init; }

    /// <summary>The base layer's running number (TL0PICIDX) beside <see cref="PictureId"/>.</summary>
    public byte Tl0PictureIndex { get; init; }

    /// <summary>The temporal layer (TID) beside the counters, and whether it can be begun with here (Y); null to tell none.</summary>
    public (byte Id, bool IsSync)? Temporal { get; init; }

    /// <summary>The keyframes' running number (KEYIDX) beside the temporal layer.</summary>
    public byte KeyIndex { get; init; }

    /// <summary>Writes the payload at the start of <paramref name="destination"/>.</summary>
    public void Write(TrackKind kind, Span<byte> destination)
    {
        // VP8: descriptor with the start of partition bit (RFC 7741 §4.2), then a frame header whose first bit is clear in keyframes (§4.3).
        var start = destination;
        destination[0] = kind == TrackKind.Audio ? (byte)0x78 : PacketInFrame == 0 ? (byte)0x10 : (byte)0;
        if (PictureId is { } pictureId)
        {
            destination[0] |= 0x80;
            destination[1] = 0xC0;
            BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)(0x8000 | pictureId));
            destination[4] = Tl0PictureIndex;
            destination = destination[(CountersBytes - 1)..];
            if (Temporal is { } temporal)
            {
                start[1] |= 0x30;
                destination = destination[1..];
                destination[1] = (byte)((temporal.Id << 6) | (temporal.IsSync ? 0x20 : 0) | (KeyIndex & 0x1F));
            }

            destination = destination[1..];
        }

        destination[1] = IsKeyframe ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], Source);
        BinaryPrimitives.WriteUInt32BigEndian(destination[6..], Number);
        destination[10] = PacketInFrame;
        destination[11] = 0xDA;
    }

    /// <summary>Reads a payload back; false when it is none of ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SyntheticPayload read)
    {
        read = default;
        ushort? pictureId = null;
        byte tl0PictureIndex = 0;
        (byte, bool)? temporal = null;
        byte keyIndex = 0;
        if (payload.Length >= BytesMin + CountersBytes + 1 && (payload[0] & 0x80) != 0)
        {
            bool hasTemporal = (payload[1] & 0x20) != 0;
            pictureId = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x7FFF);
            tl0PictureIndex = payload[4];
            if (hasTemporal)
            {
                temporal = ((byte)(payload[5] >> 6), (payload[5] & 0x20) != 0);
                keyIndex = (byte)(payload[5] & 0x1F);
                payload = payload[1..];
            }

            payload = payload[CountersBytes..];
        }

        if (payload.Length < BytesMin || payload[11] != 0xDA)
        {
            return false;
        }

        read = new SyntheticPayload(
            BinaryPrimitives.ReadUInt32BigEndian(payload[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[6..]),
            payload[10],
            (payload[1] & 1) == 0)
        {
            PictureId = pictureId,
            Tl0PictureIndex = tl0PictureIndex,
            Temporal = temporal,
            KeyIndex = keyIndex,
        };
        return true;
    }
}

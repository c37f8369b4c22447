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

    /// <summary>Writes the payload at the start of <paramref name="destination"/>.</summary>
    public void Write(TrackKind kind, Span<byte> destination)
    {
        // VP8: descriptor with the start of partition bit (RFC 7741 §4.2), then a frame header whose first bit is clear in keyframes (§4.3).
        destination[0] = kind == TrackKind.Audio ? (byte)0x78 : PacketInFrame == 0 ? (byte)0x10 : (byte)0;
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
        if (payload.Length < BytesMin || payload[11] != 0xDA)
        {
            return false;
        }

        read = new SyntheticPayload(
            BinaryPrimitives.ReadUInt32BigEndian(payload[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(payload[6..]),
            payload[10],
            (payload[1] & 1) == 0);
        return true;
    }
}

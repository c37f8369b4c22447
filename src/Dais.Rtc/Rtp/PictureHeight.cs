using System.Buffers.Binary;

namespace Dais.Rtc.Rtp;

/// <summary>Reads the height of the picture from the start of a keyframe.</summary>
public static class PictureHeight
{
    /// <summary>The first packet of a keyframe says how high the picture is, in pixels; false when this one does not, or is none.</summary>
    public static bool TryRead(Codec codec, ReadOnlySpan<byte> payload, out int height)
    {
        height = 0;
        return codec switch
        {
            Codec.Vp8 => TryReadVp8(payload, out height),
            Codec.H264 => H264Payload.TryFindSequenceParameterSet(payload, out var set) && H264SequenceParameterSet.TryReadHeight(set, out height),
            _ => false,
        };
    }

    /// <summary>Behind the frame tag of three bytes and the start code stand width and height, 14 bits each (RFC 6386 §9.1).</summary>
    private static bool TryReadVp8(ReadOnlySpan<byte> payload, out int height)
    {
        height = 0;
        if (!Vp8Payload.StartsKeyframe(payload))
        {
            return false;
        }

        var frame = payload[Vp8Payload.DescriptorLength(payload)..];
        if (frame.Length < 10 || frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A)
        {
            return false;
        }

        height = BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF;
        return height > 0;
    }
}

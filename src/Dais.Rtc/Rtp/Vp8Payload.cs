namespace Dais.Rtc.Rtp;

/// <summary>Reads the headers of VP8 payloads (RFC 7741 §4.2, §4.3).</summary>
internal static class Vp8Payload
{
    /// <summary>
    /// Whether this is the first packet of a keyframe: start of partition 0, and the frame header's P bit is clear.
    /// </summary>
    public static bool StartsKeyframe(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        int length = DescriptorLength(payload);
        return StartsFrame(payload) && payload.Length > length && (payload[length] & 0x01) == 0;
    }

    /// <summary>Whether this is the first packet of a frame: start of partition 0.</summary>
    public static bool StartsFrame(ReadOnlySpan<byte> payload) => !payload.IsEmpty && (payload[0] & 0x17) == 0x10;

    /// <summary>Length of the payload descriptor, in bytes; <see cref="int.MaxValue"/> when it is cut off.</summary>
    public static int DescriptorLength(ReadOnlySpan<byte> payload)
    {
        if ((payload[0] & 0x80) == 0)
        {
            return 1;
        }

        if (payload.Length < 2)
        {
            return int.MaxValue;
        }

        byte present = payload[1];
        int length = 2;
        if ((present & 0x80) != 0)
        {
            if (payload.Length <= length)
            {
                return int.MaxValue;
            }

            // A picture id has 7 bits, or 15 when its first bit is set.
            length += (payload[length] & 0x80) != 0 ? 2 : 1;
        }

        length += (present & 0x40) != 0 ? 1 : 0;
        length += (present & 0x30) != 0 ? 1 : 0;
        return length;
    }
}

namespace Dais.Rtc.Rtp;

/// <summary>Reads the headers of VP9 payloads (RFC 9628 §4.2).</summary>
internal static class Vp9Payload
{
    /// <summary>
    /// Whether this begins a keyframe: a frame's start, not predicted from other pictures, in the lowest spatial layer.
    /// </summary>
    public static bool StartsKeyframe(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        byte flags = payload[0];
        bool predicted = (flags & 0x40) != 0;
        bool startOfFrame = (flags & 0x08) != 0;
        if (predicted || !startOfFrame)
        {
            return false;
        }

        int position = 1;
        if ((flags & 0x80) != 0)
        {
            if (payload.Length <= position)
            {
                return false;
            }

            position += (payload[position] & 0x80) != 0 ? 2 : 1;
        }

        bool hasLayers = (flags & 0x20) != 0;
        if (payload.Length <= position)
        {
            return false;
        }

        return !hasLayers || ((payload[position] >> 1) & 0x07) == 0;
    }
}

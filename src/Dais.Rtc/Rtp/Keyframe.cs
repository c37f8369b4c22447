namespace Dais.Rtc.Rtp;

/// <summary>
/// Finds out whether a packet begins a keyframe, from which a new receiver can start. Looks at headers only; never
/// decodes.
/// </summary>
public static class Keyframe
{
    /// <summary>
    /// Whether <paramref name="payload"/> is the first packet of a keyframe of <paramref name="codec"/>. Sound can be
    /// started anywhere: every packet of it with a payload counts. False for bytes that are no payload of the codec.
    /// </summary>
    public static bool StartsIn(Codec codec, ReadOnlySpan<byte> payload) => codec switch
    {
        Codec.Opus => !payload.IsEmpty,
        Codec.Vp8 => Vp8Payload.StartsKeyframe(payload),
        Codec.H264 => H264Payload.StartsKeyframe(payload),
        Codec.Vp9 => Vp9Payload.StartsKeyframe(payload),
        Codec.Av1 => Av1Payload.StartsKeyframe(payload),
        _ => false,
    };
}

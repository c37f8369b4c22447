namespace Dais.Rtc.Rtp;

/// <summary>Sound or picture.</summary>
public enum TrackKind
{
    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Picture.</summary>
    Video,
}

/// <summary>The codecs Dais forwards. It never decodes one.</summary>
public enum Codec
{
    /// <summary>Opus (RFC 7587).</summary>
    Opus,

    /// <summary>VP8 (RFC 7741).</summary>
    Vp8,

    /// <summary>H.264, constrained baseline, packetization mode 1 (RFC 6184).</summary>
    H264,

    /// <summary>VP9 profile 0 (RFC 9628).</summary>
    Vp9,

    /// <summary>AV1 main profile.</summary>
    Av1,
}

/// <summary>
/// The header extensions Dais reads or passes on (RFC 8285), each with the id it was given in one negotiation; 0 = not negotiated.
/// </summary>
public readonly record struct RtpExtensionIds
{
    /// <summary>urn:ietf:params:rtp-hdrext:sdes:mid (RFC 9143).</summary>
    public byte Mid { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id (RFC 8852).</summary>
    public byte RtpStreamId { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id (RFC 8852): which stream a packet sends something again of.</summary>
    public byte RepairedRtpStreamId { get; init; }

    /// <summary>urn:ietf:params:rtp-hdrext:ssrc-audio-level (RFC 6464).</summary>
    public byte AudioLevel { get; init; }

    /// <summary>urn:3gpp:video-orientation (3GPP TS 26.114 §7.4.5): how a phone was held.</summary>
    public byte VideoOrientation { get; init; }

    /// <summary>The absolute send time of http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time.</summary>
    public byte AbsoluteSendTime { get; init; }

    /// <summary>The sequence number of transport-wide congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    public byte TransportSequenceNumber { get; init; }
}

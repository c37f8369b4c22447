namespace Dais.Sfu.Deadlines;

/// <summary>Why a transport's timer is set; for logs and tests.</summary>
public enum TimeoutReason
{
    /// <summary>No timer is set.</summary>
    None,

    /// <summary>No connection came about yet; at the deadline the transport gives up.</summary>
    Connect,

    /// <summary>The ICE agent's timer: the client's consent to receive runs out (RFC 7675 §5.1).</summary>
    Ice,

    /// <summary>The DTLS session's timer: a handshake flight is sent again (RFC 6347 §4.2.4).</summary>
    Dtls,

    /// <summary>RTCP reports are due (RFC 3550 §6.2).</summary>
    Report,

    /// <summary>A publisher is to be asked for packets that are missing.</summary>
    Nack,

    /// <summary>A keyframe request is due: one that was held back, or a repetition.</summary>
    Keyframe,

    /// <summary>The publisher is to be told which packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    TransportFeedback,

    /// <summary>The publisher may have to be told which encodings of its picture are watched.</summary>
    Demand,

    /// <summary>Padding is due that probes how much passes to a viewer.</summary>
    Probe,

    /// <summary>Another worker had no room for a wish, which is said again.</summary>
    Relay,
}

namespace Dais.Sfu;

/// <summary>Why a datagram, or a packet for one receiver, went no further.</summary>
public enum DropReason
{
    /// <summary>No protocol that is spoken here, or cut off.</summary>
    Malformed,

    /// <summary>A STUN message for no transport, or one whose integrity does not hold.</summary>
    StunRefused,

    /// <summary>DTLS, RTP or RTCP from an address ICE has not validated.</summary>
    UnknownPath,

    /// <summary>RTP or RTCP before the keys are there.</summary>
    NoKeys,

    /// <summary>RTP or RTCP that is forged, replayed or too old.</summary>
    NotAuthentic,

    /// <summary>RTP from a source nobody announced.</summary>
    UnknownSource,

    /// <summary>RTP of a payload type that was not agreed on.</summary>
    UnknownPayloadType,

    /// <summary>RTP of a publication that stands on no stage: the gate.</summary>
    Gated,

    /// <summary>A packet a receiver cannot start with; it waits for a keyframe.</summary>
    AwaitingKeyframe,

    /// <summary>A packet from before the slot's change of source, or far too late.</summary>
    Late,

    /// <summary>A packet of a codec the receiver does not accept.</summary>
    CodecNotAccepted,

    /// <summary>A packet that does not fit a datagram with the receiver's header and tag.</summary>
    TooLarge,

    /// <summary>A packet for another worker that had no room for it; a keyframe is asked for.</summary>
    RelayFull,

    /// <summary>A packet of a relay that has ended, or of a track it does not carry.</summary>
    RelayStale,

    /// <summary>A packet in a stream for packets sent again that carries none, or one that came or is too old.</summary>
    NotMissing,

    /// <summary>How many reasons there are.</summary>
    Count,
}

/// <summary>What a worker counts. Written by the worker alone; may be read, a little stale, from elsewhere.</summary>
public sealed class SfuStatistics
{
    private readonly long[] _dropped = new long[(int)DropReason.Count];

    /// <summary>Datagrams that came in.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Bytes that came in.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>RTP packets forwarded, one per receiver.</summary>
    public long PacketsForwarded { get; internal set; }

    /// <summary>Bytes of the packets forwarded, with header and tag.</summary>
    public long BytesForwarded { get; internal set; }

    /// <summary>Packets sent to other workers.</summary>
    public long PacketsRelayed { get; internal set; }

    /// <summary>Packets other workers sent.</summary>
    public long PacketsFromRelays { get; internal set; }

    /// <summary>Relays that other workers asked this one for, and their publishers are known or not.</summary>
    public int OutboundRelays { get; internal set; }

    /// <summary>Relays this worker asked others for.</summary>
    public int InboundRelays { get; internal set; }

    /// <summary>Keyframe requests that receivers sent (RFC 4585 §6.3.1, RFC 5104 §4.3.1).</summary>
    public long KeyframeRequestsReceived { get; internal set; }

    /// <summary>Keyframe requests sent to publishers, or to the worker that has them.</summary>
    public long KeyframeRequestsSent { get; internal set; }

    /// <summary>Receivers of a picture that began with everything since the last keyframe, from the store.</summary>
    public long ReplaysWhole { get; internal set; }

    /// <summary>Receivers of a picture that were shown the last keyframe alone, from the store, until the next.</summary>
    public long ReplaysOfKeyframe { get; internal set; }

    /// <summary>Retransmission requests that receivers sent, each for some packets (RFC 4585 §6.2.1).</summary>
    public long NacksReceived { get; internal set; }

    /// <summary>Transport-wide feedbacks sent to publishers (draft-holmer-rmcat-transport-wide-cc-extensions-01).</summary>
    public long TransportFeedbackSent { get; internal set; }

    /// <summary>Transport-wide feedbacks that viewers sent.</summary>
    public long TransportFeedbackReceived { get; internal set; }

    /// <summary>Clusters of packets by which it was probed how much more passes to viewers.</summary>
    public long ProbesSent { get; internal set; }

    /// <summary>Packets of padding sent for probes.</summary>
    public long PaddingPacketsSent { get; internal set; }

    /// <summary>Bytes of them, with header and tag.</summary>
    public long PaddingBytesSent { get; internal set; }

    /// <summary>How often a picture was paused because too little passes to its viewer.</summary>
    public long PicturesPaused { get; internal set; }

    /// <summary>Retransmission requests sent to publishers (RFC 4585 §6.2.1).</summary>
    public long NacksSent { get; internal set; }

    /// <summary>Packets publishers were asked for, each as often as it was.</summary>
    public long PacketsAskedFor { get; internal set; }

    /// <summary>Packets that came in publishers' streams for packets sent again and were missing (RFC 4588 §4).</summary>
    public long PacketsRestored { get; internal set; }

    /// <summary>Packets of pictures that publishers were asked for in vain; a keyframe is asked for then.</summary>
    public long PacketsGivenUp { get; internal set; }

    /// <summary>Packets sent again to receivers that asked for them; not among those forwarded.</summary>
    public long PacketsRetransmitted { get; internal set; }

    /// <summary>Bytes of the packets sent again, with header and tag.</summary>
    public long BytesRetransmitted { get; internal set; }

    /// <summary>Packets sent again because feedback showed them to be lost, before the receiver asked.</summary>
    public long RetransmissionsUnasked { get; internal set; }

    /// <summary>Packets receivers asked for that the store does not have any more, or not yet.</summary>
    public long RetransmissionsMissing { get; internal set; }

    /// <summary>How often a receiver asked for more than it may.</summary>
    public long RetransmissionsRefused { get; internal set; }

    /// <summary>How often a slot went over to another encoding of the picture it shows.</summary>
    public long LayerSwitches { get; internal set; }

    /// <summary>Transports refused because the worker holds as many as it may.</summary>
    public long TransportsRefused { get; internal set; }

    /// <summary>How much was dropped for <paramref name="reason"/>.</summary>
    public long Dropped(DropReason reason) => _dropped[(int)reason];

    internal void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;
}

/// <summary>How the receivers of a worker fare, by their last reports.</summary>
/// <param name="Lossy">How many reported more than <see cref="LossyAbove"/> of a stream lost.</param>
/// <param name="FractionLost">The mean of the worst share that each reported lost, 0 to 1; null without receivers.</param>
/// <param name="RoundTripSeconds">The mean of their longest round trips; null when none is known.</param>
public readonly record struct ReceptionSummary(int Lossy, double? FractionLost, double? RoundTripSeconds)
{
    /// <summary>More loss than this is seen and heard.</summary>
    public const double LossyAbove = 0.05;

    /// <summary>A queue longer than this on the way to a receiver is heard.</summary>
    public static readonly TimeSpan QueuedAbove = TimeSpan.FromMilliseconds(300);

    /// <summary>What is believed to pass to them.</summary>
    public EstimateSummary Estimates { get; init; }

    /// <summary>How many have packets waiting on their way for longer than <see cref="QueuedAbove"/>.</summary>
    public int Queued { get; init; }

    /// <summary>To how many too little passes for all the pictures they want to see.</summary>
    public int Paused { get; init; }
}

/// <summary>What is believed to pass to the receivers of a worker.</summary>
/// <param name="Unknown">Of how many nothing is known.</param>
/// <param name="To300">To how many pass at most 300 kbit/s.</param>
/// <param name="To1000">To how many pass more, at most 1 Mbit/s.</param>
/// <param name="To3000">To how many pass more, at most 3 Mbit/s.</param>
/// <param name="More">To how many pass more.</param>
/// <param name="Sum">What passes to all of whom anything is known, in bits per second.</param>
public readonly record struct EstimateSummary(int Unknown, int To300, int To1000, int To3000, int More, long Sum)
{
    /// <summary>Of how many anything is known.</summary>
    public int Known => To300 + To1000 + To3000 + More;

    /// <summary>The mean of what is known, in bits per second; null when nothing is.</summary>
    public double? Mean => Known == 0 ? null : (double)Sum / Known;

    /// <summary>With one more receiver; null for one of which nothing is known.</summary>
    public EstimateSummary With(long? estimate) => estimate switch
    {
        null => this with { Unknown = Unknown + 1 },
        <= 300_000 => this with { To300 = To300 + 1, Sum = Sum + estimate.Value },
        <= 1_000_000 => this with { To1000 = To1000 + 1, Sum = Sum + estimate.Value },
        <= 3_000_000 => this with { To3000 = To3000 + 1, Sum = Sum + estimate.Value },
        _ => this with { More = More + 1, Sum = Sum + estimate.Value },
    };
}

/// <summary>What is known about one transport.</summary>
/// <param name="IsConnected">Whether ICE and DTLS are done.</param>
/// <param name="FractionLost">The worst share of packets lost that the client reported of one stream, 0 to 1; 0 for a publisher.</param>
/// <param name="RoundTripTime">The longest round trip of the last reports; null before the first.</param>
public readonly record struct TransportStatistics(bool IsConnected, double FractionLost, TimeSpan? RoundTripTime)
{
    /// <summary>What is believed to pass to a viewer, in bits per second; null while nothing is known, and of a publisher.</summary>
    public long? EstimatedBitrate { get; init; }

    /// <summary>How long packets wait on their way to a viewer, by its feedback.</summary>
    public TimeSpan QueueDelay { get; init; }

    /// <summary>Clusters of packets sent to a viewer as probes.</summary>
    public long Probes { get; init; }

    /// <summary>Bytes of padding sent to a viewer, with header and tag.</summary>
    public long PaddingBytes { get; init; }

    /// <summary>How many pictures are paused because too little passes to the viewer.</summary>
    public int PicturesPaused { get; init; }
}

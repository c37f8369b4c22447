using Dais.Rtc.Rtcp;

namespace Dais.Sfu.Relays;

/// <summary>Identity of a relay, given by the worker that wants it and never given twice by it.</summary>
public readonly record struct RelayId(long Value);

/// <summary>What a worker says to another.</summary>
public enum RelayMessageKind : byte
{
    /// <summary>
    /// To the worker of the publisher: the relay is to carry <see cref="RelayMessage.Tracks"/> of <see cref="RelayMessage.Publisher"/> from
    /// now on; none ends it.
    /// </summary>
    Wish,

    /// <summary>To the worker of the publisher: receivers of <see cref="RelayMessage.Track"/> want a keyframe.</summary>
    KeyframeWish,

    /// <summary>From the worker of the publisher: a packet of <see cref="RelayMessage.Track"/>, decrypted, header and all.</summary>
    Packet,

    /// <summary>
    /// From the worker of the publisher: a packet of <see cref="RelayMessage.Track"/> from before the relay began, for receivers to begin with.
    /// </summary>
    StoredPacket,

    /// <summary>
    /// From the worker of the publisher: at <see cref="RelayMessage.PublisherTime"/> of the publisher's clock, which is
    /// <see cref="RelayMessage.ServerTime"/> of ours, the track's timestamp is <see cref="RelayMessage.RtpTimestamp"/>.
    /// </summary>
    Clock,
}

/// <summary>
/// One message between two workers, of a fixed size and without references, so that it can lie in a ring. What a kind does not name is
/// meaningless.
/// </summary>
public readonly record struct RelayMessage
{
    /// <summary>What is said.</summary>
    public required RelayMessageKind Kind { get; init; }

    /// <summary>Which of the publisher's tracks is meant, by its place among them.</summary>
    public byte Track { get; init; }

    /// <summary>The relay it is about.</summary>
    public required RelayId Relay { get; init; }

    /// <summary>The publisher's transport.</summary>
    public TransportId Publisher { get; init; }

    /// <summary>The tracks wanted: bit k is the k-th of the publisher.</summary>
    public uint Tracks { get; init; }

    /// <summary>
    /// How often the track's source has ended and begun anew: packet indexes of different epochs have nothing to do with each other.
    /// </summary>
    public uint Epoch { get; init; }

    /// <summary>Whether no more packets from before the relay follow.</summary>
    public bool IsLast { get; init; }

    /// <summary>The packet's index as SRTP authenticated it (RFC 3711 §3.3.1).</summary>
    public ulong PacketIndex { get; init; }

    /// <summary>The instant of a sender report, by the publisher's clock.</summary>
    public NtpTimestamp PublisherTime { get; init; }

    /// <summary>The same instant by our wall clock.</summary>
    public NtpTimestamp ServerTime { get; init; }

    /// <summary>The track's timestamp at that instant.</summary>
    public uint RtpTimestamp { get; init; }
}

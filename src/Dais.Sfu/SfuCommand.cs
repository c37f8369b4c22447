using System.Collections.Immutable;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;

namespace Dais.Sfu;

/// <summary>Identity of a transport, unique for the life of the process.</summary>
public readonly record struct TransportId(long Value);

/// <summary>Identity of a participant: the one user in one room that publishes with one transport and subscribes with another.</summary>
public readonly record struct ParticipantId(long Value);

/// <summary>Identity of a stage: what one room's viewers see.</summary>
public readonly record struct StageId(long Value);

/// <summary>What the signalling side asks of a worker. Every command is valid at any time; one about something unknown does nothing.</summary>
public abstract record SfuCommand
{
    private SfuCommand() { }

    /// <summary>Makes a transport that receives the tracks of one participant.</summary>
    public sealed record OpenPublisher(
        TransportId Id, ParticipantId Participant, TransportParameters Transport, ImmutableArray<PublishedTrack> Tracks) : SfuCommand;

    /// <summary>
    /// Makes a transport that shows one participant a stage, without the participant's own publication; without a stage, one that is sent no media
    /// before <see cref="Watch"/>.
    /// </summary>
    public sealed record OpenSubscriber(
        TransportId Id, ParticipantId Participant, TransportParameters Transport, StageId? Stage, ImmutableArray<SubscriberSlot> Slots) : SfuCommand;

    /// <summary>Shows a stage to a subscriber that was opened without one, who is <paramref name="Participant"/> from now on.</summary>
    public sealed record Watch(TransportId Id, ParticipantId Participant, StageId Stage) : SfuCommand;

    /// <summary>Replaces the ICE credentials of a transport (RFC 8445 §2.4); media and DTLS go on.</summary>
    public sealed record RestartIce(TransportId Id, IceCredentials Local, IceCredentials Remote) : SfuCommand;

    /// <summary>Ends a transport and everything on it.</summary>
    public sealed record CloseTransport(TransportId Id) : SfuCommand;

    /// <summary>
    /// Says who is on which slot of a stage, replacing what was said before. A publication that stands on no stage is gated: its
    /// packets are authenticated, counted and dropped.
    /// </summary>
    public sealed record SetStage(StageId Stage, ImmutableArray<StageSlot> Slots) : SfuCommand;

    /// <summary>
    /// Somebody will watch a stage soon: of every picture on it that could not be shown at once and go on from there, a keyframe is asked for now,
    /// so that it is there when they are.
    /// </summary>
    public sealed record Freshen(StageId Stage) : SfuCommand;

    /// <summary>Says how a subscriber shows some of its slots; the others stay as they were.</summary>
    public sealed record Prefer(TransportId Id, ImmutableArray<SlotPreference> Slots) : SfuCommand;

    /// <summary>Forgets a stage; its subscribers receive nothing more.</summary>
    public sealed record CloseStage(StageId Stage) : SfuCommand;

    /// <summary>Another worker has ended: nothing is relayed to it or from it any more.</summary>
    public sealed record ForgetWorker(int Worker) : SfuCommand;
}

/// <summary>What both sides agreed on for one ICE, DTLS and SRTP path.</summary>
/// <param name="LocalIce">Our credentials, from the answer.</param>
/// <param name="RemoteIce">The client's credentials, from the offer.</param>
/// <param name="RemoteFingerprint">The fingerprint of the client's certificate.</param>
public sealed record TransportParameters(IceCredentials LocalIce, IceCredentials RemoteIce, DtlsFingerprint RemoteFingerprint);

/// <summary>A track a participant will send.</summary>
/// <param name="Kind">Sound or picture.</param>
/// <param name="Mid">The media section it belongs to.</param>
/// <param name="Codec">The codec the answer chose.</param>
/// <param name="PayloadType">The codec's payload type in the publisher's offer.</param>
/// <param name="Ssrc">Its SSRC, or null when the offer announces none and it is learnt from the mid extension.</param>
/// <param name="Extensions">The header extensions the answer accepted.</param>
public sealed record PublishedTrack(TrackKind Kind, string Mid, Codec Codec, byte PayloadType, uint? Ssrc, RtpExtensionIds Extensions)
{
    /// <summary>Ticks of the RTP clock per second.</summary>
    public int ClockRate => Kind == TrackKind.Audio ? 48_000 : 90_000;

    /// <summary>
    /// Which of the encodings of its media section the track is (RFC 8852 §3.1); null when there is one. The encodings of a section follow each
    /// other, lowest first.
    /// </summary>
    public string? Rid { get; init; }

    /// <summary>The payload type of packets that carry older sound as well (RFC 2198); null when it was not agreed on.</summary>
    public byte? RedundancyPayloadType { get; init; }

    /// <summary>Whether packets of the track may have <paramref name="payloadType"/>.</summary>
    public bool Has(byte payloadType) => payloadType == PayloadType || payloadType == RedundancyPayloadType;

    /// <summary>Whether the publisher sends packets again that are asked for (RFC 4585 §6.2.1).</summary>
    public bool AnswersNack { get; init; }

    /// <summary>How it sends them; null when each comes again as it was.</summary>
    public PublishedRetransmission? Retransmission { get; init; }
}

/// <summary>The stream in which a publisher sends packets again (RFC 4588 §4).</summary>
/// <param name="PayloadType">Its payload type in the publisher's offer.</param>
/// <param name="Ssrc">Its SSRC, or null when the offer announces none and it is learnt from the mid extension.</param>
public sealed record PublishedRetransmission(byte PayloadType, uint? Ssrc);

/// <summary>A slot of one subscriber: a fixed pair of media sections that shows whoever is on that slot of the stage.</summary>
/// <param name="Index">The slot's number, from 0.</param>
/// <param name="Audio">Where sound goes, or null when the offer has no such section.</param>
/// <param name="Video">Where the picture goes, or null.</param>
public sealed record SubscriberSlot(int Index, SlotTrack? Audio, SlotTrack? Video);

/// <summary>One media section of a slot.</summary>
/// <param name="Mid">The media section.</param>
/// <param name="Ssrc">The SSRC the answer announced; it never changes, whoever is shown.</param>
/// <param name="PayloadTypes">The payload type of each codec the subscriber accepts, in the subscriber's numbering.</param>
/// <param name="Extensions">The header extensions the answer accepted.</param>
public sealed record SlotTrack(string Mid, uint Ssrc, ImmutableDictionary<Codec, byte> PayloadTypes, RtpExtensionIds Extensions)
{
    /// <summary>The payload type of packets that carry older sound as well (RFC 2198); null when the subscriber does not accept them.</summary>
    public byte? RedundancyPayloadType { get; init; }

    /// <summary>Whether packets are sent again that the subscriber asks for (RFC 4585 §6.2.1).</summary>
    public bool AnswersNack { get; init; }

    /// <summary>How they are; null when each is sent again as it was.</summary>
    public SlotRetransmission? Retransmission { get; init; }
}

/// <summary>The stream in which packets of a slot's section are sent again (RFC 4588 §4).</summary>
/// <param name="Ssrc">The SSRC the answer announced beside the section's own.</param>
/// <param name="PayloadTypes">The payload type that repairs each codec, in the subscriber's numbering.</param>
public sealed record SlotRetransmission(uint Ssrc, ImmutableDictionary<Codec, byte> PayloadTypes);

/// <summary>How a subscriber shows a slot.</summary>
/// <param name="Slot">The slot's number, from 0.</param>
/// <param name="MaxHeight">The height of the place for the picture, in pixels: a higher picture is of no use; 0 for any.</param>
/// <param name="IsPaused">Whether the picture is not shown at all.</param>
public sealed record SlotPreference(int Slot, int MaxHeight, bool IsPaused);

/// <summary>Who is shown on a slot of a stage.</summary>
/// <param name="Slot">The slot's number, from 0.</param>
/// <param name="Publisher">The transport whose publications are shown.</param>
/// <param name="Audio">Whether its sound is forwarded; false when muted.</param>
/// <param name="Video">Whether its picture is forwarded; false when muted.</param>
/// <param name="Remote">What is known of a publisher that another worker has; null for one of this worker.</param>
public sealed record StageSlot(int Slot, TransportId Publisher, bool Audio = true, bool Video = true, RemotePublisher? Remote = null);

/// <summary>A publisher as other workers than its own know it.</summary>
/// <param name="Worker">The worker that has it.</param>
/// <param name="Participant">Who publishes.</param>
/// <param name="Tracks">The tracks, as in <see cref="SfuCommand.OpenPublisher"/>.</param>
public sealed record RemotePublisher(int Worker, ParticipantId Participant, ImmutableArray<PublishedTrack> Tracks);

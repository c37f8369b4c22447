using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>An answered offer to subscribe.</summary>
/// <param name="Sdp">The answer.</param>
/// <param name="Transport">What both sides agreed on.</param>
/// <param name="Slots">The slots that can show someone, by index; indexes may be missing.</param>
public sealed record SubscriberAnswer(string Sdp, TransportParameters Transport, ImmutableArray<SubscriberSlot> Slots);

/// <summary>
/// Answers offers to subscribe. The k-th section of sound and the k-th of pictures are slot k. A section that is
/// rejected or does not receive still counts, so that a slot keeps its number and its SSRCs for the life of the
/// transport, whatever is stopped before it.
/// </summary>
public static class SubscriberNegotiation
{
    /// <summary>How many slots a subscriber has at most, unless the caller says otherwise.</summary>
    public const int DefaultSlotsMax = 20;

    private const string Nack = "nack";

    /// <summary>How far behind a section's SSRC the one lies in which its packets are sent again: beyond those of all slots.</summary>
    private const uint RetransmissionDistance = 0x1000;

    private static readonly ImmutableArray<string> VideoFeedback = ["ccm fir", Nack, "nack pli"];
    private static readonly ImmutableArray<string> AudioFeedback = [Nack];

    /// <summary>
    /// Answers <paramref name="offer"/>; false, and a sentence that says why, when it cannot be answered. Never throws.
    /// </summary>
    /// <param name="offer">The offer.</param>
    /// <param name="local">Our side.</param>
    /// <param name="ssrcBase">
    /// A random number from which the SSRCs follow (<see cref="SsrcOf"/>). A renegotiation with the same number answers
    /// the same SSRCs.
    /// </param>
    /// <param name="answer">The answer.</param>
    /// <param name="problem">What is wrong with the offer.</param>
    /// <param name="slotsMax">Sections of slots from this number on are rejected.</param>
    public static bool TryAnswer(
        string offer,
        LocalTransport local,
        uint ssrcBase,
        out SubscriberAnswer? answer,
        out string? problem,
        int slotsMax = DefaultSlotsMax)
    {
        answer = null;
        if (Offer.Read(offer, local, out problem) is not { } read)
        {
            return false;
        }

        var sections = ImmutableArray.CreateBuilder<AnswerSection>(read.Count);
        var slots = new SubscriberSlot?[slotsMax];
        int audioCount = 0;
        int videoCount = 0;
        for (int i = 0; i < read.Count; i++)
        {
            int slot = read[i].Kind switch
            {
                "audio" => audioCount++,
                "video" => videoCount++,
                _ => slotsMax,
            };
            sections.Add(AnswerSection(read, read[i], slot, ssrcBase, slots));
        }

        ImmutableArray<SubscriberSlot> filled = [.. slots.OfType<SubscriberSlot>()];
        if (filled.IsEmpty)
        {
            problem = "No section of the offer receives sound or picture in a codec the server forwards "
                + "(Opus; VP8, H.264, VP9, AV1).";
            return false;
        }

        answer = new SubscriberAnswer(Answer.Write(local, sections.MoveToImmutable()), read.Transport, filled);
        return true;
    }

    /// <summary>The SSRC of the section of <paramref name="kind"/> on slot <paramref name="slot"/>.</summary>
    public static uint SsrcOf(uint ssrcBase, int slot, TrackKind kind)
    {
        // Two bits are fixed so that counting on never arrives at 0, which some receivers take for none.
        uint first = (ssrcBase & 0x3FFF_FFFF) | 0x4000_0000;
        return first + (2 * (uint)slot) + (kind == TrackKind.Audio ? 0u : 1u);
    }

    private static AnswerSection AnswerSection(
        Offer offer, MediaDescription media, int slot, uint ssrcBase, SubscriberSlot?[] slots)
    {
        var rejected = new AnswerSection(media);
        if (slot >= slots.Length || !offer.IsUsable(media))
        {
            return rejected;
        }

        var codecs = CodecChoice.All(media);
        if (codecs.IsEmpty)
        {
            return rejected;
        }

        var kind = media.Kind == "audio" ? TrackKind.Audio : TrackKind.Video;
        var extensions = ExtensionChoice.OfSubscriber(media);
        var accepted = rejected with
        {
            Codecs = codecs,
            Extensions = extensions.Accepted,
            Feedback = Feedback(kind, codecs, extensions.Ids),
        };
        if (media.Direction is MediaDirection.SendOnly or MediaDirection.Inactive)
        {
            return accepted;
        }

        uint ssrc = SsrcOf(ssrcBase, slot, kind);
        var track = Track(media, codecs, ssrc, extensions.Ids) with { AnswersNack = accepted.Feedback.Contains(Nack) };
        var current = slots[slot] ?? new SubscriberSlot(slot, null, null);
        slots[slot] = kind == TrackKind.Audio ? current with { Audio = track } : current with { Video = track };
        return accepted with
        {
            Direction = MediaDirection.SendOnly,
            // Some clients take the second word as the track's id, so it is not the same on two slots.
            Msid = $"slot-{slot} slot-{slot}-{media.Kind}",
            Ssrc = ssrc,
            RetransmissionSsrc = track.Retransmission?.Ssrc,
        };
    }

    private static SlotTrack Track(MediaDescription media, ImmutableArray<CodecChoice> codecs, uint ssrc, RtpExtensionIds extensions)
    {
        var payloadTypes = codecs.ToImmutableDictionary(codec => codec.Codec, codec => codec.Format.PayloadType);
        var repairs = codecs.Where(codec => codec.Retransmission is not null)
            .ToImmutableDictionary(codec => codec.Codec, codec => codec.Retransmission!.PayloadType);
        return new SlotTrack(media.Mid!, ssrc, payloadTypes, extensions)
        {
            RedundancyPayloadType = codecs[0].Redundancy?.PayloadType,
            Retransmission = repairs.IsEmpty ? null : new SlotRetransmission(ssrc + RetransmissionDistance, repairs),
        };
    }

    /// <summary>
    /// What the subscriber may tell us of the section. Without a stream of its own for them, packets are sent again as they were, which
    /// they cannot be with a number that is another each time: then none is.
    /// </summary>
    private static ImmutableArray<string> Feedback(TrackKind kind, ImmutableArray<CodecChoice> codecs, RtpExtensionIds extensions)
    {
        var feedback = kind == TrackKind.Video ? VideoFeedback : AudioFeedback;
        bool canRepeat = extensions.TransportSequenceNumber == 0
            || codecs.All(codec => codec.Retransmission is not null || !codec.Format.HasFeedback(Nack));
        bool wanted = codecs.Any(codec => codec.Format.HasFeedback(Nack));
        return canRepeat && wanted ? feedback : feedback.Remove(Nack);
    }
}

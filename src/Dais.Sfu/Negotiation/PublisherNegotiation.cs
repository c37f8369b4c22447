using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>An answered offer to publish.</summary>
/// <param name="Sdp">The answer.</param>
/// <param name="Transport">What both sides agreed on.</param>
/// <param name="Tracks">
/// The tracks that will come: at most one of sound, and one of each encoding of the picture, lowest first.
/// </param>
public sealed record PublisherAnswer(string Sdp, TransportParameters Transport, ImmutableArray<PublishedTrack> Tracks);

/// <summary>
/// Answers offers to publish. Taken are the first section that sends sound and the first that sends a picture, each
/// with one codec by the server's preference; further ones are rejected. A section that could send but is offered
/// recvonly or inactive (a camera switched off by renegotiation) is answered inactive, so that it can come back.
/// </summary>
/// <remarks>
/// A picture may come in several encodings of VP8 or H.264 (RFC 8853); each is a track of its own, with the mid of its section.
/// </remarks>
public static class PublisherNegotiation
{
    /// <summary>Feedback for pictures: packets asked for again, keyframe requests, and the ceiling the server sets by REMB.</summary>
    private static readonly ImmutableArray<string> VideoFeedback = ["goog-remb", "ccm fir", "nack", "nack pli"];

    private static readonly ImmutableArray<string> AudioFeedback = ["nack"];

    /// <summary>
    /// Answers <paramref name="offer"/>; false, and a sentence that says why, when it cannot be answered. Never throws.
    /// </summary>
    public static bool TryAnswer(string offer, LocalTransport local, out PublisherAnswer? answer, out string? problem)
    {
        answer = null;
        if (Offer.Read(offer, local, out problem) is not { } read)
        {
            return false;
        }

        var sections = ImmutableArray.CreateBuilder<AnswerSection>(read.Count);
        var tracks = ImmutableArray.CreateBuilder<PublishedTrack>();
        for (int i = 0; i < read.Count; i++)
        {
            sections.Add(AnswerSection(read, read[i], tracks));
        }

        problem = Check(tracks);
        if (problem is not null)
        {
            return false;
        }

        string sdp = Answer.Write(local, sections.MoveToImmutable());
        answer = new PublisherAnswer(sdp, read.Transport, tracks.ToImmutable());
        return true;
    }

    private static AnswerSection AnswerSection(
        Offer offer, MediaDescription media, ImmutableArray<PublishedTrack>.Builder tracks)
    {
        var rejected = new AnswerSection(media);
        if (!offer.IsUsable(media) || CodecChoice.All(media) is not [var codec, ..])
        {
            return rejected;
        }

        var kind = media.Kind == "audio" ? TrackKind.Audio : TrackKind.Video;
        bool sends = media.Direction is MediaDirection.SendOnly or MediaDirection.SendReceive;
        if (sends && tracks.Any(track => track.Kind == kind))
        {
            return rejected;
        }

        var rids = EncodingChoice.Read(media, codec.Codec);
        var extensions = ExtensionChoice.OfPublisher(media, withEncodings: !rids.IsEmpty);
        // Encodings have no other name than their rid: what is announced of sources is of no use.
        uint? ssrc = rids.IsEmpty ? FirstSsrc(media) : null;
        var retransmission = Retransmission(media, codec, ssrc, extensions.Ids, rids.IsEmpty);
        codec = retransmission is null ? codec with { Retransmission = null } : codec;
        if (sends)
        {
            var track = new PublishedTrack(kind, media.Mid!, codec.Codec, codec.Format.PayloadType, ssrc, extensions.Ids)
            {
                AnswersNack = codec.Format.HasFeedback("nack"),
                Retransmission = retransmission,
                RedundancyPayloadType = codec.Redundancy?.PayloadType,
            };
            tracks.AddRange(rids.IsEmpty ? [track] : rids.Select(rid => track with { Rid = rid }));
        }

        return rejected with
        {
            Direction = sends ? MediaDirection.ReceiveOnly : MediaDirection.Inactive,
            Codecs = [codec],
            Extensions = extensions.Accepted,
            Feedback = kind == TrackKind.Video ? VideoFeedback : AudioFeedback,
            Rids = rids,
        };
    }

    /// <summary>
    /// The source of the media itself: the first of a group whose second repairs it (RFC 4588 §8.1), else the first
    /// announced.
    /// </summary>
    private static uint? FirstSsrc(MediaDescription media)
    {
        foreach (var group in media.SourceGroups)
        {
            if (group is { Semantics: "FID", Ssrcs: [var first, ..] })
            {
                return first;
            }
        }

        return media.Sources is [var source, ..] ? source.Ssrc : null;
    }

    /// <summary>
    /// The stream that repairs <paramref name="ssrc"/>: announced with it, or learnt from the mid; null when it could not be told.
    /// </summary>
    private static PublishedRetransmission? Retransmission(
        MediaDescription media, CodecChoice codec, uint? ssrc, RtpExtensionIds extensions, bool isSingle)
    {
        if (codec.Retransmission is not { } format)
        {
            return null;
        }

        foreach (var group in media.SourceGroups)
        {
            if (group is { Semantics: "FID", Ssrcs: [var first, var second, ..] } && first == ssrc && second != ssrc)
            {
                return new PublishedRetransmission(format.PayloadType, second);
            }
        }

        bool canBeTold = extensions.Mid != 0 && (isSingle || extensions.RepairedRtpStreamId != 0);
        return !canBeTold ? null : new PublishedRetransmission(format.PayloadType, null);
    }

    private static string? Check(ImmutableArray<PublishedTrack>.Builder tracks)
    {
        if (tracks.Count == 0)
        {
            return "No section of the offer sends sound or picture in a codec the server forwards "
                + "(Opus; VP8, H.264, VP9, AV1).";
        }

        foreach (var track in tracks)
        {
            if (track.Ssrc is null && track.Extensions.Mid == 0)
            {
                return $"The media section {track.Mid} announces no SSRC and offers no mid extension, "
                    + "so its packets could not be told.";
            }
        }

        return tracks is [{ Ssrc: { } first }, { Ssrc: { } second }] && first == second
            ? $"Two media sections announce the SSRC {first}."
            : null;
    }
}

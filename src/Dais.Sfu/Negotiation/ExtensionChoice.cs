using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>The header extensions of one section that the answer accepts.</summary>
/// <param name="Ids">Their ids, by meaning.</param>
/// <param name="Accepted">The same as they stood in the offer.</param>
internal sealed record ExtensionChoice(RtpExtensionIds Ids, ImmutableArray<HeaderExtension> Accepted)
{
    private const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    private const string RtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    private const string RepairedRtpStreamId = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    private const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    private const string VideoOrientation = "urn:3gpp:video-orientation";
    private const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    private const string TransportWide = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    /// <summary>The RTCP feedback that goes with the transport-wide sequence number.</summary>
    public const string TransportFeedback = "transport-cc";

    /// <summary>Ids that fit the one-byte form, which is all we write (RFC 8285 §4.2).</summary>
    public const int IdMax = 14;

    /// <summary>
    /// What we read of a publisher: its mid as well, from which a source that was not announced is learnt, and, where a picture may come in
    /// several encodings, which of them.
    /// </summary>
    public static ExtensionChoice OfPublisher(MediaDescription media, bool withEncodings) =>
        Choose(media, withMid: true, withEncodings, unusable: MediaDirection.ReceiveOnly);

    /// <summary>
    /// What we pass on to a subscriber; its sources are announced, so the mid would be bytes for nothing, and so would the send time where
    /// packets are numbered for their feedback.
    /// </summary>
    public static ExtensionChoice OfSubscriber(MediaDescription media)
    {
        var choice = Choose(media, withMid: false, withEncodings: false, unusable: MediaDirection.SendOnly);
        return choice.Ids.TransportSequenceNumber == 0
            ? choice
            : new ExtensionChoice(
                choice.Ids with { AbsoluteSendTime = 0 },
                choice.Accepted.RemoveAll(extension => extension.Uri == AbsoluteSendTime));
    }

    /// <summary>Whether packets of a section with these extensions are numbered for transport-wide feedback.</summary>
    public static bool HasTransportFeedback(ImmutableArray<HeaderExtension> accepted) =>
        accepted.Any(extension => extension.Uri == TransportWide);

    private static ExtensionChoice Choose(MediaDescription media, bool withMid, bool withEncodings, MediaDirection unusable)
    {
        var ids = default(RtpExtensionIds);
        var accepted = ImmutableArray.CreateBuilder<HeaderExtension>();
        bool isAudio = media.Kind == "audio";
        // Sound is sent again as it was where the client asks for that, which it cannot be with a number that is another each time.
        bool hasFeedback = media.Formats.Any(format => format.HasFeedback(TransportFeedback))
            && (withMid || !isAudio || !media.Formats.Any(format => format.HasFeedback("nack")));
        foreach (var extension in media.Extensions)
        {
            if (extension.Id > IdMax
                || extension.Direction == unusable
                || extension.Direction == MediaDirection.Inactive)
            {
                continue;
            }

            var before = ids;
            ids = extension.Uri switch
            {
                Mid when withMid && ids.Mid == 0 => ids with { Mid = extension.Id },
                RtpStreamId when withEncodings && ids.RtpStreamId == 0 => ids with { RtpStreamId = extension.Id },
                RepairedRtpStreamId when withEncodings && ids.RepairedRtpStreamId == 0 =>
                    ids with { RepairedRtpStreamId = extension.Id },
                AudioLevel when isAudio && ids.AudioLevel == 0 => ids with { AudioLevel = extension.Id },
                VideoOrientation when !isAudio && ids.VideoOrientation == 0 =>
                    ids with { VideoOrientation = extension.Id },
                AbsoluteSendTime when ids.AbsoluteSendTime == 0 => ids with { AbsoluteSendTime = extension.Id },
                TransportWide when hasFeedback && ids.TransportSequenceNumber == 0 =>
                    ids with { TransportSequenceNumber = extension.Id },
                _ => ids,
            };
            if (ids != before)
            {
                accepted.Add(extension);
            }
        }

        return new ExtensionChoice(ids, accepted.ToImmutable());
    }
}

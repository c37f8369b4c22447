using Dais.Protocol;
using Dais.Rtc.Ice;
using Dais.Server.Signaling;
using Dais.Sfu;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Media;

/// <summary>Answers the offers made for a room; nobody but the client hears of an answer.</summary>
internal sealed class RoomOffers(MediaPlane plane, int worker)
{
    /// <summary>Answers an offer to receive up to <paramref name="slotsMax"/> people.</summary>
    /// <param name="before">What the client receives with already; null for nothing.</param>
    /// <param name="offer">The offer.</param>
    /// <param name="refusal">Why there is no answer.</param>
    /// <param name="slotsMax">How many people at most.</param>
    public Negotiated<SubscriberAnswer>? AnswerSubscriber(
        MediaTransport? before, string offer, out CallRefusal? refusal, int slotsMax = SubscriberNegotiation.DefaultSlotsMax)
    {
        var answered = MediaTransport.Negotiate(
            before,
            Template(),
            NewTransportId,
            (local, ssrcBase) => SubscriberNegotiation.TryAnswer(offer, local, ssrcBase, out var answer, out string? problem, slotsMax)
                ? (answer, answer!.Transport, problem)
                : (null, null, problem),
            out string? sentence);
        refusal = answered is null ? BadOffer(sentence) : null;
        return answered;
    }

    /// <summary>Answers an offer to publish.</summary>
    /// <param name="before">What the client publishes with already; null for nothing.</param>
    /// <param name="offer">The offer.</param>
    /// <param name="refusal">Why there is no answer.</param>
    public Negotiated<PublisherAnswer>? AnswerPublisher(RoomParticipant? before, string offer, out CallRefusal? refusal)
    {
        var answered = MediaTransport.Negotiate(
            before?.Publisher,
            Template(),
            NewTransportId,
            (local, _) => PublisherNegotiation.TryAnswer(offer, local, out var answer, out string? problem)
                ? (answer, answer!.Transport, problem)
                : (null, null, problem),
            out string? sentence);
        bool hasNewTracks = answered is { Change: not TransportChange.New }
            && answered.Answer.Tracks.Any(track => !before!.Tracks.Contains(track));
        refusal = answered is null ? BadOffer(sentence)
            : hasNewTracks
                ? BadOffer("A connection keeps the tracks it was first offered with; publish others over a new connection.")
            : null;
        return refusal is null ? answered : null;
    }

    private LocalTransport Template() => new(new IceCredentials("", ""), plane.Fingerprint, plane.Worker(worker).Candidates)
    {
        TcpCandidates = plane.Worker(worker).TcpCandidates,
    };

    private TransportId NewTransportId() => new(plane.NextId());

    private static CallRefusal BadOffer(string? sentence) => new(ErrorCodes.InvalidParams, "offer", sentence);
}

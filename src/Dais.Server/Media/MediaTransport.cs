using Dais.Rtc.Ice;
using Dais.Server.Signaling;
using Dais.Sfu;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Media;

/// <summary>What became of an offer.</summary>
/// <param name="Transport">The transport as it is after the answer.</param>
/// <param name="Answer">The answer (SDP).</param>
/// <param name="Change">What the worker has to be told.</param>
public sealed record Negotiated<TAnswer>(MediaTransport Transport, TAnswer Answer, TransportChange Change);

/// <summary>How an offer relates to the transport that was there before.</summary>
public enum TransportChange
{
    /// <summary>The offer goes on with the same ICE session.</summary>
    None,

    /// <summary>The same DTLS session over new ICE credentials (RFC 8445 §2.4).</summary>
    IceRestart,

    /// <summary>There was none, or the offer is that of another connection of the browser.</summary>
    New,
}

/// <summary>One client's transport as the signalling side knows it: enough to answer the next offer for it.</summary>
/// <param name="Id">The transport.</param>
/// <param name="Parameters">What both sides agreed on.</param>
/// <param name="SsrcBase">The number its SSRCs follow from.</param>
/// <param name="SessionVersion">The version of the last answer.</param>
public sealed record MediaTransport(TransportId Id, TransportParameters Parameters, uint SsrcBase, int SessionVersion)
{
    /// <summary>Answers an offer, given our side; null and a sentence when it cannot be answered.</summary>
    public delegate (TAnswer? Answer, TransportParameters? Agreed, string? Problem) Answerer<TAnswer>(
        LocalTransport local, uint ssrcBase);

    /// <summary>
    /// Answers an offer for <paramref name="before"/> or, when there is none or the offer is of another connection, for
    /// a new transport. Which of
    /// the three it is, the offer's own ICE and DTLS parameters say (RFC 8839 §4.4.3.1.1, RFC 8842 §5.5).
    /// </summary>
    public static Negotiated<TAnswer>? Negotiate<TAnswer>(
        MediaTransport? before, LocalTransport template, Func<TransportId> newId, Answerer<TAnswer> answer, out string? problem)
        where TAnswer : class
    {
        if (before is not null)
        {
            var local = template with
            {
                Ice = before.Parameters.LocalIce,
                SessionId = before.Id.Value,
                SessionVersion = before.SessionVersion + 1,
            };
            var (same, agreed, _) = answer(local, before.SsrcBase);
            if (same is not null && agreed!.RemoteFingerprint == before.Parameters.RemoteFingerprint)
            {
                bool isRestart = agreed.RemoteIce != before.Parameters.RemoteIce;
                return isRestart
                    ? Restart(before, local, answer, out problem)
                    : Result(before with { SessionVersion = local.SessionVersion }, same, TransportChange.None, out problem);
            }
        }

        var id = newId();
        uint ssrcBase = RandomIds.Ssrc();
        var (created, parameters, refusal) = answer(template with { Ice = NewCredentials(), SessionId = id.Value }, ssrcBase);
        problem = refusal;
        return created is null
            ? null
            : new Negotiated<TAnswer>(new MediaTransport(id, parameters!, ssrcBase, 1), created, TransportChange.New);
    }

    /// <summary>The transport with new ICE credentials of both sides; everything else stays (RFC 8839 §4.4.1.1.1).</summary>
    public MediaTransport WithNewIce(IceCredentials remote) =>
        this with { Parameters = Parameters with { LocalIce = NewCredentials(), RemoteIce = remote } };

    private static Negotiated<TAnswer>? Restart<TAnswer>(
        MediaTransport before, LocalTransport local, Answerer<TAnswer> answer, out string? problem)
        where TAnswer : class
    {
        var (restarted, parameters, _) = answer(local with { Ice = NewCredentials() }, before.SsrcBase);
        return Result(
            before with { Parameters = parameters!, SessionVersion = local.SessionVersion },
            restarted!,
            TransportChange.IceRestart,
            out problem);
    }

    private static Negotiated<TAnswer> Result<TAnswer>(
        MediaTransport transport, TAnswer answer, TransportChange change, out string? problem)
    {
        problem = null;
        return new Negotiated<TAnswer>(transport, answer, change);
    }

    private static IceCredentials NewCredentials() => new(RandomIds.IceUsernameFragment(), RandomIds.IcePassword());
}

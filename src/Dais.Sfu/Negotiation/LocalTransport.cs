using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;

namespace Dais.Sfu.Negotiation;

/// <summary>Our side of a transport, as the answer tells it.</summary>
/// <param name="Ice">The credentials made for this transport.</param>
/// <param name="Fingerprint">The fingerprint of our certificate.</param>
/// <param name="Candidates">Where clients reach us by UDP, best first; one at least.</param>
public sealed record LocalTransport(
    IceCredentials Ice, DtlsFingerprint Fingerprint, ImmutableArray<NetworkAddress> Candidates)
{
    /// <summary>Where clients reach us by TCP (RFC 6544), best first; may be empty.</summary>
    public ImmutableArray<NetworkAddress> TcpCandidates { get; init; } = [];

    /// <summary>Identity of the session in the o= line; the same in every answer of one transport.</summary>
    public long SessionId { get; init; } = 1;

    /// <summary>Version in the o= line; grows with every further answer of one transport (RFC 3264 §8).</summary>
    public int SessionVersion { get; init; } = 1;

    /// <summary>
    /// The canonical name announced with our sources: the one our sender reports carry (RFC 3550 §6.5.1).
    /// </summary>
    public string CanonicalName { get; init; } = "dais";

    /// <summary>Bounds of the offer.</summary>
    public SdpLimits Limits { get; init; } = SdpLimits.Default;
}

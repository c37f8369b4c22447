using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Srtp;

namespace Dais.Simulation.Dtls;

/// <summary>
/// Makes DTLS sessions that agree on real SRTP keys in one round trip without cryptography: OpenSSL reads its own clock and draws its own
/// randomness, so a deterministic test cannot have it.
/// </summary>
/// <param name="fingerprint">The fingerprint of the certificate this side claims to have.</param>
/// <param name="seed">Decides the secrets drawn.</param>
/// <param name="profile">The SRTP profile agreed on.</param>
public sealed class ScriptedDtls(DtlsFingerprint fingerprint, int seed, SrtpProfile profile = SrtpProfile.AeadAes128Gcm)
    : IDtlsSessionFactory
{
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public DtlsFingerprint LocalFingerprint { get; } = fingerprint;

    /// <inheritdoc/>
    public IDtlsSession CreatePassive(DtlsFingerprint remote) =>
        new ScriptedDtlsSession(LocalFingerprint, remote, profile, NextSecret(), isActive: false, Timestamp.Never);

    /// <inheritdoc/>
    public IDtlsSession CreateActive(DtlsFingerprint remote, Timestamp now) =>
        new ScriptedDtlsSession(LocalFingerprint, remote, profile, NextSecret(), isActive: true, now);

    private byte[] NextSecret()
    {
        byte[] secret = new byte[ScriptedDtlsSession.SecretLength];
        _random.NextBytes(secret);
        return secret;
    }
}

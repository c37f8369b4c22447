using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Dais.Rtc.Srtp;

namespace Dais.Rtc.Dtls.OpenSsl;

/// <summary>Makes DTLS 1.2 sessions with the system's OpenSSL 3. May be shared by threads; its sessions may not.</summary>
public sealed class OpenSslDtlsSessionFactory : IDtlsSessionFactory, IDisposable
{
    /// <summary>
    /// What every WebRTC endpoint has (RFC 8827 §6.5), with ECDSA or RSA certificates. Nothing else, because
    /// <see cref="DtlsRecord.EncryptedBytesMin"/> is the smallest record of these.
    /// </summary>
    private const string Ciphers = "ECDHE+AESGCM";

    /// <summary>X25519 is the cheapest; without P-256 a certificate on that curve is refused ("no shared cipher").</summary>
    private const string Groups = "X25519:P-256";

    private readonly OpenSslDtlsOptions _options;
    private readonly SslContextHandle _context;

    /// <summary>A factory of sessions that show <paramref name="certificate"/>.</summary>
    public OpenSslDtlsSessionFactory(DtlsCertificate certificate, OpenSslDtlsOptions? options = null)
    {
        _options = options ?? new OpenSslDtlsOptions();
        LocalFingerprint = certificate.Fingerprint;
        _context = CreateContext(certificate, _options);
    }

    /// <inheritdoc/>
    public DtlsFingerprint LocalFingerprint { get; }

    /// <inheritdoc/>
    public IDtlsSession CreatePassive(DtlsFingerprint remote) => new OpenSslDtlsSession(_context, remote, _options, isPassive: true);

    /// <inheritdoc/>
    public IDtlsSession CreateActive(DtlsFingerprint remote, Timestamp now)
    {
        var session = new OpenSslDtlsSession(_context, remote, _options, isPassive: false);
        session.Start(now);
        return session;
    }

    /// <summary>To be called after the sessions are disposed of: one that waits for a ClientHello may need a new library object.</summary>
    public void Dispose() => _context.Dispose();

    private static SslContextHandle CreateContext(DtlsCertificate certificate, OpenSslDtlsOptions options)
    {
        const int Verify = NativeMethods.SslVerifyPeer | NativeMethods.SslVerifyFailIfNoPeerCertificate;
        const ulong Options = NativeMethods.SslOptionNoQueryMtu | NativeMethods.SslOptionNoTicket
            | NativeMethods.SslOptionNoRenegotiation;
        string profiles = string.Join(':', options.Profiles.Select(ProfileName));
        var context = NativeMethods.SSL_CTX_new(NativeMethods.DTLS_method());
        bool isReady = !context.IsInvalid
            && NativeMethods.SSL_CTX_use_certificate_ASN1(context, certificate.Certificate.Length, certificate.Certificate) == 1
            && NativeMethods.SSL_CTX_use_PrivateKey_ASN1(
                NativeMethods.KeyTypeEc, context, certificate.PrivateKey, new CLong(certificate.PrivateKey.Length)) == 1
            && Control(context, NativeMethods.SslCtrlSetMinProtocolVersion, NativeMethods.Dtls12Version) == 1
            && NativeMethods.SSL_CTX_ctrl(context, NativeMethods.SslCtrlSetGroupsList, new CLong(0), Groups).Value == 1
            && NativeMethods.SSL_CTX_set_cipher_list(context, Ciphers) == 1
            && NativeMethods.SSL_CTX_set_tlsext_use_srtp(context, profiles) == 0;
        NativeError.ThrowUnless(isReady);

        // Whose certificate it is decides its fingerprint, not a chain; that is compared once the handshake is done.
        NativeMethods.SSL_CTX_set_cert_verify_callback(context, NativeMethods.AcceptAnyCertificate, 0);
        NativeMethods.SSL_CTX_set_verify(context, Verify, 0);
        NativeMethods.SSL_CTX_set_options(context, Options);
        Control(context, NativeMethods.SslCtrlSetSessionCacheMode, 0);
        Control(context, NativeMethods.SslCtrlSetMaxCertificateList, DtlsHandshake.BytesMax);
        return context;
    }

    private static nint Control(SslContextHandle context, int command, int number) =>
        NativeMethods.SSL_CTX_ctrl(context, command, new CLong(number), 0).Value;

    private static string ProfileName(SrtpProfile profile) => profile switch
    {
        SrtpProfile.AeadAes128Gcm => "SRTP_AEAD_AES_128_GCM",
        SrtpProfile.Aes128CmHmacSha1 => "SRTP_AES128_CM_SHA1_80",
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown profile."),
    };
}

/// <summary>How an <see cref="OpenSslDtlsSessionFactory"/>'s sessions behave.</summary>
public sealed record OpenSslDtlsOptions
{
    /// <summary>The SRTP profiles to agree on, the best first; the passive side's order decides.</summary>
    public ImmutableArray<SrtpProfile> Profiles { get; init; } = [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1];

    /// <summary>Largest datagram sent, in bytes.</summary>
    public int Mtu { get; init; } = 1200;

    /// <summary>
    /// Delay before a flight is sent again; doubles with each repetition. Shorter than the second of RFC 6347 §4.2.4.1, which the RFC
    /// allows where the path is known: ICE has measured it. OpenSSL rounds the rest of a delay below 15 ms down to nothing.
    /// </summary>
    public TimeSpan FirstRetransmission { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest delay between repetitions.</summary>
    public TimeSpan LastRetransmission { get; init; } = TimeSpan.FromSeconds(1);
}

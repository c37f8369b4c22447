using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Dais.Rtc.Dtls;

/// <summary>
/// A certificate and its key for DTLS. It proves nothing by itself: the peer knows it by the fingerprint in the session description
/// (RFC 8122 §3.1).
/// </summary>
public sealed class DtlsCertificate
{
    private DtlsCertificate(byte[] certificate, byte[] privateKey)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        Fingerprint = FingerprintOf(SHA256.HashData(certificate));
    }

    /// <summary>What the session description says about the certificate.</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>The certificate (X.509, DER).</summary>
    internal byte[] Certificate { get; }

    /// <summary>The private key (RFC 5915, DER).</summary>
    internal byte[] PrivateKey { get; }

    /// <summary>Makes a fresh key on P-256, which every browser supports, and a self-signed certificate for it.</summary>
    public static DtlsCertificate Create(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Dais", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(notBefore, notAfter);
        return new DtlsCertificate(certificate.RawData, key.ExportECPrivateKey());
    }

    /// <summary>The fingerprint with the SHA-256 hash <paramref name="hash"/>.</summary>
    internal static DtlsFingerprint FingerprintOf(byte[] hash) => new(BitConverter.ToString(hash).Replace('-', ':'));
}

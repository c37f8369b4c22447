namespace Dais.Rtc.Srtp;

/// <summary>The protection profiles Dais speaks, by their DTLS-SRTP numbers.</summary>
public enum SrtpProfile
{
    /// <summary>AES in counter mode with an 80-bit HMAC-SHA1 tag (RFC 5764 §4.1.2).</summary>
    Aes128CmHmacSha1 = 1,

    /// <summary>AES-128 in Galois/counter mode with a 128-bit tag (RFC 7714 §14.2).</summary>
    AeadAes128Gcm = 7,
}

/// <summary>What a DTLS handshake yields for SRTP (RFC 5764 §4.2).</summary>
/// <param name="Profile">The profile both sides agreed on.</param>
/// <param name="Send">Master key and salt of the packets we send.</param>
/// <param name="Receive">Master key and salt of the packets we receive.</param>
public sealed record SrtpKeyingMaterial(SrtpProfile Profile, SrtpMasterKey Send, SrtpMasterKey Receive);

/// <summary>The master key and salt of one direction (RFC 3711 §3.2.1).</summary>
/// <param name="Key">16 bytes.</param>
/// <param name="Salt">14 bytes for <see cref="SrtpProfile.Aes128CmHmacSha1"/>, 12 for <see cref="SrtpProfile.AeadAes128Gcm"/>.</param>
public sealed record SrtpMasterKey(byte[] Key, byte[] Salt);

namespace Dais.Rtc.Srtp;

/// <summary>The keys packets are protected with, derived from a master key (RFC 3711 §4.3, RFC 7714 §11).</summary>
internal sealed record SrtpSessionKeys
{
    private const byte RtpKeyLabel = 0;
    private const byte RtpAuthenticationLabel = 1;
    private const byte RtpSaltLabel = 2;
    private const byte RtcpKeyLabel = 3;
    private const byte RtcpAuthenticationLabel = 4;
    private const byte RtcpSaltLabel = 5;

    /// <summary>Bytes of the master salt as the derivation takes it; the shorter one of GCM is padded with zeros at its end.</summary>
    private const int PaddedSaltBytes = 14;

    /// <summary>Where the label meets the salt: it stands above a 48-bit index that is always 0 here (RFC 3711 §4.3.1).</summary>
    private const int LabelOffset = 7;

    public required byte[] RtpKey { get; init; }

    public required byte[] RtpSalt { get; init; }

    public required byte[] RtcpKey { get; init; }

    public required byte[] RtcpSalt { get; init; }

    /// <summary>The HMAC key; GCM has no use for it.</summary>
    public byte[] RtpAuthentication { get; init; } = [];

    /// <summary>The HMAC key; GCM has no use for it.</summary>
    public byte[] RtcpAuthentication { get; init; } = [];

    public static SrtpSessionKeys Derive(SrtpProfile profile, SrtpMasterKey master)
    {
        int saltBytes = SaltBytes(profile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(master.Salt.Length, saltBytes);
        using var cipher = new AesCounterMode(master.Key);
        bool needsAuthentication = profile == SrtpProfile.Aes128CmHmacSha1;
        int authenticationBytes = needsAuthentication ? HmacSha1.KeyBytes : 0;
        return new SrtpSessionKeys
        {
            RtpKey = Derive(cipher, master.Salt, RtpKeyLabel, AesCounterMode.KeyBytes),
            RtpAuthentication = Derive(cipher, master.Salt, RtpAuthenticationLabel, authenticationBytes),
            RtpSalt = Derive(cipher, master.Salt, RtpSaltLabel, saltBytes),
            RtcpKey = Derive(cipher, master.Salt, RtcpKeyLabel, AesCounterMode.KeyBytes),
            RtcpAuthentication = Derive(cipher, master.Salt, RtcpAuthenticationLabel, authenticationBytes),
            RtcpSalt = Derive(cipher, master.Salt, RtcpSaltLabel, saltBytes),
        };
    }

    /// <summary>Bytes of the master and session salts.</summary>
    public static int SaltBytes(SrtpProfile profile) => profile switch
    {
        SrtpProfile.AeadAes128Gcm => 12,
        SrtpProfile.Aes128CmHmacSha1 => 14,
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown profile."),
    };

    /// <summary>The key stream that begins at the salt with the label in it (RFC 3711 §4.3.3).</summary>
    internal static byte[] Derive(AesCounterMode cipher, ReadOnlySpan<byte> masterSalt, byte label, int length)
    {
        Span<byte> iv = stackalloc byte[AesCounterMode.IvBytes];
        iv.Clear();
        masterSalt.CopyTo(iv[..PaddedSaltBytes]);
        iv[LabelOffset] ^= label;
        byte[] derived = new byte[length];
        cipher.Transform(iv, derived, derived);
        return derived;
    }
}

namespace Dais.Rtc.Srtp;

/// <summary>
/// One direction's packet protection by one profile. It knows the layout of protected packets and nothing of streams, indices seen or
/// replays. Callers have checked lengths and headers.
/// </summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of an RTCP packet that stay in the clear: its header and the sender's SSRC (RFC 3711 §3.4).</summary>
    public const int RtcpHeaderBytes = 8;

    /// <summary>Bytes of the encrypted flag and index (RFC 3711 §3.4).</summary>
    public const int RtcpIndexBytes = 4;

    /// <summary>The flag above an SRTCP index: the packet is encrypted (RFC 3711 §3.4).</summary>
    public const uint RtcpEncryptedFlag = 0x8000_0000;

    /// <summary>Bytes a protected RTP packet is longer.</summary>
    public abstract int RtpOverhead { get; }

    /// <summary>Bytes a protected RTCP packet is longer.</summary>
    public abstract int RtcpOverhead { get; }

    public static SrtpCipher CreateSending(SrtpProfile profile, SrtpSessionKeys keys) => Create(profile, keys, isSending: true);

    public static SrtpCipher CreateReceiving(SrtpProfile profile, SrtpSessionKeys keys) => Create(profile, keys, isSending: false);

    /// <summary>
    /// Encrypts <paramref name="payload"/> behind the header that <paramref name="packet"/> begins with; the packet ends with the tag.
    /// </summary>
    public abstract void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, ulong index);

    /// <summary>Decrypts in place; false, with the bytes undefined, when the packet is not authentic.</summary>
    public abstract bool TryUnprotectRtp(Span<byte> packet, int headerLength, ulong index);

    /// <summary>Encrypts <paramref name="packet"/> into <paramref name="destination"/>, which is longer by the overhead.</summary>
    public abstract void ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination, uint index);

    /// <summary>The encrypted flag and index of a protected RTCP packet.</summary>
    public abstract uint ReadRtcpIndex(ReadOnlySpan<byte> packet);

    /// <summary>Decrypts in place; false, with the bytes undefined, when the packet is not authentic.</summary>
    public abstract bool TryUnprotectRtcp(Span<byte> packet, uint flagAndIndex);

    public abstract void Dispose();

    private static SrtpCipher Create(SrtpProfile profile, SrtpSessionKeys keys, bool isSending) => profile switch
    {
        SrtpProfile.AeadAes128Gcm => new SrtpGcmCipher(keys, isSending),
        SrtpProfile.Aes128CmHmacSha1 => new SrtpCounterModeCipher(keys),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Unknown profile."),
    };
}

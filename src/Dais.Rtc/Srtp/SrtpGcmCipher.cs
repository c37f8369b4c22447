using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dais.Rtc.Dtls.OpenSsl;

namespace Dais.Rtc.Srtp;

/// <summary>AEAD_AES_128_GCM (RFC 7714). The header is authenticated only, the payload encrypted, the tag has 16 bytes.</summary>
/// <remarks>
/// <code>
/// RTP:  header | encrypted payload | tag
/// RTCP: header and SSRC | encrypted rest | tag | encrypted flag and index
/// </code>
/// </remarks>
internal sealed class SrtpGcmCipher : SrtpCipher
{
    private const int TagBytes = 16;
    private const int IvBytes = 12;
    private const ulong IndexMask = 0x0000_FFFF_FFFF_FFFF;

    private readonly EvpCipherContextHandle _rtp;
    private readonly EvpCipherContextHandle _rtcp;
    private readonly byte[] _rtpSalt;
    private readonly byte[] _rtcpSalt;

    public SrtpGcmCipher(SrtpSessionKeys keys, bool isSending)
    {
        _rtp = CreateContext(keys.RtpKey, isSending);
        _rtcp = CreateContext(keys.RtcpKey, isSending);
        _rtpSalt = keys.RtpSalt;
        _rtcpSalt = keys.RtcpSalt;
    }

    public override int RtpOverhead => TagBytes;

    public override int RtcpOverhead => TagBytes + RtcpIndexBytes;

    public override void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, ulong index)
    {
        Span<byte> iv = stackalloc byte[IvBytes];
        WriteIv(iv, _rtpSalt, BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), index);
        Seal(_rtp, iv, packet[..headerLength], [], payload, packet.Slice(headerLength, payload.Length + TagBytes));
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, ulong index)
    {
        Span<byte> iv = stackalloc byte[IvBytes];
        WriteIv(iv, _rtpSalt, BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), index);
        return TryOpen(_rtp, iv, packet[..headerLength], [], packet[headerLength..]);
    }

    public override void ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination, uint index)
    {
        Span<byte> iv = stackalloc byte[IvBytes];
        WriteIv(iv, _rtcpSalt, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), index);
        var trailer = destination.Slice(packet.Length + TagBytes, RtcpIndexBytes);
        BinaryPrimitives.WriteUInt32BigEndian(trailer, index | RtcpEncryptedFlag);
        packet[..RtcpHeaderBytes].CopyTo(destination);
        var body = packet[RtcpHeaderBytes..];
        Seal(_rtcp, iv, destination[..RtcpHeaderBytes], trailer, body, destination.Slice(RtcpHeaderBytes, body.Length + TagBytes));
    }

    public override uint ReadRtcpIndex(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpIndexBytes..]);

    public override bool TryUnprotectRtcp(Span<byte> packet, uint flagAndIndex)
    {
        Span<byte> iv = stackalloc byte[IvBytes];
        WriteIv(iv, _rtcpSalt, BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), flagAndIndex & ~RtcpEncryptedFlag);

        // A packet that is not encrypted is authenticated as a whole (RFC 7714 §9.3).
        bool isEncrypted = (flagAndIndex & RtcpEncryptedFlag) != 0;
        int clear = isEncrypted ? RtcpHeaderBytes : packet.Length - TagBytes - RtcpIndexBytes;
        return TryOpen(_rtcp, iv, packet[..clear], packet[^RtcpIndexBytes..], packet[clear..^RtcpIndexBytes]);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    /// <summary>Salt XOR (16 zero bits, SSRC, 48-bit index); an SRTCP index fills the low 31 bits (RFC 7714 §8.1, §9.1).</summary>
    internal static void WriteIv(Span<byte> iv, ReadOnlySpan<byte> salt, uint ssrc, ulong index)
    {
        uint high = BinaryPrimitives.ReadUInt32BigEndian(salt) ^ (ssrc >> 16);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(salt[4..]) ^ ((ulong)(ushort)ssrc << 48) ^ (index & IndexMask);
        BinaryPrimitives.WriteUInt32BigEndian(iv, high);
        BinaryPrimitives.WriteUInt64BigEndian(iv[4..], low);
    }

    private static EvpCipherContextHandle CreateContext(byte[] key, bool isSending)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, AesCounterMode.KeyBytes);
        var handle = NativeMethods.EVP_CIPHER_CTX_new();
        nint cipher = NativeMethods.EVP_aes_128_gcm();
        int done = isSending
            ? NativeMethods.EVP_EncryptInit_ex(handle.Pointer, cipher, 0, in key[0], in NativeError.None)
            : NativeMethods.EVP_DecryptInit_ex(handle.Pointer, cipher, 0, in key[0], in NativeError.None);
        NativeError.ThrowUnless(done == 1);
        return handle;
    }

    /// <summary>Writes the encrypted <paramref name="plain"/> and the tag.</summary>
    private static void Seal(
        EvpCipherContextHandle handle,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> moreClear,
        ReadOnlySpan<byte> plain,
        Span<byte> encryptedAndTag)
    {
        nint context = handle.Pointer;
        ref byte destination = ref MemoryMarshal.GetReference(encryptedAndTag);
        ref byte tag = ref encryptedAndTag[plain.Length];
        int done = NativeMethods.EVP_EncryptInit_ex(context, 0, 0, in NativeError.None, in MemoryMarshal.GetReference(iv))
            & NativeMethods.EVP_EncryptUpdate(
                context, ref NativeError.None, out _, in MemoryMarshal.GetReference(clear), clear.Length);
        if (!moreClear.IsEmpty)
        {
            done &= NativeMethods.EVP_EncryptUpdate(
                context, ref NativeError.None, out _, in MemoryMarshal.GetReference(moreClear), moreClear.Length);
        }

        if (!plain.IsEmpty)
        {
            done &= NativeMethods.EVP_EncryptUpdate(
                context, ref destination, out _, in MemoryMarshal.GetReference(plain), plain.Length);
        }

        done &= NativeMethods.EVP_EncryptFinal_ex(context, ref tag, out _)
            & NativeMethods.EVP_CIPHER_CTX_ctrl(context, NativeMethods.CipherCtrlAeadGetTag, TagBytes, ref tag);
        GC.KeepAlive(handle);
        NativeError.ThrowUnless(done == 1);
    }

    /// <summary>Decrypts in place; false when the tag at the end is wrong.</summary>
    private static bool TryOpen(
        EvpCipherContextHandle handle,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> clear,
        ReadOnlySpan<byte> moreClear,
        Span<byte> encryptedAndTag)
    {
        nint context = handle.Pointer;
        int length = encryptedAndTag.Length - TagBytes;
        ref byte encrypted = ref MemoryMarshal.GetReference(encryptedAndTag);
        ref byte tag = ref encryptedAndTag[length];
        int done = NativeMethods.EVP_DecryptInit_ex(context, 0, 0, in NativeError.None, in MemoryMarshal.GetReference(iv))
            & NativeMethods.EVP_CIPHER_CTX_ctrl(context, NativeMethods.CipherCtrlAeadSetTag, TagBytes, ref tag)
            & NativeMethods.EVP_DecryptUpdate(
                context, ref NativeError.None, out _, in MemoryMarshal.GetReference(clear), clear.Length);
        if (!moreClear.IsEmpty)
        {
            done &= NativeMethods.EVP_DecryptUpdate(
                context, ref NativeError.None, out _, in MemoryMarshal.GetReference(moreClear), moreClear.Length);
        }

        if (length > 0)
        {
            done &= NativeMethods.EVP_DecryptUpdate(context, ref encrypted, out _, in encrypted, length);
        }

        NativeError.ThrowUnless(done == 1);
        bool isAuthentic = NativeMethods.EVP_DecryptFinal_ex(context, ref tag, out _) > 0;
        GC.KeepAlive(handle);
        if (!isAuthentic)
        {
            // A failure leaves an error on the thread's queue, which another user of OpenSSL would take for its own.
            NativeMethods.ERR_clear_error();
        }

        return isAuthentic;
    }
}

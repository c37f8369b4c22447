using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dais.Rtc.Srtp;

/// <summary>AES_CM_128_HMAC_SHA1_80 (RFC 3711 §4): AES in counter mode, then HMAC-SHA1 cut to 10 bytes over what is sent.</summary>
/// <remarks>
/// <code>
/// RTP:  header | encrypted payload | tag, which also covers the rollover counter
/// RTCP: header and SSRC | encrypted rest | encrypted flag and index | tag
/// </code>
/// </remarks>
internal sealed class SrtpCounterModeCipher(SrtpSessionKeys keys) : SrtpCipher
{
    private const int TagBytes = 10;

    private readonly AesCounterMode _rtp = new(keys.RtpKey);
    private readonly AesCounterMode _rtcp = new(keys.RtcpKey);
    private readonly HmacSha1 _rtpAuthentication = new(keys.RtpAuthentication);
    private readonly HmacSha1 _rtcpAuthentication = new(keys.RtcpAuthentication);
    private readonly byte[] _rtpSalt = keys.RtpSalt;
    private readonly byte[] _rtcpSalt = keys.RtcpSalt;

    public override int RtpOverhead => TagBytes;

    public override int RtcpOverhead => RtcpIndexBytes + TagBytes;

    public override void ProtectRtp(Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, ulong index)
    {
        Transform(_rtp, _rtpSalt, packet[8..], index, payload, packet.Slice(headerLength, payload.Length));
        int length = headerLength + payload.Length;
        Span<byte> hash = stackalloc byte[HmacSha1.HashBytes];
        ComputeRtpHash(packet[..length], index, hash);
        hash[..TagBytes].CopyTo(packet[length..]);
    }

    public override bool TryUnprotectRtp(Span<byte> packet, int headerLength, ulong index)
    {
        Span<byte> hash = stackalloc byte[HmacSha1.HashBytes];
        ComputeRtpHash(packet[..^TagBytes], index, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[..TagBytes], packet[^TagBytes..]))
        {
            return false;
        }

        var payload = packet[headerLength..^TagBytes];
        Transform(_rtp, _rtpSalt, packet[8..], index, payload, payload);
        return true;
    }

    public override void ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination, uint index)
    {
        packet[..RtcpHeaderBytes].CopyTo(destination);
        var body = packet[RtcpHeaderBytes..];
        Transform(_rtcp, _rtcpSalt, packet[4..], index, body, destination.Slice(RtcpHeaderBytes, body.Length));
        BinaryPrimitives.WriteUInt32BigEndian(destination[packet.Length..], index | RtcpEncryptedFlag);
        int length = packet.Length + RtcpIndexBytes;
        Span<byte> hash = stackalloc byte[HmacSha1.HashBytes];
        _rtcpAuthentication.Compute(destination[..length], [], hash);
        hash[..TagBytes].CopyTo(destination[length..]);
    }

    public override uint ReadRtcpIndex(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^RtcpOverhead..]);

    public override bool TryUnprotectRtcp(Span<byte> packet, uint flagAndIndex)
    {
        Span<byte> hash = stackalloc byte[HmacSha1.HashBytes];
        _rtcpAuthentication.Compute(packet[..^TagBytes], [], hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[..TagBytes], packet[^TagBytes..]))
        {
            return false;
        }

        if ((flagAndIndex & RtcpEncryptedFlag) != 0)
        {
            var body = packet[RtcpHeaderBytes..^RtcpOverhead];
            Transform(_rtcp, _rtcpSalt, packet[4..], flagAndIndex & ~RtcpEncryptedFlag, body, body);
        }

        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpAuthentication.Dispose();
        _rtcpAuthentication.Dispose();
    }

    /// <summary>(salt · 2^16) XOR (SSRC · 2^64) XOR (index · 2^16) (RFC 3711 §4.1.1).</summary>
    private static void WriteIv(Span<byte> iv, ReadOnlySpan<byte> salt, uint ssrc, ulong index)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(salt) ^ ssrc;
        ulong low = (BinaryPrimitives.ReadUInt64BigEndian(salt[6..]) << 16) ^ (index << 16);
        BinaryPrimitives.WriteUInt64BigEndian(iv, high);
        BinaryPrimitives.WriteUInt64BigEndian(iv[8..], low);
    }

    private static void Transform(
        AesCounterMode cipher, byte[] salt, ReadOnlySpan<byte> ssrc, ulong index, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<byte> iv = stackalloc byte[AesCounterMode.IvBytes];
        WriteIv(iv, salt, BinaryPrimitives.ReadUInt32BigEndian(ssrc), index);
        cipher.Transform(iv, source, destination);
    }

    private void ComputeRtpHash(ReadOnlySpan<byte> covered, ulong index, Span<byte> hash)
    {
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        _rtpAuthentication.Compute(covered, rollover, hash);
    }
}

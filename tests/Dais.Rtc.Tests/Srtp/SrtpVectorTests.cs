using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Srtp;

/// <summary>What the RFCs say a packet looks like on the wire.</summary>
public sealed class SrtpVectorTests
{
    private const string Rtp = "8040f17b8041f8d35501a0b2" +
        "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    private const string ProtectedRtp = "8040f17b8041f8d35501a0b2" +
        "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833" + "899d7f27beb16a9152cf765ee4390cce";
    private const string Rtcp = "81c8000d4d617273" +
        "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
    private const string ProtectedRtcp = "81c8000d4d617273" +
        "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b" +
        "c84aa45896cf4d2fc5abf87245d9eade" + "800005d4";
    private const string AuthenticatedRtcp = Rtcp + "841dd9683dd78ec92ae58790125f62b3" + "000005d4";
    private const uint RtcpIndex = 0x5D4;

    private static readonly SrtpSessionKeys QuidProQuo = new()
    {
        RtpKey = Hex("000102030405060708090a0b0c0d0e0f"),
        RtpSalt = Hex("517569642070726f2071756f"),
        RtcpKey = Hex("000102030405060708090a0b0c0d0e0f"),
        RtcpSalt = Hex("517569642070726f2071756f"),
    };

    [Fact]
    public void Rfc3711_appendix_B2_counter_mode_gives_the_key_stream()
    {
        using var cipher = new AesCounterMode(Hex("2B7E151628AED2A6ABF7158809CF4F3C"));
        byte[] stream = new byte[0xFF02 * 16];

        cipher.Transform(Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), stream, stream);

        Assert.Equal(
            Hex("E03EAD0935C95E80E166B16DD92B4EB4" + "D23513162B02D0F72A43A2FE4A5F97AB" + "41E95B3BB0A2E8DD477901E4FCA894C0"),
            stream[..48]);
        Assert.Equal(
            Hex("EC8CDF7398607CB0F2D21675EA9EA1E4" + "362B7C3C6773516318A077D7FC5073AE" + "6A2CC3787889374FBEB4C81B17BA6C44"),
            stream[^48..]);
    }

    [Fact]
    public void Rfc3711_appendix_B3_master_key_gives_the_session_keys()
    {
        var master = new SrtpMasterKey(Hex("E1F97A0D3E018BE0D64FA32C06DE4139"), Hex("0EC675AD498AFEEBB6960B3AABE6"));

        var keys = SrtpSessionKeys.Derive(SrtpProfile.Aes128CmHmacSha1, master);

        Assert.Equal(Hex("C61E7A93744F39EE10734AFE3FF7A087"), keys.RtpKey);
        Assert.Equal(Hex("30CBBC08863D8C85D49DB34A9AE1"), keys.RtpSalt);
        Assert.Equal(Hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"), keys.RtpAuthentication);
    }

    [Fact]
    public void Rfc3711_appendix_B3_long_derivations_follow_the_key_stream()
    {
        using var cipher = new AesCounterMode(Hex("E1F97A0D3E018BE0D64FA32C06DE4139"));

        byte[] authentication = SrtpSessionKeys.Derive(cipher, Hex("0EC675AD498AFEEBB6960B3AABE6"), label: 1, length: 94);

        Assert.Equal(
            Hex("CEBE321F6FF7716B6FD4AB49AF256A15" + "6D38BAA48F0A0ACF3C34E2359E6CDBCE" + "E049646C43D9327AD175578EF7227098"
                + "6371C10C9A369AC2F94A8C5FBCDDDC25" + "6D6E919A48B610EF17C2041E47403576" + "6B68642C59BBFC2F34DB60DBDFB2"),
            authentication);
    }

    [Fact]
    public void Rfc7714_16_1_1_an_RTP_packet_is_encrypted()
    {
        using var sender = new SrtpSender(SrtpProfile.AeadAes128Gcm, QuidProQuo);
        byte[] buffer = new byte[66];
        Hex(Rtp)[..12].CopyTo(buffer, 0);

        int length = sender.ProtectRtp(buffer, 12, Hex(Rtp).AsSpan(12), packetIndex: 0xF17B);

        Assert.Equal(Hex(ProtectedRtp), buffer[..length]);
    }

    [Fact]
    public void Rfc7714_16_1_2_an_RTP_packet_is_decrypted()
    {
        using var receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, QuidProQuo, new SrtpReceiverOptions());
        byte[] packet = Hex(ProtectedRtp);

        Assert.True(receiver.TryUnprotectRtp(packet, out int length));

        Assert.Equal(Hex(Rtp), packet[..length]);
    }

    [Fact]
    public void Rfc7714_17_1_an_RTCP_packet_is_encrypted()
    {
        using var sender = new SrtpSender(SrtpProfile.AeadAes128Gcm, QuidProQuo, RtcpIndex);
        byte[] destination = new byte[100];

        int length = sender.ProtectRtcp(Hex(Rtcp), destination);

        Assert.Equal(Hex(ProtectedRtcp), destination[..length]);
    }

    [Theory]
    [InlineData(ProtectedRtcp)] // §17.1: encrypted and authenticated.
    [InlineData(AuthenticatedRtcp)] // §17.3: only authenticated.
    public void Rfc7714_17_an_RTCP_packet_is_read(string received)
    {
        using var receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, QuidProQuo, new SrtpReceiverOptions());
        byte[] packet = Hex(received);

        Assert.True(receiver.TryUnprotectRtcp(packet, out int length));

        Assert.Equal(Hex(Rtcp), packet[..length]);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}

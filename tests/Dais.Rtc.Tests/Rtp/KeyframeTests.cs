using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class KeyframeTests
{
    [Theory]
    [InlineData("10 50 01 00 9D 01 2A", true)] // smallest descriptor
    [InlineData("10 51 01 00 9D 01 2A", false)] // interframe
    [InlineData("00 50 01 00", false)] // continues a partition
    [InlineData("11 50 01 00", false)] // partition 1
    [InlineData("90 80 05 50", true)] // 7-bit picture id
    [InlineData("90 80 85 01 50", true)] // 15-bit picture id
    [InlineData("90 F0 85 01 07 20 50", true)] // everything present, as libwebrtc sends
    [InlineData("90 F0 85 01 07 20 51", false)]
    [InlineData("90 10 20 50", true)] // key index alone
    [InlineData("90 F0 85 01 07 20", false)] // no frame header
    [InlineData("90 80", false)]
    [InlineData("90", false)]
    [InlineData("10", false)]
    [InlineData("", false)]
    public void Rfc7741_vp8(string payload, bool expected) => Check(Codec.Vp8, payload, expected);

    [Theory]
    [InlineData("67 42 E0 1F", true)] // sequence parameter set
    [InlineData("68 CE 3C 80", false)] // picture parameter set
    [InlineData("65 88 84", false)] // IDR slice: needs the set before it
    [InlineData("61 E0 00", false)]
    [InlineData("78 00 02 67 42 00 02 68 CE 00 01 65", true)] // STAP-A as browsers send it
    [InlineData("78 00 01 09 00 02 67 42", true)] // access unit delimiter first
    [InlineData("78 00 02 68 CE", false)]
    [InlineData("78 00 09 68 CE 67", false)] // unit longer than the packet
    [InlineData("78 00 00 67 42", false)] // empty unit
    [InlineData("78 00", false)]
    [InlineData("78", false)]
    [InlineData("7C 87 42", true)] // FU-A, start of a sequence parameter set
    [InlineData("7C 07 42", false)] // middle
    [InlineData("7C 85 88", false)] // start of an IDR slice
    [InlineData("7C", false)]
    [InlineData("", false)]
    public void Rfc6184_h264(string payload, bool expected) => Check(Codec.H264, payload, expected);

    [Theory]
    [InlineData("08 82", true)] // start of a frame, not predicted, no layers
    [InlineData("48 82", false)] // predicted
    [InlineData("00 82", false)] // not a start
    [InlineData("88 05 82", true)] // 7-bit picture id
    [InlineData("88 85 01 82", true)] // 15-bit picture id
    [InlineData("A8 85 01 00 00 82", true)] // spatial layer 0
    [InlineData("A8 85 01 02 00 82", false)] // spatial layer 1
    [InlineData("A8 85 01", false)]
    [InlineData("88", false)]
    [InlineData("08", false)]
    [InlineData("", false)]
    public void Rfc9628_vp9(string payload, bool expected) => Check(Codec.Vp9, payload, expected);

    [Theory]
    [InlineData("18 0A 0B", true)] // N bit
    [InlineData("98 0A 0B", false)] // continues an OBU
    [InlineData("10 0A 0B", true)] // one element: a sequence header OBU
    [InlineData("20 02 08 00 32", true)] // two elements, length in front
    [InlineData("20 82 00 08 00", true)] // length of two bytes
    [InlineData("10 32 00", false)] // a frame OBU
    [InlineData("20 02 32 00", false)]
    [InlineData("20 FF FF", false)] // length never ends
    [InlineData("08", false)]
    [InlineData("", false)]
    public void Av1_rtp_4_4(string payload, bool expected) => Check(Codec.Av1, payload, expected);

    [Fact]
    public void Sound_can_be_started_at_every_packet()
    {
        Check(Codec.Opus, "FC", true);
        Check(Codec.Opus, "", false);
    }

    [Theory]
    [InlineData(Codec.Vp8)]
    [InlineData(Codec.H264)]
    [InlineData(Codec.Vp9)]
    [InlineData(Codec.Av1)]
    public void Random_bytes_never_throw(Codec codec)
    {
        var random = new Random(1);
        byte[] bytes = new byte[12];
        for (int round = 0; round < 50_000; round++)
        {
            random.NextBytes(bytes);
            _ = Keyframe.StartsIn(codec, bytes.AsSpan(0, random.Next(bytes.Length + 1)));
        }
    }

    private static void Check(Codec codec, string payload, bool expected) =>
        Assert.Equal(expected, Keyframe.StartsIn(codec, Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal))));
}

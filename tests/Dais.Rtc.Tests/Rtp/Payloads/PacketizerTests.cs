using Dais.Rtc.Rtp;
using Dais.Rtc.Rtp.Payloads;

namespace Dais.Rtc.Tests.Rtp.Payloads;

public sealed class PacketizerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1099, 1)]
    [InlineData(1100, 2)]
    [InlineData(2198, 2)]
    [InlineData(2199, 3)]
    [InlineData(50_000, 46)]
    public void Vp8_is_cut_into_as_few_payloads_as_possible_and_put_together_again(int bytes, int payloads)
    {
        byte[] frame = Bytes(bytes);

        var cut = Cut(new Vp8Packetizer(), frame);

        Assert.Equal(payloads, cut.Count);
        Assert.All(cut, payload => Assert.InRange(payload.Length, 2, Packetizer.DefaultPayloadBytesMax));
        Assert.Equal(frame, PutTogether(new Vp8Depacketizer(), cut));
    }

    [Fact]
    public void Rfc7741_4_2_only_the_first_payload_of_a_frame_has_the_start_bit()
    {
        var cut = Cut(new Vp8Packetizer(), Bytes(3000));

        Assert.Equal([0x10, 0x00, 0x00], cut.Select(payload => payload[0]));
    }

    [Fact]
    public void Rfc7741_4_2_every_optional_field_of_the_descriptor_is_passed_over()
    {
        var depacketizer = new Vp8Depacketizer();

        Assert.True(depacketizer.TryAdd(Convert.FromHexString("90F08501072050AABB")));
        Assert.Equal("50AABB", Convert.ToHexString(depacketizer.Frame.Span));
        Assert.False(depacketizer.TryAdd(Convert.FromHexString("90F085010720")));
        Assert.False(depacketizer.TryAdd([]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(OpusPacketizer.FrameBytesMax, true)]
    [InlineData(OpusPacketizer.FrameBytesMax + 1, false)]
    public void Opus_frames_travel_whole_when_they_can_be_frames(int bytes, bool expected)
    {
        byte[] frame = Bytes(bytes);
        var packetizer = new OpusPacketizer();

        Assert.Equal(expected, packetizer.TryBegin(frame));
        Assert.True(!expected || PutTogether(new OpusDepacketizer(), Cut(packetizer, frame)).SequenceEqual(frame));
    }

    [Fact]
    public void Rfc6184_5_7_1_small_units_are_sent_together()
    {
        byte[] frame = Convert.FromHexString("00000001" + "6742E01F" + "00000001" + "28CE3C80" + "00000001" + "6588840A");

        var cut = Cut(new H264Packetizer(), frame);

        // The highest reference indicator of the three stands in the packet's own header.
        Assert.Equal("7800046742E01F000428CE3C8000046588840A", Convert.ToHexString(Assert.Single(cut)));
        Assert.Equal(frame, PutTogether(new H264Depacketizer(), cut));
    }

    [Fact]
    public void Rfc6184_5_6_a_unit_with_nobody_to_share_with_is_sent_as_it_is()
    {
        byte[] frame = [0, 0, 0, 1, .. Unit(0x61, 900)];

        var cut = Cut(new H264Packetizer(), frame);

        Assert.Equal(Unit(0x61, 900), Assert.Single(cut));
        Assert.Equal(frame, PutTogether(new H264Depacketizer(), cut));
    }

    [Fact]
    public void Rfc6184_5_8_a_large_unit_is_cut_and_its_header_is_told_by_the_fragments()
    {
        byte[] frame = [0, 0, 0, 1, .. Unit(0x65, 3000)];

        var cut = Cut(new H264Packetizer(), frame);

        Assert.Equal([0x7C, 0x7C, 0x7C], cut.Select(payload => payload[0]));
        Assert.Equal([0x85, 0x05, 0x45], cut.Select(payload => payload[1]));
        Assert.Equal(frame, PutTogether(new H264Depacketizer(), cut));
    }

    [Fact]
    public void A_keyframe_as_encoders_write_it_is_told_as_one_and_comes_out_with_long_start_codes()
    {
        byte[] frame =
        [
            0, 0, 0, 1, .. Unit(0x67, 20), 0, 0, 1, .. Unit(0x68, 5), 0, 0, 1, .. Unit(0x65, 2500), 0, 0, 0, 1, .. Unit(0x65, 700), 0, 0,
        ];

        var cut = Cut(new H264Packetizer(), frame);

        Assert.True(Keyframe.StartsIn(Codec.H264, cut[0]));
        Assert.Equal(
            [0, 0, 0, 1, .. Unit(0x67, 20), 0, 0, 0, 1, .. Unit(0x68, 5), 0, 0, 0, 1, .. Unit(0x65, 2500), 0, 0, 0, 1, .. Unit(0x65, 700)],
            PutTogether(new H264Depacketizer(), cut));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000")]
    [InlineData("6588840A")]
    [InlineData("00000001")]
    [InlineData("0000010000000001")]
    public void Bytes_without_a_unit_are_no_frame_of_H264(string frame) =>
        Assert.False(new H264Packetizer().TryBegin(Convert.FromHexString(frame)));

    [Theory]
    [InlineData("67")] // too short
    [InlineData("780009AABB")] // a unit longer than the packet
    [InlineData("78000167000268")] // the second one is
    [InlineData("7800016700")] // half a length
    [InlineData("7C05AABB")] // a middle without a start
    [InlineData("7C8588", "67AABB")] // another unit inside a cut one
    [InlineData("7C8588", "7C8588")] // two starts
    [InlineData("7C85")] // a fragment of nothing
    [InlineData("7945AABB")] // STAP-B, not in this mode
    [InlineData("00AABB")]
    public void Malformed_payloads_of_H264_are_refused(params string[] payloads)
    {
        var depacketizer = new H264Depacketizer();

        Assert.False(payloads.All(payload => depacketizer.TryAdd(Convert.FromHexString(payload))));
    }

    [Fact]
    public void Random_payloads_never_throw()
    {
        var random = new Random(20261201);
        byte[] payload = new byte[64];
        Depacketizer[] depacketizers = [new OpusDepacketizer(), new Vp8Depacketizer(), new H264Depacketizer()];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(payload);
            var cut = payload.AsSpan(0, random.Next(0, payload.Length));
            var depacketizer = depacketizers[i % depacketizers.Length];
            depacketizer.IsStart(cut);
            depacketizer.TryAdd(cut);
            if (i % 50 == 0)
            {
                depacketizer.Reset();
            }
        }
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A unit that holds no start code and does not end with a zero.</summary>
    private static byte[] Unit(byte header, int length) =>
        [header, .. Enumerable.Range(1, length - 1).Select(i => (byte)((i % 250) + 1))];

    private static List<byte[]> Cut(Packetizer packetizer, byte[] frame)
    {
        List<byte[]> payloads = [];
        byte[] buffer = new byte[1500];
        Assert.True(packetizer.TryBegin(frame));
        while (packetizer.TryTake(buffer, out int length))
        {
            payloads.Add(buffer[..length]);
        }

        Assert.True(packetizer.IsDone);
        return payloads;
    }

    private static byte[] PutTogether(Depacketizer depacketizer, List<byte[]> payloads)
    {
        Assert.All(payloads, (payload, index) => Assert.True(index > 0 || depacketizer.IsStart(payload)));
        Assert.All(payloads, payload => Assert.True(depacketizer.TryAdd(payload)));
        return depacketizer.Frame.ToArray();
    }
}

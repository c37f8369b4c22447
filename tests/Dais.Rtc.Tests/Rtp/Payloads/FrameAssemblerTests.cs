using Dais.Rtc.Rtp;
using Dais.Rtc.Rtp.Payloads;

namespace Dais.Rtc.Tests.Rtp.Payloads;

public sealed class FrameAssemblerTests
{
    private readonly FrameAssembler _video = new(TrackKind.Video, reorderMax: 4);
    private readonly List<(string Data, bool IsKeyframe, bool IsAfterLoss)> _frames = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32767)]
    [InlineData(65533)]
    [InlineData(65534)]
    [InlineData(65535)]
    public void Frames_come_out_as_they_were_cut_across_every_wrap(int first)
    {
        Feed(first, 100, "1000AA", marker: false);
        Feed(first + 1, 100, "00BB", marker: true);
        Feed(first + 2, 200, "1001CC", marker: true);

        Assert.Equal([("00AABB", true, false), ("01CC", false, false)], _frames);
    }

    [Fact]
    public void Packets_out_of_order_are_put_in_order()
    {
        Feed(1, 100, "1000AA", marker: false);
        Feed(4, 200, "1001DD", marker: true);
        Feed(3, 100, "00CC", marker: true);
        Assert.Empty(_frames);

        Feed(2, 100, "00BB", marker: false);

        Assert.Equal([("00AABBCC", true, false), ("01DD", false, false)], _frames);
        Assert.Equal(0, _video.PacketsLost);
    }

    [Fact]
    public void A_frame_that_misses_a_packet_is_given_up_and_the_next_says_so()
    {
        Feed(1, 100, "1000AA", marker: false);
        for (int i = 3; i <= 7; i++)
        {
            Feed(i, (uint)(100 * i), "1001CC", marker: true);
        }

        Assert.Equal(("01CC", false, true), _frames[0]);
        Assert.All(_frames.Skip(1), frame => Assert.False(frame.IsAfterLoss));
        Assert.Equal(5, _frames.Count);
        Assert.Equal(1, _video.PacketsLost);
    }

    [Fact]
    public void What_comes_too_late_or_twice_is_dropped()
    {
        Feed(5, 100, "1000AA", marker: true);
        Feed(5, 100, "1000AA", marker: true);
        Feed(4, 50, "1001AA", marker: true);

        Assert.Single(_frames);
    }

    [Fact]
    public void A_stream_that_is_joined_in_the_middle_of_a_frame_begins_with_the_next()
    {
        Feed(5, 100, "00AA", marker: true);
        Feed(6, 200, "1000BB", marker: true);

        Assert.Equal([("00BB", true, true)], _frames);
    }

    [Fact]
    public void A_frame_without_an_end_is_given_up_when_the_next_begins()
    {
        Feed(5, 100, "1000AA", marker: false);
        Feed(6, 200, "1000BB", marker: true);

        Assert.Equal([("00BB", true, true)], _frames);
    }

    [Fact]
    public void A_stream_that_begins_anew_elsewhere_is_followed()
    {
        Feed(5, 100, "1000AA", marker: true);
        Feed(40_000, 200, "1000BB", marker: true);
        Feed(40_001, 300, "1001CC", marker: true);

        Assert.Equal(["00AA", "00BB", "01CC"], _frames.Select(frame => frame.Data));
    }

    [Fact]
    public void Every_packet_of_sound_is_a_frame()
    {
        var audio = new FrameAssembler(TrackKind.Audio);
        List<byte[]> frames = [];
        for (ushort i = 0; i < 3; i++)
        {
            audio.HandlePacket(Codec.Opus, i, 960u * i, marker: false, [0x78, (byte)i]);
            while (audio.TryTakeFrame(out var frame))
            {
                Assert.True(frame.IsKeyframe);
                frames.Add(frame.Data.ToArray());
            }
        }

        Assert.Equal([[0x78, 0], [0x78, 1], [0x78, 2]], frames);
    }

    [Fact]
    public void A_slot_that_shows_somebody_with_another_codec_goes_on()
    {
        Feed(1, 100, "1000AA", marker: true);
        _video.HandlePacket(Codec.H264, 2, 200, marker: true, Convert.FromHexString("6742E01F"));

        Assert.True(_video.TryTakeFrame(out var frame));
        Assert.Equal((Codec.H264, true), (frame.Codec, frame.IsKeyframe));
    }

    private void Feed(int sequenceNumber, uint timestamp, string payload, bool marker)
    {
        _video.HandlePacket(Codec.Vp8, unchecked((ushort)sequenceNumber), timestamp, marker, Convert.FromHexString(payload));
        while (_video.TryTakeFrame(out var frame))
        {
            _frames.Add((Convert.ToHexString(frame.Data.Span), frame.IsKeyframe, frame.IsAfterLoss));
        }
    }
}

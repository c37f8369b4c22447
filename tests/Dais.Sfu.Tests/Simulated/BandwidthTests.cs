using Dais.Rtc.Rtcp;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class BandwidthTests(ITestOutputHelper output)
{
    private static readonly StageId Stage = new(1);

    /// <summary>About a megabit per second.</summary>
    private static readonly ScriptedTrackOptions Picture = new() { PayloadBytes = 1000, FramePackets = 4, KeyframePackets = 12 };

    private static readonly LinkProfile Wide = new() { Latency = TimeSpan.FromMilliseconds(30), RateBitsPerSecond = 3_000_000, QueueBytesMax = 400_000 };

    /// <summary>Enough for the picture, not for more.</summary>
    private static readonly LinkProfile Narrow = Wide with { RateBitsPerSecond = 1_200_000 };

    [Theory]
    [InlineData(RepeatMode.None)]
    [InlineData(RepeatMode.OwnStream)]
    public void Room_for_more_is_found_within_seconds_with_little_padding(RepeatMode repeats)
    {
        using var simulation = Simulate(Narrow);
        var (_, viewer) = Show(simulation, repeats);

        Widen(simulation, viewer);
        simulation.RunFor(TimeSpan.FromSeconds(10));

        var statistics = Statistics(simulation, viewer);
        Trace(simulation, viewer);
        Assert.InRange(statistics.EstimatedBitrate!.Value, 1_400_000, 3_450_000);
        simulation.RunFor(TimeSpan.FromSeconds(50));
        statistics = Statistics(simulation, viewer);
        Trace(simulation, viewer);
        Assert.InRange(statistics.EstimatedBitrate!.Value, 1_400_000, 3_450_000);
        Assert.Equal(0, statistics.PicturesPaused);
        Assert.InRange(viewer.PaddingBytes, 1, viewer.RtpBytes / 50);
        Assert.Equal(0, viewer.UnannouncedPackets);
    }

    [Fact]
    public void The_estimate_is_of_the_path_when_the_path_is_full()
    {
        using var simulation = Simulate(Wide with { RateBitsPerSecond = 1_150_000 });
        var (_, viewer) = Show(simulation);

        simulation.RunFor(TimeSpan.FromSeconds(10));

        Assert.InRange(Statistics(simulation, viewer).EstimatedBitrate!.Value, 900_000, 1_330_000);
        Assert.Equal(0, Statistics(simulation, viewer).PicturesPaused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_picture_is_paused_before_sound_suffers_and_comes_back(int seed)
    {
        using var simulation = Simulate(Wide, seed);
        var (_, viewer) = Show(simulation);
        simulation.RunFor(TimeSpan.FromSeconds(15));

        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = 300_000 };
        Assert.True(simulation.RunUntil(() => Statistics(simulation, viewer).PicturesPaused == 1, TimeSpan.FromSeconds(1.5)));
        simulation.RunFor(TimeSpan.FromSeconds(8));
        Trace(simulation, viewer);
        int soundBefore = viewer.Audio(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(10));

        Trace(simulation, viewer);
        Assert.Equal(1, Statistics(simulation, viewer).PicturesPaused);
        Assert.InRange(viewer.Audio(0).Packets.Count - soundBefore, 480, 520);
        Assert.True(Statistics(simulation, viewer).QueueDelay < TimeSpan.FromMilliseconds(100));

        simulation.DownlinkOf(viewer).Profile = Wide;
        Assert.True(
            simulation.RunUntil(() => Statistics(simulation, viewer).PicturesPaused == 0, TimeSpan.FromSeconds(15)), $"seed {seed}");
        int pictures = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(20));
        Trace(simulation, viewer);
        Assert.Equal(0, Statistics(simulation, viewer).PicturesPaused);
        Assert.InRange(viewer.Video(0).Packets.Count - pictures, 20 * 30 * 4 * 0.95, 20 * 30 * 4 * 1.1);
    }

    [Fact]
    public void Padding_in_the_stream_of_repeats_touches_no_number_of_the_picture()
    {
        using var simulation = Simulate(Narrow);
        var (_, viewer) = Show(simulation, RepeatMode.OwnStream);

        Widen(simulation, viewer);
        simulation.RunFor(TimeSpan.FromSeconds(30));

        Assert.True(viewer.PaddingBytes > 0);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void Five_percent_of_loss_pauses_nothing()
    {
        using var simulation = Simulate(Wide with { Loss = 0.05 });
        var (_, viewer) = Show(simulation);

        simulation.RunFor(TimeSpan.FromSeconds(60));

        Trace(simulation, viewer);
        Assert.Equal(0, simulation.Worker.Statistics.PicturesPaused);
    }

    [Fact]
    public void A_thin_viewer_does_not_harm_a_fat_one()
    {
        using var simulation = Simulate(Wide);
        var (_, fat) = Show(simulation);
        var thin = simulation.AddSubscriber(3, Stage, slots: 1);
        simulation.DownlinkOf(thin).Profile = Wide with { RateBitsPerSecond = 300_000 };

        simulation.RunFor(TimeSpan.FromSeconds(30));

        Trace(simulation, thin);
        Assert.Equal(1, Statistics(simulation, thin).PicturesPaused);
        Assert.Equal(0, Statistics(simulation, fat).PicturesPaused);
        Assert.InRange(fat.Video(0).Packets.Count, 29 * 30 * 4, 31 * 30 * 4);
        Assert.Equal(0, fat.Video(0).MissingCount - PaddingPackets(fat));
    }

    [Fact]
    public void Two_pictures_are_one_when_only_one_passes()
    {
        using var simulation = Simulate(Wide with { RateBitsPerSecond = 1_500_000 });
        var (first, viewer) = Show(simulation);
        var second = simulation.AddPublisher(4, video: Picture);
        simulation.RunFor(TimeSpan.FromSeconds(10));

        simulation.SetStage(Stage, new StageSlot(0, first.Id), new StageSlot(1, second.Id));
        simulation.RunFor(TimeSpan.FromSeconds(20));

        Trace(simulation, viewer);
        int shown = viewer.Video(0).Packets.Count;
        int hidden = viewer.Video(1).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Trace(simulation, viewer);
        Assert.True(viewer.Video(0).Packets.Count - shown > 10 * 30 * 4 * 0.9);
        Assert.True(viewer.Video(1).Packets.Count - hidden < 10 * 30 * 4 * 0.3);
    }

    [Fact]
    public void Padding_leaves_no_gap_in_numbers_and_no_hole_in_frames()
    {
        using var simulation = Simulate(Narrow);
        var (_, viewer) = Show(simulation);

        Widen(simulation, viewer);
        simulation.RunFor(TimeSpan.FromSeconds(30));

        Assert.True(viewer.PaddingBytes > 0);
        var packets = viewer.Video(0).Packets;
        Assert.Equal(PaddingPackets(viewer), viewer.Video(0).MissingCount);
        for (int i = 1; i < packets.Count; i++)
        {
            // Within a frame each packet follows the one before.
            Assert.True(packets[i - 1].Marker || (ushort)(packets[i - 1].SequenceNumber + 1) == packets[i].SequenceNumber);
        }
    }

    [Fact]
    public void A_viewers_own_estimate_is_heeded_where_it_gives_no_feedback()
    {
        using var simulation = Simulate(Wide);
        var (_, viewer) = Show(simulation);
        viewer.SendsFeedback = false;
        simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Null(Statistics(simulation, viewer).EstimatedBitrate);

        SayEstimate(simulation, viewer, 200_000);
        simulation.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(1, Statistics(simulation, viewer).PicturesPaused);

        SayEstimate(simulation, viewer, 5_000_000);
        simulation.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(0, Statistics(simulation, viewer).PicturesPaused);
    }

    [Fact]
    public void A_paused_picture_is_tried_again_where_nothing_can_be_probed()
    {
        using var simulation = Simulate(Wide);
        var (_, viewer) = Show(simulation);
        viewer.SendsFeedback = false;
        simulation.RunFor(TimeSpan.FromSeconds(2));
        SayEstimate(simulation, viewer, 200_000);
        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.True(simulation.RunUntil(() => Statistics(simulation, viewer).PicturesPaused == 0, TimeSpan.FromSeconds(15)));
        Assert.True(simulation.RunUntil(() => Statistics(simulation, viewer).PicturesPaused == 1, TimeSpan.FromSeconds(10)));
    }

    private static SimulatedWorker Simulate(LinkProfile downlink, int seed = 1) =>
        new(new SimulationOptions { Seed = seed, Downlink = downlink });

    private static (ScriptedPublisher Host, ScriptedSubscriber Viewer) Show(SimulatedWorker simulation, RepeatMode repeats = RepeatMode.None)
    {
        var host = simulation.AddPublisher(1, video: Picture);
        // The host's own reports are not what is narrow.
        simulation.DownlinkOf(host).Profile = LinkProfile.Perfect;
        var viewer = simulation.AddSubscriber(2, Stage, slots: 2, repeats: repeats);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        return (host, viewer);
    }

    /// <summary>The path becomes wider than what was seen of it so far.</summary>
    private static void Widen(SimulatedWorker simulation, ScriptedSubscriber viewer)
    {
        simulation.RunFor(TimeSpan.FromSeconds(5));
        simulation.DownlinkOf(viewer).Profile = Wide;
    }

    private static TransportStatistics Statistics(SimulatedWorker simulation, ScriptedSubscriber viewer)
    {
        Assert.True(simulation.Worker.TryGetStatistics(viewer.Id, out var statistics));
        return statistics;
    }

    private static long PaddingPackets(ScriptedSubscriber viewer) => viewer.PaddingBytes / 255;

    private static void SayEstimate(SimulatedWorker simulation, ScriptedSubscriber viewer, long bitsPerSecond)
    {
        byte[] buffer = new byte[64];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(1, []);
        writer.TryWriteReceiverEstimatedMaximumBitrate(1, bitsPerSecond, [1u]);
        viewer.Transport.SendRtcp(writer.Written, simulation.OutputOf(viewer));
    }

    private void Trace(SimulatedWorker simulation, ScriptedSubscriber viewer)
    {
        var statistics = Statistics(simulation, viewer);
        output.WriteLine(
            $"{simulation.Now.Microseconds / 1000} ms {statistics} of {viewer.RtpBytes} in all {simulation.Worker.Statistics.PicturesPaused} pauses");
    }
}

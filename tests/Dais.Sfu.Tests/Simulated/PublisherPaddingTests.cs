using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>What becomes of packets without contents, by which a publisher probes its way.</summary>
public sealed class PublisherPaddingTests
{
    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(33);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(20, 2)]
    public void A_viewer_gets_no_padding_of_the_host_and_misses_no_number(int burst, int seed)
    {
        using var simulation = Watch(seed, LinkProfile.Perfect, out var host, out var viewer);
        for (int i = 0; i < 60; i++)
        {
            SendPadding(simulation, host, burst);
            simulation.RunFor(Frame);
        }

        // What the worker probes with itself is in the stream for repeats.
        Assert.Equal(255 * simulation.Worker.Statistics.PaddingPacketsSent, viewer.PaddingBytes);
        RecordingAssert.IsContinuous(viewer.Video(0), seed);
        Assert.Equal(0, viewer.Video(0).MissingCount);
        Assert.Equal(0, simulation.Worker.Statistics.PacketsRetransmitted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_lost_around_padding_comes_again_in_its_place(int seed)
    {
        using var simulation = Watch(seed, new LinkProfile { Latency = TimeSpan.FromMilliseconds(20) }, out var host, out var viewer);
        var rough = new LinkProfile { Latency = TimeSpan.FromMilliseconds(20), Loss = 0.05 };
        simulation.DownlinkOf(viewer).Profile = rough;
        simulation.UplinkOf(host).Profile = rough;
        simulation.RecordsSent = true;
        for (int i = 0; i < 300; i++)
        {
            SendPadding(simulation, host, i % 3);
            simulation.RunFor(Frame);
        }

        simulation.DownlinkOf(viewer).Profile = LinkProfile.Perfect;
        simulation.UplinkOf(host).Profile = LinkProfile.Perfect;
        simulation.RunFor(TimeSpan.FromSeconds(2));

        Assert.True(simulation.Worker.Statistics.PacketsRetransmitted > 10);
        Assert.InRange(viewer.Player(0).Played.Count, 340, 400);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Fact]
    public void A_viewer_that_comes_later_begins_without_the_padding_since_the_keyframe()
    {
        using var simulation = Watch(1, LinkProfile.Perfect, out var host, out _);
        simulation.RunFor(TimeSpan.FromSeconds(4));
        host.Video.HandleKeyframeRequest(simulation.Now);
        for (int i = 0; i < 20; i++)
        {
            SendPadding(simulation, host, 2);
            simulation.RunFor(Frame);
        }

        var late = simulation.AddSubscriber(10, Stage, repeats: RepeatMode.OwnStream);
        simulation.RunFor(TimeSpan.FromSeconds(1));

        RecordingAssert.IsContinuous(late.Video(0), simulation.Seed);
        Assert.Equal(0, late.Video(0).MissingCount);
    }

    private static SimulatedWorker Watch(int seed, LinkProfile path, out ScriptedPublisher host, out ScriptedSubscriber viewer)
    {
        var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = path, Downlink = path });
        var video = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream, FirstPictureId = 1, FirstSequenceNumber = 65_500 };
        host = simulation.AddPublisher(1, video: video);
        viewer = simulation.AddSubscriber(9, Stage, repeats: RepeatMode.OwnStream);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        return simulation;
    }

    private static void SendPadding(SimulatedWorker simulation, ScriptedPublisher host, int count)
    {
        for (int i = 0; i < count; i++)
        {
            host.Video.SendPadding(host.Transport, simulation.OutputOf(host));
        }
    }
}

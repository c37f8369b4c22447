using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>Somebody comes to a slot of viewers whose path has just looked worse than it is.</summary>
public sealed class NewcomerTests(ITestOutputHelper output)
{
    private const int FirstHost = 1;
    private const int SecondHost = 2;

    private static readonly StageId Stage = new(1);

    /// <summary>About 100, 200 and 350 kbit/s.</summary>
    private static readonly ScriptedTrackOptions[] Picture =
    [
        new() { PayloadBytes = 350, FramePackets = 1, FirstPictureId = 100, TemporalLayers = 2 },
        new() { PayloadBytes = 800, FramePackets = 1, FirstPictureId = 200, TemporalLayers = 2 },
        new() { PayloadBytes = 700, FramePackets = 2, FirstPictureId = 300, TemporalLayers = 2 },
    ];

    private static readonly LinkProfile Wide = new() { Latency = TimeSpan.FromMilliseconds(1), RateBitsPerSecond = 20_000_000, QueueBytesMax = 4_000_000 };

    /// <summary>A picture of a megabit per second on a path that holds the sound alone.</summary>
    private static readonly ScriptedTrackOptions Large = new() { PayloadBytes = 1000, FramePackets = 4, KeyframePackets = 12 };

    private static readonly LinkProfile Thin = new() { Latency = TimeSpan.FromMilliseconds(20), RateBitsPerSecond = 300_000, QueueBytesMax = 12_000 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_viewer_who_was_busy_for_a_moment_again_and_again_is_not_left_without_pictures(int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = Wide, Downlink = Wide });
        var random = new Random(seed);
        StageSlot[] both = [new(0, Add(FirstHost)), new(1, Add(SecondHost))];
        simulation.SetStage(Stage, both[0]);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(8));
        double longest = 0;
        for (int run = 0; run < 20; run++)
        {
            BeBusy(simulation, viewer, random.Next(100, 300));
            simulation.RunFor(TimeSpan.FromMilliseconds(random.Next(100, 1000)));
            var connected = simulation.Now;
            int before = viewer.Video(1).Packets.Count;
            simulation.SetStage(Stage, both);
            Assert.True(simulation.RunUntil(() => viewer.Video(1).Packets.Count > before, TimeSpan.FromSeconds(20)));
            longest = Math.Max(longest, (simulation.Now - connected).TotalMilliseconds);
            simulation.RunFor(TimeSpan.FromMilliseconds(random.Next(500, 4000)));
            simulation.SetStage(Stage, both[0]);
            simulation.RunFor(TimeSpan.FromMilliseconds(random.Next(500, 2000)));
        }

        var own = viewer.Video(0).Packets;
        double gap = own.Zip(own.Skip(1)).Max(pair => (pair.Second.Arrival - pair.First.Arrival).TotalMilliseconds);
        output.WriteLine($"first picture after {longest:0} ms at most, {simulation.Worker.Statistics.PicturesPaused} pauses, of {gap:0} ms at most");
        Assert.InRange(longest, 0, 2_500);
        Assert.InRange(gap, 0, 4_500);

        TransportId Add(int participant) => simulation.AddLayeredPublisher(participant, Picture, new ScriptedTrackOptions { PayloadBytes = 80 }).Id;
    }

    [Fact]
    public void That_the_one_before_was_paused_does_not_keep_back_who_comes_next()
    {
        using var simulation = new SimulatedWorker();
        var first = simulation.AddPublisher(FirstHost, video: Large);
        simulation.SetStage(Stage, new StageSlot(0, first.Id));
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(5));
        simulation.DownlinkOf(viewer).Profile = Thin;
        Assert.True(simulation.RunUntil(() => simulation.Worker.Statistics.PicturesPaused == 1, TimeSpan.FromSeconds(5)));
        simulation.SetStage(Stage);
        var second = simulation.AddPublisher(SecondHost, video: new ScriptedTrackOptions { PayloadBytes = 100, FramePackets = 1 });
        simulation.RunFor(TimeSpan.FromMilliseconds(500));
        uint before = viewer.Video(0).Packets[^1].Content.Source;

        simulation.SetStage(Stage, new StageSlot(0, second.Id));

        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source != before, TimeSpan.FromMilliseconds(500)));
    }

    /// <summary>For a while a viewer takes in what comes at a quarter of the speed, as a browser does whose machine has more to do.</summary>
    private static void BeBusy(SimulatedWorker simulation, ScriptedSubscriber viewer, int milliseconds)
    {
        var path = simulation.DownlinkOf(viewer);
        for (int passed = 0; passed < milliseconds; passed += 10)
        {
            path.Profile = Wide with { Latency = Wide.Latency + TimeSpan.FromMilliseconds(3 * passed) };
            simulation.RunFor(TimeSpan.FromMilliseconds(10));
        }

        path.Profile = Wide;
    }
}

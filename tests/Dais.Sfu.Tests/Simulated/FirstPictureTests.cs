using Dais.Rtc;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class FirstPictureTests
{
    private const uint Host = 1;

    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly ScriptedTrackOptions Numbered = new() { FirstPictureId = 32_700, FirstTl0PictureIndex = 250 };

    [Fact]
    public void Soon_after_a_keyframe_a_viewer_sees_everything_since_at_once_and_nobody_is_asked()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(OneSecond);
        int asked = host.Video.KeyframeRequests.Count;

        var viewer = simulation.AddSubscriber(9, Stage);
        Assert.True(simulation.RunUntil(() => viewer.Transport.IsConnected, OneSecond));
        var connected = simulation.Now;
        simulation.RunFor(OneSecond);

        var packets = viewer.Video(0).Packets;
        Assert.Equal(connected, packets[0].Arrival);
        Assert.Equal(asked, host.Video.KeyframeRequests.Count);
        Assert.Equal(1, simulation.Worker.Statistics.ReplaysWhole);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        RecordingAssert.NumbersPicturesContinuously(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsWholeOnceSorted(viewer.Video(0), simulation.Seed);

        // What came over a second is to be shown within a fraction of it; from there on pictures keep their steps.
        var replayed = packets.TakeWhile(packet => packet.Arrival == connected).ToList();
        Assert.InRange(replayed.Count, 50, 70);
        Assert.InRange(replayed[^1].Timestamp - replayed[0].Timestamp, 90u, 90_000u / 16);
        Assert.Equal(3000u, packets[replayed.Count].Timestamp - replayed[^1].Timestamp);
    }

    [Fact]
    public void Long_after_a_keyframe_a_viewer_sees_it_at_once_and_the_next_is_asked_for()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(OneSecond * 4);
        int asked = host.Video.KeyframeRequests.Count;

        var viewer = simulation.AddSubscriber(9, Stage);
        Assert.True(simulation.RunUntil(() => viewer.Transport.IsConnected, OneSecond));
        var connected = simulation.Now;
        simulation.RunFor(OneSecond);

        Assert.Equal(4, viewer.Video(0).Packets.Count(packet => packet.Arrival == connected));
        Assert.Equal(asked + 1, host.Video.KeyframeRequests.Count);
        Assert.Equal(1, simulation.Worker.Statistics.ReplaysOfKeyframe);
        Assert.True(viewer.Video(0).Packets[4].Content is { IsKeyframe: true, PacketInFrame: 0 });
        Assert.True(viewer.Video(0).Packets.Count > 50);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void Very_long_after_a_keyframe_a_viewer_waits_for_the_next()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(OneSecond * 12);

        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunFor(OneSecond);

        Assert.Equal(0, simulation.Worker.Statistics.ReplaysOfKeyframe);
        Assert.True(viewer.Video(0).Packets[0].Content.Number > 300);
        Assert.True(host.Video.KeyframeRequests.Count > 0);
    }

    [Fact]
    public void A_storm_of_five_hundred_joins_asks_for_one_keyframe_per_second_and_everyone_sees_at_once()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(OneSecond * 4);
        int asked = host.Video.KeyframeRequests.Count;
        var began = simulation.Now;
        List<(ScriptedSubscriber Viewer, Timestamp Joined)> viewers = [];
        for (int i = 0; i < 500; i++)
        {
            viewers.Add((simulation.AddSubscriber(100 + i, Stage, slots: 1), simulation.Now));
            simulation.RunFor(TimeSpan.FromMilliseconds(5));
        }

        var times = host.Video.KeyframeRequests.Skip(asked).ToList();
        Assert.InRange(times.Count, 1, (int)(simulation.Now - began).TotalSeconds + 1);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True((pair.Second - pair.First).TotalSeconds >= 1));
        simulation.RunFor(OneSecond);
        foreach (var (viewer, joined) in viewers)
        {
            Assert.InRange((viewer.Video(0).Packets[0].Arrival - joined).TotalMilliseconds, 0, 100);
            RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        }
    }

    [Fact]
    public void What_lost_a_packet_since_the_keyframe_is_not_replayed_beyond_it()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(TimeSpan.FromMilliseconds(500));
        host.Video.SkipSequenceNumbers(1);
        simulation.RunFor(TimeSpan.FromMilliseconds(500));

        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunFor(OneSecond);

        Assert.Equal((0, 1), (simulation.Worker.Statistics.ReplaysWhole, simulation.Worker.Statistics.ReplaysOfKeyframe));
        Assert.True(viewer.Video(0).Packets[4].Content is { IsKeyframe: true, PacketInFrame: 0 });
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void What_is_too_large_to_send_at_once_is_not_replayed()
    {
        using var simulation = Show(Numbered with { PayloadBytes = 1100, KeyframePackets = 200 }, out var host);
        simulation.RunFor(OneSecond);

        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunFor(OneSecond);

        Assert.Equal((0, 0), (simulation.Worker.Statistics.ReplaysWhole, simulation.Worker.Statistics.ReplaysOfKeyframe));
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        Assert.True(host.Video.KeyframesSent > 1);
    }

    [Fact]
    public void A_stage_that_changes_before_many_viewers_is_replayed_in_portions()
    {
        var other = new StageId(2);
        using var simulation = Show(Numbered with { PayloadBytes = 1100, KeyframePackets = 100 }, out var host);
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 100).Select(i => simulation.AddSubscriber(100 + i, other, slots: 1))];
        simulation.RunFor(OneSecond);
        long before = simulation.DatagramsSent;

        simulation.SetStage(other, new StageSlot(0, host.Id));

        Assert.InRange(simulation.DatagramsSent - before, 1000, 2100);
        simulation.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.All(viewers, viewer => Assert.True(viewer.Video(0).Packets.Count > 100));
        Assert.All(viewers, viewer => RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed));
        // So large that all since would stand in a queue: the keyframe alone.
        Assert.Equal(100, simulation.Worker.Statistics.ReplaysOfKeyframe);
    }

    [Fact]
    public void Nothing_of_before_a_mute_is_shown_after_it()
    {
        using var simulation = Show(Numbered, out var host);
        simulation.RunFor(OneSecond);
        simulation.SetStage(Stage, new StageSlot(0, host.Id, Video: false));
        host.Video.IsOn = false;
        simulation.RunFor(TimeSpan.FromMilliseconds(500));
        uint next = host.Video.NextNumber;
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        host.Video.IsOn = true;
        var viewer = simulation.AddSubscriber(9, Stage);

        simulation.RunFor(OneSecond);

        Assert.True(viewer.Video(0).Packets[0].Content.Number >= next);
    }

    [Fact]
    public void A_keyframe_whose_beginning_came_last_is_shown_whole()
    {
        var track = Numbered with { Repeats = RepeatMode.OwnStream, BeginsWithKeyframe = false };
        using var simulation = Show(track, out var host);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.RunUntil(() => viewer.Transport.IsConnected && host.Video.KeyframeRequests.Count > 0, OneSecond);
        // The very next frame is the keyframe; its first packet is lost.
        simulation.LoseNext(host, payloadType: host.Video.Track.PayloadType);
        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.PacketsRestored > 0);
        Assert.True(viewer.Video(0).Packets.Count > 50);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        Assert.Single(host.Video.KeyframeRequests);
    }

    [Theory]
    [InlineData(RepeatMode.AsItWas, 1)]
    [InlineData(RepeatMode.OwnStream, 2)]
    public void What_was_replayed_is_sent_again_as_it_was(RepeatMode repeats, int seed)
    {
        var link = new LinkProfile { Latency = TimeSpan.FromMilliseconds(20), Loss = 0.1 };
        using var simulation = Show(Numbered, out _, new SimulationOptions { Seed = seed, Downlink = link });
        simulation.RunFor(OneSecond);
        simulation.RecordsSent = true;
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 10).Select(i => simulation.AddSubscriber(10 + i, Stage, repeats: repeats))];

        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.PacketsRetransmitted > 50);
        Assert.InRange(simulation.Worker.Statistics.ReplaysWhole, 8, 10);
        SentAssert.NoNumberHasTwoContents(simulation);
        Assert.All(viewers, viewer => Assert.NotEmpty(viewer.Video(0).Packets));
    }

    [Fact]
    public void A_woven_room_sees_at_once_and_the_host_is_not_asked()
    {
        using var cluster = new SimulatedCluster();
        var (near, far) = (cluster.Workers[0], cluster.Workers[1]);
        cluster.Relay(0, 1).Latency = cluster.Relay(1, 0).Latency = TimeSpan.FromMilliseconds(1);
        var host = near.AddPublisher(Host, video: Numbered);
        near.SetStage(Stage, new StageSlot(0, host.Id));
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 20).Select(i => far.AddSubscriber(10 + i, Stage))];
        cluster.RunFor(OneSecond);
        int asked = host.Video.KeyframeRequests.Count;
        var woven = cluster.Now;

        far.SetStage(Stage, new StageSlot(0, host.Id, Remote: new RemotePublisher(0, host.Participant, host.Tracks)));
        cluster.RunFor(OneSecond);

        Assert.Equal(asked, host.Video.KeyframeRequests.Count);
        foreach (var viewer in viewers)
        {
            Assert.InRange((viewer.Video(0).Packets[0].Arrival - woven).TotalMilliseconds, 0, 5);
            RecordingAssert.IsContinuous(viewer.Video(0), seed: 1);
            RecordingAssert.NumbersPicturesContinuously(viewer.Video(0), seed: 1);
            RecordingAssert.IsWholeOnceSorted(viewer.Video(0), seed: 1);
        }
    }

    private static SimulatedWorker Show(ScriptedTrackOptions video, out ScriptedPublisher host, SimulationOptions? options = null)
    {
        var simulation = new SimulatedWorker(options);
        host = simulation.AddPublisher(Host, video: video);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        return simulation;
    }
}

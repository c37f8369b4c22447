using Dais.Sfu.Relays;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class LayerTests(ITestOutputHelper output)
{
    private static readonly StageId Stage = new(1);

    /// <summary>About 150 and 500 kbit/s and 1.7 Mbit/s; every number begins elsewhere in each.</summary>
    private static readonly ScriptedTrackOptions[] Picture =
    [
        new() { PayloadBytes = 550, FramePackets = 1, KeyframePackets = 4, FirstPictureId = 100, FirstTl0PictureIndex = 9, FirstTimestamp = 5 },
        new() { PayloadBytes = 1000, FramePackets = 2, KeyframePackets = 6, FirstPictureId = 32_760, FirstTl0PictureIndex = 250, FirstSequenceNumber = 65_530 },
        new() { PayloadBytes = 1100, FramePackets = 6, KeyframePackets = 12, FirstPictureId = 9_000, FirstTimestamp = 0xFFFF_F000, FirstSequenceNumber = 7 },
    ];

    private static readonly LinkProfile Wide = new() { Latency = TimeSpan.FromMilliseconds(20), RateBitsPerSecond = 8_000_000, QueueBytesMax = 400_000 };
    private static readonly LinkProfile Thin = Wide with { RateBitsPerSecond = 400_000, QueueBytesMax = 60_000 };

    [Fact]
    public void Encodings_are_told_by_their_rid()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);

        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.Equal(0, simulation.Worker.Statistics.Dropped(DropReason.UnknownSource));
        Assert.NotEmpty(viewer.Video(0).Packets);
    }

    [Fact]
    public void A_thin_and_a_fat_viewer_side_by_side_get_what_passes_to_them()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var fat = Watch(simulation, host, 2);
        var thin = Watch(simulation, host, 3);
        simulation.DownlinkOf(fat).Profile = Wide;
        simulation.DownlinkOf(thin).Profile = Thin;

        simulation.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(12u, fat.Video(0).Packets[^1].Content.Source);
        Assert.Equal(10u, thin.Video(0).Packets[^1].Content.Source);
        int fatFrom = fat.Video(0).Packets.Count;
        int thinFrom = thin.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(20));
        Assert.All(fat.Video(0).Packets.Skip(fatFrom), packet => Assert.Equal(12u, packet.Content.Source));
        Assert.True(thin.Video(0).Packets.Skip(thinFrom).Count(packet => packet.Content.Source == 10) > 20 * 30 * 0.85);
        AssertClean(fat);
    }

    [Theory]
    [InlineData(180, 10)]
    [InlineData(181, 11)]
    [InlineData(360, 11)]
    [InlineData(700, 12)]
    [InlineData(0, 12)]
    [InlineData(4000, 12)]
    public void A_tile_gets_no_more_than_it_shows(int height, uint expected)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        Prefer(simulation, viewer, height);

        simulation.RunFor(TimeSpan.FromSeconds(15));

        Assert.Equal(expected, viewer.Video(0).Packets[^1].Content.Source);
        AssertClean(viewer);
    }

    [Fact]
    public void Going_up_and_down_leaves_no_gap_and_time_goes_on()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        simulation.RunFor(TimeSpan.FromSeconds(10));

        foreach (int height in new[] { 180, 720, 360, 180, 360, 720 })
        {
            Prefer(simulation, viewer, height);
            uint expected = height == 180 ? 10u : height == 360 ? 11u : 12u;
            Assert.True(simulation.RunUntil(
                () => viewer.Video(0).Packets[^1].Content.Source == expected, TimeSpan.FromSeconds(4)), $"to {height}");
        }

        Assert.True(simulation.Worker.Statistics.LayerSwitches >= 6);
        AssertClean(viewer);
        // The sender reports of both encodings tell the same instant: pictures keep their distance across a switch.
        var packets = viewer.Video(0).Packets;
        for (int i = 1; i < packets.Count; i++)
        {
            if (packets[i].Content.Source != packets[i - 1].Content.Source)
            {
                Assert.InRange(packets[i].Timestamp - packets[i - 1].Timestamp, 1u, 3001u);
            }
        }
    }

    [Fact]
    public void A_hidden_tile_gets_nothing_and_comes_back()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        simulation.RunFor(TimeSpan.FromSeconds(5));

        Prefer(simulation, viewer, 0, isPaused: true);
        simulation.RunFor(TimeSpan.FromMilliseconds(200));
        int before = viewer.Video(0).Packets.Count;
        int sound = viewer.Audio(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal(before, viewer.Video(0).Packets.Count);
        Assert.True(viewer.Audio(0).Packets.Count > sound + 100);
        Assert.Equal(0, simulation.Worker.Statistics.PicturesPaused);

        Prefer(simulation, viewer, 360);
        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets.Count > before + 30, TimeSpan.FromSeconds(1)));
        AssertClean(viewer);
    }

    [Fact]
    public void When_an_encoding_dies_one_that_lives_is_shown()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(12u, viewer.Video(0).Packets[^1].Content.Source);

        host.Layers[2].IsOn = false;

        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source == 11, TimeSpan.FromSeconds(2)));
        host.Layers[2].IsOn = true;
        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source == 12, TimeSpan.FromSeconds(15)));
        AssertClean(viewer);
    }

    [Fact]
    public void The_publisher_is_told_what_nobody_watches_late_and_what_somebody_does_at_once()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        Prefer(simulation, viewer, 180);
        simulation.RunFor(TimeSpan.FromSeconds(4));
        Assert.Empty(Wanted(simulation));

        simulation.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(["q"], Wanted(simulation));

        Prefer(simulation, viewer, 720);
        simulation.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal(["q", "q h f"], Wanted(simulation));

        simulation.Command(new SfuCommand.CloseTransport(viewer.Id));
        simulation.RunFor(TimeSpan.FromSeconds(6));
        Assert.Equal(["q", "q h f", ""], Wanted(simulation));
    }

    [Fact]
    public void Only_temporal_layers_that_pass_are_sent_and_nothing_seems_to_be_missing()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var viewer = WatchTemporal(simulation);
        simulation.RunFor(TimeSpan.FromSeconds(5));
        Assert.Contains(viewer.Video(0).Packets, packet => packet.Content.Temporal!.Value.Id == 2);

        // The base layer has a quarter of the pictures.
        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = 750_000, QueueBytesMax = 60_000 };
        simulation.RunFor(TimeSpan.FromSeconds(15));
        int from = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(10));

        var packets = viewer.Video(0).Packets[from..];
        output.WriteLine(string.Join(' ', packets.GroupBy(packet => packet.Content.Temporal!.Value.Id).Select(group => $"{group.Key}:{group.Count()}")));
        Assert.True(packets.Count(packet => packet.Content.Temporal!.Value.Id == 2) < packets.Count / 10);
        Assert.True(packets.Count > 10 * 7 * 6);
        AssertNumbered(packets);
    }

    [Fact]
    public void What_is_lost_among_packets_behind_left_out_ones_is_sent_again_as_it_was()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = Wide });
        var viewer = WatchTemporal(simulation);
        simulation.RunFor(TimeSpan.FromSeconds(5));
        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = 750_000, QueueBytesMax = 60_000, Loss = 0.02 };
        simulation.RunFor(TimeSpan.FromSeconds(15));
        int from = viewer.Video(0).Packets.Count;

        simulation.RunFor(TimeSpan.FromSeconds(10));

        var packets = viewer.Video(0).Packets[from..];
        Assert.Contains(packets, packet => packet.IsRepeat);
        AssertNumbered([.. packets.DistinctBy(packet => packet.SequenceNumber).OrderBy(packet => (ushort)(packet.SequenceNumber - packets[0].SequenceNumber))], 3);
    }

    [Fact]
    public void All_pictures_of_a_smaller_encoding_are_preferred_to_a_part_of_a_larger_one()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = Wide });
        var host = simulation.AddLayeredPublisher(1, [.. Picture.Select(layer => layer with { TemporalLayers = 3 })]);
        var viewer = Watch(simulation, host);
        // Room for the middle one and a half; the base layer of the largest would fit.
        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = 1_000_000 };
        simulation.RunFor(TimeSpan.FromSeconds(15));
        int from = viewer.Video(0).Packets.Count;

        simulation.RunFor(TimeSpan.FromSeconds(10));

        var packets = viewer.Video(0).Packets[from..];
        Assert.All(packets, packet => Assert.Equal(11u, packet.Content.Source));
        Assert.InRange(packets.Count(packet => packet.Content.Temporal!.Value.Id == 2), 280, 320);
    }

    [Theory]
    // The base layer is a quarter, and the next a half, and one of them fits; the whole does not where there are no temporal layers.
    [InlineData(3, 1_000_000, 65, 155)]
    [InlineData(1, 1_000_000, 0, 0)]
    [InlineData(3, 350_000, 0, 0)]
    public void While_a_lower_encoding_is_awaited_no_more_is_sent_than_passes(int temporalLayers, long rate, int picturesMin, int picturesMax)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = Wide, Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, [.. Picture.Select(layer => layer with { TemporalLayers = temporalLayers })]);
        var viewer = Watch(simulation, host);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(12u, viewer.Video(0).Packets[^1].Content.Source);
        host.Layers[0].AnswersKeyframeRequests = false;
        host.Layers[1].AnswersKeyframeRequests = false;

        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = rate };
        simulation.RunFor(TimeSpan.FromSeconds(3));
        int from = viewer.Video(0).Packets.Count;
        simulation.RunFor(TimeSpan.FromSeconds(10));

        var packets = viewer.Video(0).Packets[from..];
        Assert.InRange(packets.Select(packet => packet.Timestamp).Distinct().Count(), picturesMin, picturesMax);
        Assert.All(packets, packet => Assert.Equal(12u, packet.Content.Source));
        Assert.InRange(simulation.DownlinkOf(viewer).QueueAt(simulation.Now).TotalMilliseconds, 0, 200);

        // And what was awaited is shown as soon as it comes, and the one before again when the path has room; nothing seems to be missing.
        host.Layers[0].AnswersKeyframeRequests = true;
        host.Layers[1].AnswersKeyframeRequests = true;
        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source < 12, TimeSpan.FromSeconds(3)));
        simulation.DownlinkOf(viewer).Profile = Wide;
        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source == 12, TimeSpan.FromSeconds(30)));
        simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal((int)(viewer.PaddingBytes / 255), viewer.Video(0).MissingCount);
    }

    [Fact]
    public void A_picture_that_was_held_up_for_a_lower_encoding_goes_on_with_a_keyframe_when_the_place_wants_it_again()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = Wide, Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        var viewer = Watch(simulation, host);
        simulation.RunFor(TimeSpan.FromSeconds(10));
        host.Layers[0].AnswersKeyframeRequests = false;
        host.Layers[1].AnswersKeyframeRequests = false;
        simulation.DownlinkOf(viewer).Profile = Wide with { RateBitsPerSecond = 1_000_000 };
        simulation.RunFor(TimeSpan.FromSeconds(3));
        simulation.DownlinkOf(viewer).Profile = Wide;
        int from = viewer.Video(0).Packets.Count;

        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets.Count > from + 30, TimeSpan.FromSeconds(30)));

        Assert.True(viewer.Video(0).Packets[from].Content is { IsKeyframe: true, PacketInFrame: 0, Source: 12 });
        AssertClean(viewer);
    }

    [Fact]
    public void A_viewer_of_whom_nothing_is_known_begins_with_the_lowest_and_goes_up_when_a_probe_has_passed()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = Wide, Downlink = Wide });
        var host = simulation.AddLayeredPublisher(1, Picture);
        simulation.RunFor(TimeSpan.FromSeconds(3));

        var viewer = Watch(simulation, host);

        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets.Count > 0, TimeSpan.FromSeconds(1)));
        Assert.Equal(10u, viewer.Video(0).Packets[0].Content.Source);
        Assert.True(simulation.RunUntil(() => viewer.Video(0).Packets[^1].Content.Source == 12, TimeSpan.FromSeconds(2)));
        Assert.InRange(simulation.Worker.Statistics.ProbesSent, 1, 3);
        AssertClean(viewer);
    }

    /// <summary>Packet follows packet and picture picture, but for a few that have not been sent again yet.</summary>
    private static void AssertNumbered(List<ReceivedPacket> packets, int missingMax = 0)
    {
        int missing = 0;
        for (int i = 1; i < packets.Count; i++)
        {
            var (before, packet) = (packets[i - 1], packets[i]);
            if ((ushort)(packet.SequenceNumber - before.SequenceNumber) != 1)
            {
                missing++;
                continue;
            }

            int ahead = before.Timestamp == packet.Timestamp ? 0 : 1;
            Assert.Equal((before.Content.PictureId + ahead) & 0x7FFF, packet.Content.PictureId);
        }

        Assert.InRange(missing, 0, missingMax);
    }

    private static ScriptedSubscriber WatchTemporal(SimulatedWorker simulation)
    {
        var host = simulation.AddPublisher(1, video: Picture[2] with { TemporalLayers = 3, FirstTl0PictureIndex = 250 });
        var viewer = simulation.AddSubscriber(2, Stage, slots: 1, repeats: RepeatMode.OwnStream);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        return viewer;
    }

    [Fact]
    public void A_worker_has_relayed_to_it_what_its_viewers_watch()
    {
        using var cluster = new SimulatedCluster(options: new SimulationOptions { Downlink = Wide });
        var (near, there) = (cluster.Workers[0], cluster.Workers[1]);
        var host = near.AddLayeredPublisher(1, Picture);
        var far = new StageId(2);
        var viewer = there.AddSubscriber(2, far, slots: 1);
        there.SetStage(far, new StageSlot(0, host.Id, Remote: new RemotePublisher(0, host.Participant, host.Tracks)));
        Prefer(there, viewer, 180);
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(10u, viewer.Video(0).Packets[^1].Content.Source);
        Assert.Equal([0, 1], Relayed());

        Prefer(there, viewer, 720);
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(12u, viewer.Video(0).Packets[^1].Content.Source);
        Assert.Equal([0, 1, 2, 3], Relayed());
        Assert.Equal(["q", "q h f"], Wanted(near));

        Prefer(there, viewer, 0, isPaused: true);
        cluster.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal([0, 1], Relayed());
        AssertClean(viewer);

        int[] Relayed()
        {
            int from = cluster.Relay(0, 1).Taken.Count;
            cluster.RunFor(TimeSpan.FromSeconds(1));
            return [.. cluster.Relay(0, 1).Taken.Skip(from).Where(taken => taken.Kind == RelayMessageKind.Packet)
                .Select(taken => (int)taken.Track).Distinct().Order()];
        }
    }

    /// <summary>No number is missing, pictures are numbered one after the other, and time never runs backwards.</summary>
    private static void AssertClean(ScriptedSubscriber viewer)
    {
        var packets = viewer.Video(0).Packets;
        Assert.Equal((int)(viewer.PaddingBytes / 255), viewer.Video(0).MissingCount);
        int keyframes = 0;
        for (int i = 1; i < packets.Count; i++)
        {
            var (before, packet) = (packets[i - 1], packets[i]);
            bool isNew = before.Timestamp != packet.Timestamp;
            Assert.True((int)(packet.Timestamp - before.Timestamp) >= 0, $"packet {i}");
            Assert.Equal(isNew, before.Marker);
            Assert.Equal((before.Content.PictureId + (isNew ? 1 : 0)) & 0x7FFF, packet.Content.PictureId);
            Assert.Equal((byte)(before.Content.Tl0PictureIndex + (isNew ? 1 : 0)), packet.Content.Tl0PictureIndex);
            if (before.Content.Source != packet.Content.Source)
            {
                Assert.True(packet.Content is { IsKeyframe: true, PacketInFrame: 0 });
                keyframes++;
            }
        }

        Assert.InRange(keyframes, 0, 20);
    }

    private static ScriptedSubscriber Watch(SimulatedWorker simulation, ScriptedPublisher host, long participant = 2)
    {
        var viewer = simulation.AddSubscriber(participant, Stage, slots: 1);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        return viewer;
    }

    private static void Prefer(SimulatedWorker simulation, ScriptedSubscriber viewer, int height, bool isPaused = false) =>
        simulation.Command(new SfuCommand.Prefer(viewer.Id, [new SlotPreference(0, height, isPaused)]));

    private static IEnumerable<string> Wanted(SimulatedWorker simulation) =>
        simulation.Events.OfType<SfuEvent.LayersWanted>().Select(wanted => string.Join(' ', wanted.Rids));
}

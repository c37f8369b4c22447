using System.Buffers.Binary;
using Dais.Rtc.Srtp;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class RetransmissionTests
{
    private const uint Host = 1;
    private const uint Guest = 2;

    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    public static TheoryData<RepeatMode, SrtpProfile, int> Ways
    {
        get
        {
            var ways = new TheoryData<RepeatMode, SrtpProfile, int>();
            foreach (int seed in new[] { 1, 2 })
            {
                ways.Add(RepeatMode.OwnStream, SrtpProfile.AeadAes128Gcm, seed);
                ways.Add(RepeatMode.OwnStream, SrtpProfile.Aes128CmHmacSha1, seed);
                ways.Add(RepeatMode.AsItWas, SrtpProfile.AeadAes128Gcm, seed);
                ways.Add(RepeatMode.AsItWas, SrtpProfile.Aes128CmHmacSha1, seed);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_viewer_gets_again_what_its_way_lost(RepeatMode repeats, SrtpProfile profile, int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Profile = profile });
        var host = simulation.AddPublisher(Host, video: new ScriptedTrackOptions { FirstPictureId = 32_000 });
        var guest = simulation.AddPublisher(Guest, video: new ScriptedTrackOptions { FirstPictureId = 5 });
        var viewer = simulation.AddSubscriber(9, Stage, repeats: repeats);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        var rough = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30), Loss = 0.1, Reordering = 0.02 };
        simulation.UplinkOf(viewer).Profile = rough with { Loss = 0.02 };
        simulation.DownlinkOf(viewer).Profile = rough;
        simulation.RecordsSent = true;

        foreach (var shown in new[] { guest, host, guest })
        {
            simulation.RunFor(OneSecond * 3);
            simulation.SetStage(Stage, new StageSlot(0, shown.Id));
        }

        simulation.DownlinkOf(viewer).Profile = new LinkProfile();
        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.PacketsRetransmitted > 50);
        Assert.Equal(0, viewer.Audio(0).MissingCount);
        Assert.Equal(0, viewer.Video(0).MissingCount);
        Assert.Equal(repeats == RepeatMode.OwnStream, viewer.Video(0).Packets.Any(packet => packet.IsRepeat));
        RecordingAssert.IsWholeOnceSorted(viewer.Video(0), seed);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Theory]
    [InlineData(RepeatMode.OwnStream, true, 1)]
    [InlineData(RepeatMode.OwnStream, false, 2)]
    [InlineData(RepeatMode.AsItWas, true, 3)]
    [InlineData(RepeatMode.AsItWas, false, 4)]
    public void What_the_host_lost_comes_again_and_reaches_every_viewer_in_its_place(RepeatMode repeats, bool announcesSsrcs, int seed)
    {
        var track = new ScriptedTrackOptions { Repeats = repeats, FirstSequenceNumber = 65_400, FirstPictureId = 1 };
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed });
        var host = simulation.AddPublisher(Host, track with { FirstPictureId = null }, track, announcesSsrcs);
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 3).Select(i => simulation.AddSubscriber(10 + i, Stage))];
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        simulation.UplinkOf(host).Profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30), Loss = 0.1, Reordering = 0.02 };
        simulation.RecordsSent = true;

        simulation.RunFor(OneSecond * 10);
        simulation.UplinkOf(host).Profile = new LinkProfile();
        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.PacketsAskedFor > 50);
        Assert.Equal(repeats == RepeatMode.OwnStream, simulation.Worker.Statistics.PacketsRestored > 50);
        foreach (var viewer in viewers)
        {
            Assert.Equal(0, viewer.Audio(0).MissingCount);
            Assert.Equal(0, viewer.Video(0).MissingCount);
            RecordingAssert.IsWholeOnceSorted(viewer.Video(0), seed);
        }

        // What came in a stream of its own is none of the host's own stream: it still hears what its way loses.
        double lost = host.Video.LastReport!.Value.CumulativeLost / (double)host.Video.NextNumber / 2;
        Assert.InRange(lost, repeats == RepeatMode.OwnStream ? 0.05 : 0, repeats == RepeatMode.OwnStream ? 0.15 : 0.02);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Fact]
    public void What_comes_again_although_it_came_is_not_forwarded_whatever_it_says()
    {
        var track = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream };
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, track, track);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        simulation.RecordsSent = true;
        int before = viewer.Video(0).Packets.Count;

        // Received ones, one not sent yet, one far away.
        foreach (int number in new[] { 1000, 1030, 1055, 1500, 60_000 })
        {
            host.Video.SendRepeat((ushort)number, new byte[200], host.Transport, simulation.OutputOf(host));
        }

        host.Video.SendRepeat(1000, [], host.Transport, simulation.OutputOf(host));
        simulation.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(6, simulation.Worker.Statistics.Dropped(DropReason.NotMissing));
        Assert.InRange(viewer.Video(0).Packets.Count - before, 0, 2);
        simulation.RunFor(OneSecond);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void A_packet_is_sent_again_a_few_times_and_not_again_within_a_round_trip()
    {
        using var simulation = Watch(RepeatMode.OwnStream, out _, out var viewer);
        viewer.SendsNacks = false;
        ushort number = viewer.Video(0).Packets[^1].SequenceNumber;
        var statistics = simulation.Worker.Statistics;

        Ask();
        Ask();
        Assert.Equal(1, statistics.PacketsRetransmitted);
        for (int i = 0; i < 8; i++)
        {
            simulation.RunFor(TimeSpan.FromMilliseconds(150));
            Ask();
        }

        // Six times, each but the first by two packets.
        Assert.Equal(11, statistics.PacketsRetransmitted);
        Assert.Equal(10, statistics.NacksReceived);

        void Ask()
        {
            viewer.SendNack(viewer.VideoTrack(0).Ssrc, [number], simulation.OutputOf(viewer));
            simulation.RunFor(TimeSpan.Zero);
        }
    }

    [Theory]
    [InlineData(RepeatMode.OwnStream)]
    [InlineData(RepeatMode.AsItWas)]
    public void A_flood_of_requests_costs_no_more_than_its_budget_and_nobody_else_anything(RepeatMode repeats)
    {
        using var simulation = Watch(repeats, out _, out var viewer);
        var other = simulation.AddSubscriber(10, Stage);
        viewer.SendsNacks = false;
        simulation.RecordsSent = true;
        byte[] nack = new byte[1400];
        nack[0] = 0x81;
        nack[1] = 205;
        BinaryPrimitives.WriteUInt16BigEndian(nack.AsSpan(2), (ushort)((nack.Length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(nack.AsSpan(8), viewer.VideoTrack(0).Ssrc);
        for (int tenth = 0; tenth < 50; tenth++)
        {
            ushort first = (ushort)(viewer.Video(0).Packets[^1].SequenceNumber - 5900);
            for (int pair = 0; pair < (nack.Length - 12) / 4; pair++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(nack.AsSpan(12 + (4 * pair)), (ushort)(first + (17 * pair)));
                BinaryPrimitives.WriteUInt16BigEndian(nack.AsSpan(14 + (4 * pair)), 0xFFFF);
            }

            for (int i = 0; i < 20; i++)
            {
                viewer.Transport.SendRtcp(nack, simulation.OutputOf(viewer));
            }

            simulation.RunFor(TimeSpan.FromMilliseconds(100));
        }

        var statistics = simulation.Worker.Statistics;
        Assert.Equal(1000, statistics.NacksReceived);
        Assert.True(statistics.RetransmissionsRefused > 900);
        Assert.InRange(statistics.PacketsRetransmitted, 0, 3 * 400);
        RecordingAssert.IsContinuous(other.Video(0), simulation.Seed);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Fact]
    public void Requests_for_what_was_never_sent_are_not_answered()
    {
        using var simulation = Watch(RepeatMode.OwnStream, out _, out var viewer);
        viewer.SendsNacks = false;
        var output = simulation.OutputOf(viewer);
        var track = viewer.VideoTrack(0);
        ushort last = viewer.Video(0).Packets[^1].SequenceNumber;
        ushort first = viewer.Video(0).Packets[0].SequenceNumber;
        long sent = simulation.DatagramsSent;

        viewer.SendNack(track.Ssrc, [(ushort)(last + 1), (ushort)(last + 100), (ushort)(last + 30_000)], output);
        viewer.SendNack(track.Ssrc, [(ushort)(first - 1), (ushort)(first - 1000)], output);
        viewer.SendNack(track.Retransmission!.Ssrc, [last], output);
        viewer.SendNack(viewer.VideoTrack(1).Ssrc, [last, 0, 65_535], output);
        viewer.SendNack(0xDEAD_BEEF, [last], output);
        simulation.RunFor(TimeSpan.Zero);

        Assert.Equal(sent, simulation.DatagramsSent);
        Assert.Equal(0, simulation.Worker.Statistics.PacketsRetransmitted);
    }

    [Fact]
    public void A_viewer_that_asked_for_a_keyframe_gets_no_old_packets_until_it_is_there_and_none_of_before_then()
    {
        using var simulation = Watch(RepeatMode.OwnStream, out var host, out var viewer);
        viewer.SendsNacks = false;
        ushort old = viewer.Video(0).Packets[^1].SequenceNumber;
        var statistics = simulation.Worker.Statistics;

        viewer.SendPictureLoss(0, simulation.OutputOf(viewer));
        Ask(old);
        Assert.Equal(0, statistics.PacketsRetransmitted);
        Assert.True(simulation.RunUntil(() => host.Video.KeyframesSent == 2, OneSecond * 2));
        simulation.RunFor(TimeSpan.FromMilliseconds(100));
        Ask(old);
        Assert.Equal(0, statistics.PacketsRetransmitted);
        Ask(viewer.Video(0).Packets[^1].SequenceNumber);
        Assert.Equal(1, statistics.PacketsRetransmitted);

        void Ask(ushort number)
        {
            viewer.SendNack(viewer.VideoTrack(0).Ssrc, [number], simulation.OutputOf(viewer));
            simulation.RunFor(TimeSpan.Zero);
        }
    }

    [Fact]
    public void A_host_that_answers_no_request_is_asked_for_a_keyframe_in_the_end()
    {
        var track = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream };
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, track, track);
        simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond * 2);
        int asked = host.Video.KeyframeRequests.Count;

        host.Video.SkipSequenceNumbers(3);
        simulation.RunFor(OneSecond * 3);

        // Three packets for ten round trips, twice in each.
        Assert.Equal(60, host.Video.Nacked.Count);
        Assert.Equal(3, simulation.Worker.Statistics.PacketsGivenUp);
        Assert.Equal(asked + 1, host.Video.KeyframeRequests.Count);
    }

    [Fact]
    public void Nothing_is_asked_for_that_nobody_is_shown()
    {
        var track = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream };
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, track, track);
        simulation.RunFor(OneSecond);

        host.Video.SkipSequenceNumbers(3);
        simulation.RunFor(OneSecond);

        Assert.Empty(host.Video.Nacked);
    }

    [Fact]
    public void A_viewer_of_another_worker_gets_again_what_its_way_lost()
    {
        using var cluster = new SimulatedCluster();
        var (near, far) = (cluster.Workers[0], cluster.Workers[1]);
        var host = near.AddPublisher(Host, video: new ScriptedTrackOptions { FirstPictureId = 7 });
        var viewer = far.AddSubscriber(9, Stage, repeats: RepeatMode.OwnStream);
        far.SetStage(Stage, new StageSlot(0, host.Id, Remote: new RemotePublisher(0, host.Participant, host.Tracks)));
        cluster.RunFor(OneSecond);
        far.DownlinkOf(viewer).Profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30), Loss = 0.1 };

        cluster.RunFor(OneSecond * 5);
        far.DownlinkOf(viewer).Profile = new LinkProfile();
        cluster.RunFor(OneSecond);

        Assert.True(far.Worker.Statistics.PacketsRetransmitted > 20);
        Assert.Equal(0, near.Worker.Statistics.PacketsRetransmitted);
        Assert.Equal(0, viewer.Video(0).MissingCount);
        RecordingAssert.IsWholeOnceSorted(viewer.Video(0), seed: 1);
    }

    /// <summary>A viewer that has watched the host for two seconds over a perfect network.</summary>
    private static SimulatedWorker Watch(RepeatMode repeats, out ScriptedPublisher host, out ScriptedSubscriber viewer)
    {
        var simulation = new SimulatedWorker();
        host = simulation.AddPublisher(Host);
        viewer = simulation.AddSubscriber(9, Stage, repeats: repeats);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond * 2);
        return simulation;
    }
}

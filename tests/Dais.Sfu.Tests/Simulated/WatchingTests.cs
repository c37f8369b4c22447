using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Simulation;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class WatchingTests
{
    private const uint Host = 1;
    private const uint Guest = 2;
    private const uint Viewer = 3;

    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1)]
    public void A_viewer_sees_and_hears_the_host(SrtpProfile profile)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Profile = profile });
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.InRange(viewer.Audio(0).Packets.Count, 45, 52);
        Assert.InRange(viewer.Video(0).Packets.Count, 56, 68);
        RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        Assert.Empty(viewer.Audio(1).Packets);
        Assert.Equal(0, viewer.UnannouncedPackets);
    }

    [Fact]
    public void It_makes_no_difference_in_which_order_stage_publisher_and_subscriber_come()
    {
        using var simulation = new SimulatedWorker();
        simulation.SetStage(Stage, new StageSlot(0, new TransportId(2)));
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.RunFor(OneSecond);
        var host = simulation.AddPublisher(Host);

        simulation.RunFor(OneSecond);

        Assert.Equal(new TransportId(2), host.Id);
        Assert.NotEmpty(viewer.Audio(0).Packets);
        Assert.NotEmpty(viewer.Video(0).Packets);
    }

    [Fact]
    public void Payload_types_and_extension_ids_are_those_of_the_subscriber()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.All(viewer.Audio(0).Packets, packet => Assert.Equal(SessionDescriptions.SubscriberOpus, packet.PayloadType));
        Assert.All(viewer.Audio(0).Packets, packet => Assert.Equal((byte?)30, packet.AudioLevel));
        Assert.All(viewer.Video(0).Packets, packet => Assert.Equal(SessionDescriptions.SubscriberVp8, packet.PayloadType));
        Assert.All(viewer.Video(0).Packets, packet => Assert.Equal((byte?)1, packet.VideoOrientation));
    }

    [Fact]
    public void The_absolute_send_time_is_that_of_the_worker()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.All(
            viewer.Video(0).Packets,
            packet => Assert.Equal((int)((packet.Arrival.Microseconds % 64_000_000 << 18) / 1_000_000), packet.AbsoluteSendTime));
    }

    [Fact]
    public void The_first_sound_of_a_source_has_the_marker_and_the_next_have_not()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.True(viewer.Audio(0).Packets[0].Marker);
        Assert.All(viewer.Audio(0).Packets.Skip(1), packet => Assert.False(packet.Marker));
    }

    [Fact]
    public void A_viewer_who_comes_later_starts_at_a_keyframe_that_was_asked_for()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(5));
        int askedBefore = host.Video.KeyframeRequests.Count;

        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.RunFor(OneSecond);

        Assert.Equal(askedBefore + 1, host.Video.KeyframeRequests.Count);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        Assert.InRange((viewer.Video(0).Packets[0].Arrival - viewer.Audio(0).Packets[0].Arrival).TotalMilliseconds, -40, 40);
    }

    [Fact]
    public void A_participant_does_not_get_its_own_publication_back()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var guest = simulation.AddPublisher(Guest);
        var watchingHost = simulation.AddSubscriber(Host, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id), new StageSlot(1, guest.Id));

        simulation.RunFor(OneSecond);

        Assert.Empty(watchingHost.Audio(0).Packets);
        Assert.Empty(watchingHost.Video(0).Packets);
        Assert.Equal([Guest], watchingHost.Video(1).Sources);
    }

    [Fact]
    public void A_publisher_can_stand_on_several_stages()
    {
        using var simulation = new SimulatedWorker();
        var otherStage = new StageId(2);
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        var otherViewer = simulation.AddSubscriber(4, otherStage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.SetStage(otherStage, new StageSlot(2, host.Id));

        simulation.RunFor(OneSecond);
        simulation.Command(new SfuCommand.CloseStage(Stage));
        int seen = viewer.Video(0).Packets.Count;
        int seenByOther = otherViewer.Video(2).Packets.Count;
        simulation.RunFor(OneSecond);

        Assert.Equal(seen, viewer.Video(0).Packets.Count);
        Assert.True(otherViewer.Video(2).Packets.Count > seenByOther + 50);
        RecordingAssert.IsContinuous(otherViewer.Video(2), simulation.Seed);
    }

    [Fact]
    public void A_codec_the_subscriber_does_not_accept_is_not_sent_and_no_keyframes_are_asked_for_in_vain()
    {
        using var simulation = new SimulatedWorker();
        var onlyH264 = ImmutableDictionary<Codec, byte>.Empty.Add(Codec.H264, 126);
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(Viewer, Stage, videoPayloadTypes: onlyH264);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(5));

        Assert.NotEmpty(viewer.Audio(0).Packets);
        Assert.Empty(viewer.Video(0).Packets);
        Assert.Empty(host.Video.KeyframeRequests);
        Assert.True(simulation.Worker.Statistics.Dropped(DropReason.CodecNotAccepted) > 100);
    }

    [Fact]
    public void An_unannounced_ssrc_is_learnt_from_the_mid()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(
            Host, video: new ScriptedTrackOptions { BeginsWithKeyframe = false }, announcesSsrcs: false);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.NotEmpty(viewer.Audio(0).Packets);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        Assert.Contains(new SfuEvent.TrackStarted(host.Id, TrackKind.Video), simulation.Events);
    }

    [Fact]
    public void A_source_that_says_goodbye_and_comes_back_with_another_ssrc_continues_from_a_keyframe()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, announcesSsrcs: false);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);

        host.SendGoodbye(host.Video, simulation.OutputOf(host));
        host.Video.Ssrc += 100;
        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(OneSecond);

        Assert.True(viewer.Video(0).Packets.Count > before + 30);
        Assert.Equal(2, host.Video.KeyframesSent);
        Assert.True(viewer.Video(0).Packets[before].Content is { IsKeyframe: true, PacketInFrame: 0 });
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }
}

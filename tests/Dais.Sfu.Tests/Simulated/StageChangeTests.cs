using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class StageChangeTests
{
    private const uint Host = 1;
    private const uint Guest = 2;

    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void An_accepted_guest_appears_on_slot_1_of_everyone_within_a_round_trip_and_a_frame()
    {
        var link = new LinkProfile { Latency = TimeSpan.FromMilliseconds(25) };
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = link, Downlink = link });
        var host = simulation.AddPublisher(Host);
        var guest = simulation.AddPublisher(Guest, video: new ScriptedTrackOptions { BeginsWithKeyframe = false });
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 20).Select(i => simulation.AddSubscriber(100 + i, Stage))];
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(3));
        int transports = simulation.Worker.TransportCount;
        int events = simulation.Events.Count;
        var accepted = simulation.Now;

        simulation.SetStage(Stage, new StageSlot(0, host.Id), new StageSlot(1, guest.Id));
        simulation.RunFor(OneSecond);

        foreach (var viewer in viewers)
        {
            // The request travels to the guest, the keyframe to the server, and on to the viewer.
            var first = viewer.Video(1).Packets[0];
            Assert.InRange((first.Arrival - accepted).TotalMilliseconds, 0, 75 + 34);
            RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(1), simulation.Seed);
            RecordingAssert.IsContinuous(viewer.Video(1), simulation.Seed);
            Assert.NotEmpty(viewer.Audio(1).Packets);
            RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        }

        Assert.Equal(transports, simulation.Worker.TransportCount);
        Assert.Equal(events, simulation.Events.Count);
        Assert.Single(guest.Video.KeyframeRequests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(32767)]
    [InlineData(32768)]
    [InlineData(65534)]
    [InlineData(65535)]
    public void A_slot_that_changes_its_source_goes_on_without_a_break(int firstSequenceNumber)
    {
        var track = new ScriptedTrackOptions
        {
            FirstSequenceNumber = (ushort)firstSequenceNumber,
            FirstTimestamp = uint.MaxValue - 1000,
        };
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, track with { FirstSequenceNumber = 65500 }, track with { FirstSequenceNumber = 65500 });
        var guest = simulation.AddPublisher(Guest, track, track);
        var viewer = simulation.AddSubscriber(9, Stage);

        foreach (var shown in new[] { host, guest, host, guest })
        {
            simulation.SetStage(Stage, new StageSlot(0, shown.Id));
            simulation.RunFor(OneSecond * 1.5);
        }

        Assert.Equal([Host, Guest, Host, Guest], viewer.Video(0).Sources);
        Assert.Equal([Host, Guest, Host, Guest], viewer.Audio(0).Sources);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(16383)]
    [InlineData(32766)]
    [InlineData(32767)]
    public void A_slot_that_changes_its_source_numbers_pictures_in_one_run(int firstPictureId)
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host, video: new ScriptedTrackOptions { FirstPictureId = 100, FirstTl0PictureIndex = 250 });
        var guest = simulation.AddPublisher(
            Guest, video: new ScriptedTrackOptions { FirstPictureId = (ushort)firstPictureId, FirstTl0PictureIndex = 7 });
        var viewer = simulation.AddSubscriber(9, Stage);
        var another = simulation.AddSubscriber(10, new StageId(2));
        simulation.SetStage(new StageId(2), new StageSlot(0, host.Id));

        foreach (var shown in new[] { host, guest, host, guest })
        {
            simulation.SetStage(Stage, new StageSlot(0, shown.Id));
            simulation.RunFor(OneSecond * 1.5);
        }

        Assert.Equal([Host, Guest, Host, Guest], viewer.Video(0).Sources);
        RecordingAssert.NumbersPicturesContinuously(viewer.Video(0), simulation.Seed);
        RecordingAssert.NumbersPicturesContinuously(another.Video(0), simulation.Seed);
    }

    [Fact]
    public void Timestamps_advance_as_time_does_across_a_pause()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        int before = viewer.Audio(0).Packets.Count;

        simulation.SetStage(Stage);
        simulation.RunFor(OneSecond * 10);
        Assert.Equal(before, viewer.Audio(0).Packets.Count);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);

        var last = viewer.Audio(0).Packets[before - 1];
        var next = viewer.Audio(0).Packets[before];
        Assert.Equal((ushort)(last.SequenceNumber + 1), next.SequenceNumber);
        double elapsed = (next.Arrival - last.Arrival).TotalSeconds;
        Assert.InRange((next.Timestamp - last.Timestamp) / 48_000.0, elapsed - 0.001, elapsed + 0.001);
    }

    [Fact]
    public void A_muted_track_is_not_forwarded_and_an_unmuted_picture_starts_at_a_keyframe()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);

        simulation.SetStage(Stage, new StageSlot(0, host.Id, Audio: true, Video: false));
        int seen = viewer.Video(0).Packets.Count;
        int heard = viewer.Audio(0).Packets.Count;
        simulation.RunFor(OneSecond);
        Assert.Equal(seen, viewer.Video(0).Packets.Count);
        Assert.True(viewer.Audio(0).Packets.Count > heard + 40);

        simulation.SetStage(Stage, new StageSlot(0, host.Id, Audio: false, Video: true));
        heard = viewer.Audio(0).Packets.Count;
        simulation.RunFor(OneSecond);

        Assert.Equal(heard, viewer.Audio(0).Packets.Count);
        Assert.True(viewer.Video(0).Packets[seen].Content is { IsKeyframe: true, PacketInFrame: 0 });
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void Saying_the_same_of_a_stage_again_interrupts_nobody()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var guest = simulation.AddPublisher(Guest);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        int asked = host.Video.KeyframeRequests.Count;

        simulation.SetStage(Stage, new StageSlot(0, host.Id), new StageSlot(1, guest.Id));
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);

        Assert.Equal(asked, host.Video.KeyframeRequests.Count);
        Assert.InRange(viewer.Video(0).Packets.Count, 115, 130);
    }

    [Fact]
    public void A_publisher_who_is_on_no_stage_is_heard_by_nobody()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var waiting = simulation.AddPublisher(Guest);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(OneSecond);

        Assert.Equal([Host], viewer.Audio(0).Sources);
        Assert.Empty(viewer.Audio(1).Packets);
        Assert.Empty(waiting.Video.KeyframeRequests);
        Assert.InRange(simulation.Worker.Statistics.Dropped(DropReason.Gated), 100, 125);
    }

    [Fact]
    public void A_publisher_who_leaves_frees_the_slot_and_one_who_takes_it_continues_the_stream()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);

        simulation.Command(new SfuCommand.CloseTransport(host.Id));
        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(OneSecond);
        Assert.Equal(before, viewer.Video(0).Packets.Count);
        var guest = simulation.AddPublisher(Guest);
        simulation.SetStage(Stage, new StageSlot(0, guest.Id));
        simulation.RunFor(OneSecond);

        Assert.True(host.Transport.IsClosed);
        Assert.Equal([Host, Guest], viewer.Video(0).Sources);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void A_packet_of_the_old_source_that_is_late_is_not_sent_any_more()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(Host);
        var guest = simulation.AddPublisher(Guest);
        var viewer = simulation.AddSubscriber(9, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        simulation.UplinkOf(host).Profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(300) };
        simulation.RunFor(OneSecond);

        simulation.SetStage(Stage, new StageSlot(0, guest.Id));
        var changed = simulation.Now;
        simulation.RunFor(OneSecond);

        Assert.All(viewer.Video(0).Packets.Where(packet => packet.Arrival > changed), packet => Assert.Equal(Guest, packet.Content.Source));
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }
}

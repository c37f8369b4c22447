using Dais.Sfu.Relays;
using Dais.Sfu.Tests.Simulated;
using Dais.Simulation;
using Dais.Simulation.Peers;
using Dais.Simulation.Relays;

namespace Dais.Sfu.Tests.Relays;

/// <summary>Publishers of worker 0 seen by subscribers of worker 1.</summary>
public sealed class RelayTests : IDisposable
{
    private const uint Host = 1;
    private const uint Other = 2;

    private static readonly StageId Far = new(2);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster = new();

    private SimulatedWorker Near => _cluster.Workers[0];

    private SimulatedWorker There => _cluster.Workers[1];

    private ScriptedRelay Media => _cluster.Relay(0, 1);

    [Fact]
    public void A_publisher_is_seen_by_five_hundred_viewers_of_another_worker_for_one_keyframe_request()
    {
        var host = Near.AddPublisher(Host, video: new ScriptedTrackOptions { BeginsWithKeyframe = false });
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 500).Select(i => There.AddSubscriber(100 + i, Far, slots: 1))];
        _cluster.RunFor(OneSecond);

        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        Assert.Single(host.Video.KeyframeRequests);
        Assert.All(viewers, viewer => IsSeen(viewer, 0, Host, packets: 50));
        Assert.InRange(Media.Of(RelayMessageKind.Packet).Count(), 100, 130);
        Assert.Equal(0, There.Worker.Statistics.Dropped(DropReason.RelayStale));
        Assert.Equal((1, 1), (Near.Worker.Statistics.OutboundRelays, There.Worker.Statistics.InboundRelays));
    }

    [Fact]
    public void A_publication_crosses_once_for_several_stages_and_only_while_one_of_them_shows_it()
    {
        var host = Near.AddPublisher(Host);
        StageId[] stages = [new(10), new(11), new(12)];
        ScriptedSubscriber[] viewers = [.. stages.Select((stage, i) => There.AddSubscriber(100 + i, stage))];
        foreach (var stage in stages)
        {
            There.SetStage(stage, OnFar(0, host));
        }

        _cluster.RunFor(OneSecond);
        Assert.All(viewers, viewer => IsSeen(viewer, 0, Host, packets: 50));
        Assert.InRange(Media.Of(RelayMessageKind.Packet).Count(), 100, 130);

        There.SetStage(stages[0]);
        There.Command(new SfuCommand.CloseStage(stages[1]));
        Assert.Equal(1, There.Worker.Statistics.InboundRelays);
        There.SetStage(stages[2]);
        _cluster.RunFor(TimeSpan.Zero);
        int crossed = Media.Taken.Count;
        _cluster.RunFor(OneSecond);

        Assert.Equal(crossed, Media.Taken.Count);
        Assert.Equal((0, 0), (Near.Worker.Statistics.OutboundRelays, There.Worker.Statistics.InboundRelays));
        Assert.InRange(Near.Worker.Statistics.Dropped(DropReason.Gated), 100, 130);
    }

    [Fact]
    public void Both_workers_show_the_publisher_at_the_same_time()
    {
        var host = Near.AddPublisher(Host);
        var here = Near.AddSubscriber(8, new StageId(1));
        var there = There.AddSubscriber(9, Far);

        Near.SetStage(new StageId(1), new StageSlot(0, host.Id));
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        IsSeen(here, 0, Host, packets: 50);
        IsSeen(there, 0, Host, packets: 50);
    }

    [Fact]
    public void The_publisher_does_not_see_itself_in_the_room_of_another_worker()
    {
        var host = Near.AddPublisher(Host);
        var itself = There.AddSubscriber(Host, Far);

        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        Assert.Empty(itself.Video(0).Packets);
    }

    [Fact]
    public void Keyframe_wishes_of_all_viewers_go_back_as_few_requests()
    {
        var host = Near.AddPublisher(Host);
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 50).Select(i => There.AddSubscriber(100 + i, Far, slots: 1))];
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond * 2);
        int asked = host.Video.KeyframeRequests.Count;

        for (int round = 0; round < 20; round++)
        {
            foreach (var viewer in viewers)
            {
                viewer.SendPictureLoss(0, There.OutputOf(viewer));
            }

            _cluster.RunFor(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(host.Video.KeyframeRequests.Count - asked, 1, 3);
        Assert.InRange(_cluster.Relay(1, 0).Of(RelayMessageKind.KeyframeWish).Count(), 1, 5);
    }

    [Fact]
    public void A_relay_that_was_full_is_followed_by_a_keyframe()
    {
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);
        int asked = host.Video.KeyframeRequests.Count;

        Media.IsFull = _ => true;
        _cluster.RunFor(TimeSpan.FromMilliseconds(200));
        Media.IsFull = _ => false;
        _cluster.RunFor(OneSecond * 2);

        Assert.Equal(Media.Refused, Near.Worker.Statistics.Dropped(DropReason.RelayFull) + Clocks());
        Assert.InRange(host.Video.KeyframeRequests.Count - asked, 1, 2);
        uint lost = viewer.Video(0).Packets.Zip(viewer.Video(0).Packets.Skip(1)).First(pair => IsGap(pair.First, pair.Second)).Second.Content.Number;
        Assert.Contains(
            viewer.Video(0).Packets, packet => packet.Content.IsKeyframe && packet.Content.Number >= lost && packet.Content.Number < lost + 30);

        int Clocks() => Media.Refused - (int)Near.Worker.Statistics.Dropped(DropReason.RelayFull) is var clocks and < 3 ? clocks : -1;
    }

    [Fact]
    public void Random_losses_of_the_relay_lead_to_gaps_and_never_to_a_wrong_order()
    {
        var random = new Random(20261121);
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        Media.IsFull = _ => random.Next(20) == 0;

        _cluster.RunFor(OneSecond * 10);

        var numbers = viewer.Video(0).Packets.Select(packet => (packet.Content.Number, packet.Content.PacketInFrame)).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.InRange(numbers.Count, 500, 620);
        Assert.True(host.Video.KeyframesSent > 5, $"{host.Video.KeyframesSent} keyframes");
    }

    [Fact]
    public void A_wish_the_other_worker_had_no_room_for_is_said_again()
    {
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        _cluster.RunFor(OneSecond);
        var back = _cluster.Relay(1, 0);
        back.IsFull = _ => true;
        Show(OnFar(0, host));
        _cluster.RunFor(TimeSpan.FromMilliseconds(95));
        Assert.InRange(back.Refused, 5, 11);
        Assert.Equal(Sfu.Deadlines.TimeoutReason.Relay, There.Worker.NextTimeoutReason);

        back.IsFull = _ => false;
        _cluster.RunFor(OneSecond);
        IsSeen(viewer, 0, Host, packets: 40);

        // The end of a relay is such a wish, too.
        back.IsFull = _ => true;
        Show();
        _cluster.RunFor(TimeSpan.FromMilliseconds(50));
        back.IsFull = _ => false;
        _cluster.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, Near.Worker.Statistics.OutboundRelays);
    }

    [Fact]
    public void What_is_muted_does_not_cross()
    {
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        Show(OnFar(0, host) with { Audio = false });
        _cluster.RunFor(TimeSpan.Zero);
        int heard = viewer.Audio(0).Packets.Count;
        int crossed = Media.Taken.Count(message => message is { Kind: RelayMessageKind.Packet, Track: 0 });
        _cluster.RunFor(OneSecond);

        Assert.Equal(heard, viewer.Audio(0).Packets.Count);
        Assert.Equal(crossed, Media.Taken.Count(message => message is { Kind: RelayMessageKind.Packet, Track: 0 }));
        IsSeen(viewer, 0, Host, packets: 100);

        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);
        Assert.InRange(viewer.Audio(0).Packets.Count - heard, 45, 55);
        RecordingAssert.IsContinuous(viewer.Audio(0), There.Seed);
    }

    [Fact]
    public void Leaving_frees_the_slot_at_once_and_what_is_still_under_way_is_dropped()
    {
        Media.Latency = TimeSpan.FromMilliseconds(100);
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);
        Assert.NotEmpty(viewer.Video(0).Packets);

        Show();
        int before = viewer.Video(0).Packets.Count + viewer.Audio(0).Packets.Count;
        _cluster.RunFor(OneSecond);

        Assert.Equal(before, viewer.Video(0).Packets.Count + viewer.Audio(0).Packets.Count);
        Assert.InRange(There.Worker.Statistics.Dropped(DropReason.RelayStale), 5, 15);
    }

    [Fact]
    public void A_slot_that_changes_between_near_and_far_sources_goes_on_without_a_break()
    {
        var far = Near.AddPublisher(Host, video: Numbered(0x7FF0, 250));
        var near = There.AddPublisher(Other, video: Numbered(3, 7));
        var viewer = There.AddSubscriber(9, Far);

        for (int turn = 0; turn < 3; turn++)
        {
            Show(OnFar(0, far));
            _cluster.RunFor(OneSecond);
            Show(new StageSlot(0, near.Id));
            _cluster.RunFor(OneSecond);
        }

        Assert.Equal([Host, Other, Host, Other, Host, Other], viewer.Video(0).Sources);
        RecordingAssert.IsContinuous(viewer.Video(0), There.Seed);
        RecordingAssert.IsContinuous(viewer.Audio(0), There.Seed);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), There.Seed);
        RecordingAssert.NumbersPicturesContinuously(viewer.Video(0), There.Seed);
    }

    [Fact]
    public void A_publisher_that_closes_falls_silent_and_another_takes_its_place()
    {
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        Near.Command(new SfuCommand.CloseTransport(host.Id));
        int crossed = Media.Taken.Count;
        _cluster.RunFor(OneSecond);
        Assert.Equal(crossed, Media.Taken.Count);

        var again = Near.AddPublisher(Other);
        Show(OnFar(0, again));
        _cluster.RunFor(OneSecond);

        Assert.Equal([Host, Other], viewer.Video(0).Sources);
        RecordingAssert.IsContinuous(viewer.Video(0), There.Seed);
        Assert.Equal((1, 1), (Near.Worker.Statistics.OutboundRelays, There.Worker.Statistics.InboundRelays));
    }

    [Fact]
    public void A_wish_may_come_before_the_publisher()
    {
        var viewer = There.AddSubscriber(9, Far);
        var id = new TransportId(1);
        var tracks = Near.AddPublisher(7).Tracks;
        Show(new StageSlot(0, new TransportId(2), Remote: new RemotePublisher(0, new ParticipantId(Host), tracks)));
        _cluster.RunFor(OneSecond);
        Assert.Empty(viewer.Video(0).Packets);

        var host = Near.AddPublisher(Host);
        Assert.Equal((1, 2), (id.Value, host.Id.Value));
        _cluster.RunFor(OneSecond);

        IsSeen(viewer, 0, Host, packets: 40);
    }

    [Fact]
    public void A_worker_that_has_ended_is_forgotten_by_both_sides()
    {
        var host = Near.AddPublisher(Host);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        There.Command(new SfuCommand.ForgetWorker(0));
        Near.Command(new SfuCommand.ForgetWorker(1));
        int seen = viewer.Video(0).Packets.Count;
        _cluster.RunFor(OneSecond * 3);

        Assert.Equal(seen, viewer.Video(0).Packets.Count);
        Assert.Equal((0, 0), (Near.Worker.Statistics.OutboundRelays, There.Worker.Statistics.InboundRelays));
        Assert.DoesNotContain(_cluster.Relay(1, 0).Of(RelayMessageKind.Wish), wish => wish.Tracks == 0);
    }

    [Fact]
    public void A_source_that_begins_anew_continues_every_slot()
    {
        var host = Near.AddPublisher(Host, announcesSsrcs: false);
        var viewer = There.AddSubscriber(9, Far);
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond);

        host.SendGoodbye(host.Video, Near.OutputOf(host));
        host.Video.Restart(firstIndex: 5);
        _cluster.RunFor(OneSecond * 2);

        RecordingAssert.IsContinuous(viewer.Video(0), There.Seed);
        IsSeen(viewer, 0, Host, packets: 100);
    }

    [Fact]
    public void Sender_reports_keep_sound_and_picture_together_on_the_other_worker()
    {
        var host = Near.AddPublisher(Host);
        var here = Near.AddSubscriber(8, new StageId(1));
        var there = There.AddSubscriber(9, Far);
        Near.SetStage(new StageId(1), new StageSlot(0, host.Id));
        Show(OnFar(0, host));
        _cluster.RunFor(OneSecond * 5);

        Assert.Equal(LeadOfSound(here), LeadOfSound(there), tolerance: 0.002);
    }

    [Fact]
    public void Without_a_way_to_other_workers_nothing_of_theirs_is_shown()
    {
        using var alone = new SimulatedWorker();
        var host = Near.AddPublisher(Host);
        var viewer = alone.AddSubscriber(9, Far);

        alone.SetStage(Far, OnFar(0, host));
        alone.RunFor(OneSecond);

        Assert.Empty(viewer.Video(0).Packets);
        Assert.Equal(0, alone.Worker.Statistics.InboundRelays);
    }

    public void Dispose() => _cluster.Dispose();

    private static StageSlot OnFar(int slot, ScriptedPublisher publisher) =>
        new(slot, publisher.Id, Remote: new RemotePublisher(0, publisher.Participant, publisher.Tracks));

    private static ScriptedTrackOptions Numbered(ushort pictureId, byte tl0) => new() { FirstPictureId = pictureId, FirstTl0PictureIndex = tl0 };

    private static bool IsGap(ReceivedPacket first, ReceivedPacket second) =>
        (ushort)(first.SequenceNumber + 1) != second.SequenceNumber;

    private static void IsSeen(ScriptedSubscriber viewer, int slot, uint source, int packets)
    {
        Assert.Equal([source], viewer.Video(slot).Sources);
        Assert.True(viewer.Video(slot).Packets.Count >= packets, $"{viewer.Video(slot).Packets.Count} packets of the picture.");
        Assert.NotEmpty(viewer.Audio(slot).Packets);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(slot), 1);
    }

    /// <summary>By how many seconds the sound's clock is ahead of the picture's, as a receiver reckons from the last reports.</summary>
    private static double LeadOfSound(ScriptedSubscriber viewer)
    {
        var sound = viewer.Audio(0);
        var picture = viewer.Video(0);
        double soundAge = (int)(sound.SenderReports[^1].RtpTimestamp - sound.Packets[^1].Timestamp) / 48_000.0;
        double pictureAge = (int)(picture.SenderReports[^1].RtpTimestamp - picture.Packets[^1].Timestamp) / 90_000.0;
        double apart = (sound.SenderReports[^1].Ntp - picture.SenderReports[^1].Ntp).TotalSeconds;
        return soundAge - pictureAge - apart;
    }

    private void Show(params ReadOnlySpan<StageSlot> slots) => There.SetStage(Far, slots);
}

using Dais.Simulation;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>Subscribers that are connected before they are shown a stage.</summary>
public sealed class WaitingSubscriberTests
{
    private const uint Host = 1;
    private const long Viewer = 9;

    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void Without_a_stage_a_subscriber_connects_and_gets_not_one_media_packet()
    {
        using var simulation = Show(out _);

        var viewer = simulation.AddSubscriber(0, stage: null);
        simulation.RunFor(OneSecond * 5);

        Assert.True(viewer.Transport.IsConnected);
        Assert.Empty(viewer.Video(0).Packets);
        Assert.Empty(viewer.Audio(0).Packets);
        Assert.Equal(0, simulation.Worker.Statistics.ReplaysWhole + simulation.Worker.Statistics.ReplaysOfKeyframe);
    }

    [Fact]
    public void Shown_the_stage_it_gets_the_stored_picture_in_the_same_moment_and_then_everything()
    {
        using var simulation = Show(out _);
        simulation.RunFor(OneSecond);
        var viewer = simulation.AddSubscriber(0, stage: null);
        simulation.RunFor(OneSecond / 2);
        var admitted = simulation.Now;

        simulation.Command(new SfuCommand.Watch(viewer.Id, new ParticipantId(Viewer), Stage));
        simulation.RunFor(OneSecond);

        Assert.Equal(admitted, viewer.Video(0).Packets[0].Arrival);
        Assert.Equal(1, simulation.Worker.Statistics.ReplaysWhole);
        Assert.NotEmpty(viewer.Audio(0).Packets);
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void Shown_the_stage_before_it_is_connected_it_begins_when_it_is()
    {
        using var simulation = Show(out _);
        simulation.RunFor(OneSecond);
        var viewer = simulation.AddSubscriber(0, stage: null);

        simulation.Command(new SfuCommand.Watch(viewer.Id, new ParticipantId(Viewer), Stage));
        Assert.True(simulation.RunUntil(() => viewer.Transport.IsConnected, OneSecond));
        var connected = simulation.Now;
        simulation.RunFor(OneSecond);

        Assert.Equal(connected, viewer.Video(0).Packets[0].Arrival);
    }

    [Fact]
    public void A_stage_that_will_be_watched_has_a_keyframe_that_is_asked_for_once()
    {
        using var simulation = Show(out var host);
        simulation.RunFor(OneSecond * 12);
        var viewer = simulation.AddSubscriber(0, stage: null);
        int asked = host.Video.KeyframeRequests.Count;

        simulation.Command(new SfuCommand.Freshen(Stage));
        simulation.RunFor(OneSecond / 2);
        simulation.Command(new SfuCommand.Freshen(Stage));
        simulation.Command(new SfuCommand.Freshen(new StageId(2)));
        simulation.RunFor(OneSecond / 2);
        var admitted = simulation.Now;
        simulation.Command(new SfuCommand.Watch(viewer.Id, new ParticipantId(Viewer), Stage));
        simulation.RunFor(OneSecond);

        Assert.Equal(asked + 1, host.Video.KeyframeRequests.Count);
        Assert.Equal(admitted, viewer.Video(0).Packets[0].Arrival);
        Assert.Equal(1, simulation.Worker.Statistics.ReplaysWhole);
    }

    [Fact]
    public void However_often_somebody_may_come_a_keyframe_is_asked_for_once_a_second()
    {
        using var simulation = Show(out var host);
        host.Video.IsOn = false;
        simulation.RunFor(OneSecond * 4);
        int asked = host.Video.KeyframeRequests.Count;

        for (int i = 0; i < 100; i++)
        {
            simulation.Command(new SfuCommand.Freshen(Stage));
            simulation.RunFor(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(host.Video.KeyframeRequests.Count - asked, 1, 3);
    }

    [Fact]
    public void It_is_not_shown_what_it_publishes_itself()
    {
        using var simulation = Show(out _);
        var viewer = simulation.AddSubscriber(0, stage: null);
        simulation.RunFor(OneSecond);

        simulation.Command(new SfuCommand.Watch(viewer.Id, new ParticipantId(Host), Stage));
        simulation.RunFor(OneSecond);

        Assert.Empty(viewer.Video(0).Packets);
    }

    [Fact]
    public void One_that_is_shown_a_stage_keeps_it_and_an_unknown_one_is_nothing()
    {
        using var simulation = Show(out _);
        var viewer = simulation.AddSubscriber(Viewer, Stage);
        simulation.RunFor(OneSecond);

        simulation.Command(new SfuCommand.Watch(viewer.Id, new ParticipantId(Viewer), new StageId(2)));
        simulation.Command(new SfuCommand.Watch(new TransportId(4711), new ParticipantId(Viewer), Stage));
        int before = viewer.Video(0).Packets.Count;
        simulation.RunFor(OneSecond);

        Assert.True(viewer.Video(0).Packets.Count > before + 20);
    }

    [Fact]
    public void Closed_without_a_stage_it_leaves_nothing()
    {
        using var simulation = Show(out _);
        var viewer = simulation.AddSubscriber(0, stage: null);
        simulation.RunFor(OneSecond);

        simulation.Command(new SfuCommand.CloseTransport(viewer.Id));

        Assert.Equal(1, simulation.Worker.TransportCount);
    }

    private static SimulatedWorker Show(out ScriptedPublisher host)
    {
        var simulation = new SimulatedWorker();
        host = simulation.AddPublisher(Host);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        return simulation;
    }
}

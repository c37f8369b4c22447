using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class KeyframeRequestTests
{
    private static readonly StageId Stage = new(1);

    [Fact]
    public void The_wishes_of_two_hundred_viewers_become_few_requests()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 200).Select(i => simulation.AddSubscriber(100 + i, Stage, slots: 1))];
        simulation.RunFor(TimeSpan.FromSeconds(2));
        int before = host.Video.KeyframeRequests.Count;

        for (int tenth = 0; tenth < 30; tenth++)
        {
            foreach (var viewer in viewers)
            {
                viewer.SendPictureLoss(0, simulation.OutputOf(viewer));
            }

            simulation.RunFor(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(6000, simulation.Worker.Statistics.KeyframeRequestsReceived);
        Assert.InRange(host.Video.KeyframeRequests.Count - before, 3, 7);
    }

    [Fact]
    public void A_full_intra_request_counts_like_a_picture_loss()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(2));
        int before = host.Video.KeyframesSent;

        viewer.SendFullIntraRequest(0, 1, simulation.OutputOf(viewer));
        simulation.RunFor(TimeSpan.FromMilliseconds(100));

        Assert.Equal(before + 1, host.Video.KeyframesSent);
    }

    [Fact]
    public void A_wish_about_an_empty_slot_asks_nobody()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(2));
        int before = host.Video.KeyframeRequests.Count;

        viewer.SendPictureLoss(1, simulation.OutputOf(viewer));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(before, host.Video.KeyframeRequests.Count);
    }

    [Fact]
    public void While_a_viewer_waits_for_the_first_picture_the_request_is_repeated_each_second()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, video: new ScriptedTrackOptions { BeginsWithKeyframe = false });
        host.Video.AnswersKeyframeRequests = false;
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(4.5));
        Assert.InRange(host.Video.KeyframeRequests.Count, 4, 6);
        Assert.Empty(viewer.Video(0).Packets);
        host.Video.AnswersKeyframeRequests = true;
        simulation.RunFor(TimeSpan.FromSeconds(1.1));
        int asked = host.Video.KeyframeRequests.Count;
        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.NotEmpty(viewer.Video(0).Packets);
        Assert.Equal(asked, host.Video.KeyframeRequests.Count);
    }

    [Fact]
    public void Nobody_is_asked_any_more_once_the_last_waiting_viewer_has_left()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, video: new ScriptedTrackOptions { BeginsWithKeyframe = false });
        host.Video.AnswersKeyframeRequests = false;
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(2.5));

        simulation.Command(new SfuCommand.CloseTransport(viewer.Id));
        int asked = host.Video.KeyframeRequests.Count;
        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.Equal(asked, host.Video.KeyframeRequests.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_picture_comes_in_the_end_although_half_of_what_the_host_hears_and_says_is_lost(int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed });
        var host = simulation.AddPublisher(1, video: new ScriptedTrackOptions { BeginsWithKeyframe = false });
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        simulation.UplinkOf(host).Profile = new LinkProfile { Loss = 0.5 };
        simulation.DownlinkOf(host).Profile = new LinkProfile { Loss = 0.5 };

        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        Assert.True(
            simulation.RunUntil(() => viewer.Video(0).Packets.Count > 0, TimeSpan.FromSeconds(15)),
            $"No picture came (seed {seed}).");
        RecordingAssert.StartsEverySourceAtAKeyframe(viewer.Video(0), seed);
    }
}

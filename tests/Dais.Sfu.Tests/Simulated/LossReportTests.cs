using Dais.Rtc.Rtcp;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>What becomes of packets that a viewer's transport-wide feedback leaves out.</summary>
public sealed class LossReportTests
{
    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_viewer_lost_comes_again_although_its_requests_are_all_lost(int seed)
    {
        using var simulation = Watch(seed, out var viewer, out _);
        viewer.SendsNacks = false;
        simulation.DownlinkOf(viewer).Profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30), Loss = 0.05 };
        simulation.RecordsSent = true;

        simulation.RunFor(OneSecond * 20);
        simulation.DownlinkOf(viewer).Profile = new LinkProfile();
        simulation.RunFor(OneSecond);

        Assert.True(simulation.Worker.Statistics.RetransmissionsUnasked > 50);
        Assert.Equal(0, viewer.Video(0).MissingCount);
        RecordingAssert.IsWholeOnceSorted(viewer.Video(0), seed);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    [Fact]
    public void What_is_asked_for_is_not_sent_once_more_because_feedback_says_the_same()
    {
        using var simulation = Watch(1, out var viewer, out _);
        simulation.DownlinkOf(viewer).Profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(10), Loss = 0.008 };

        simulation.RunFor(OneSecond * 60);

        // A share of 0.8 % is below what repeats go out twice for; a few are lost themselves.
        var statistics = simulation.Worker.Statistics;
        Assert.InRange(statistics.PacketsRetransmitted, 30, 1.4 * simulation.DownlinkOf(viewer).Lost);
        Assert.InRange(statistics.RetransmissionsUnasked, 0, 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_viewer_that_lies_about_losses_gets_what_its_budget_has_and_nobody_else_notices(int seed)
    {
        using var simulation = Watch(seed, out var liar, out var other);
        liar.SendsFeedback = false;
        liar.SendsNacks = false;
        simulation.RecordsSent = true;
        var random = new Random(seed);
        var statistics = simulation.Worker.Statistics;
        long before = statistics.BytesRetransmitted;
        const int Seconds = 10;

        for (int step = 0; step < Seconds * 100; step++)
        {
            // All but the last of hundreds, whatever was sent; the same several times; numbers that are far ahead.
            ushort first = (ushort)(random.Next(3) switch { 0 => random.Next(65_536), 1 => step * 2, _ => 0 });
            for (int copy = 0; copy < random.Next(1, 4); copy++)
            {
                SendFeedback(simulation, liar, first, random.Next(2, 500), step);
            }

            simulation.RunFor(TimeSpan.FromMilliseconds(10));
        }

        long budget = new SfuOptions().RetransmissionBitrateMax / 8;
        // The budget is of payload bytes; each packet has a header, and a first burst is saved up.
        Assert.InRange(statistics.BytesRetransmitted - before, 0, (long)(1.3 * budget * (Seconds + 1)));
        Assert.True(statistics.PacketsRetransmitted > 0);
        RecordingAssert.IsContinuous(other.Video(0), seed);
        RecordingAssert.IsWholeOnceSorted(liar.Video(0), seed);
        Assert.Equal(0, other.RepeatBytes);
        SentAssert.NoNumberHasTwoContents(simulation);
    }

    private static SimulatedWorker Watch(int seed, out ScriptedSubscriber viewer, out ScriptedSubscriber other)
    {
        var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed });
        var host = simulation.AddPublisher(1, video: new ScriptedTrackOptions { FirstPictureId = 100 });
        viewer = simulation.AddSubscriber(8, Stage, repeats: RepeatMode.OwnStream);
        other = simulation.AddSubscriber(9, Stage, repeats: RepeatMode.OwnStream);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(OneSecond);
        return simulation;
    }

    private static void SendFeedback(SimulatedWorker simulation, ScriptedSubscriber viewer, ushort first, int count, int step)
    {
        Span<long> arrivals = stackalloc long[count];
        arrivals.Fill(TransportFeedbackWriter.NotReceived);
        arrivals[^1] = simulation.Now.Microseconds;
        Span<byte> buffer = stackalloc byte[2000];
        var writer = new RtcpWriter(buffer);
        writer.TryWriteReceiverReport(1, []);
        Assert.True(writer.TryWriteTransportFeedback(1, 2, first, (byte)step, arrivals, out _));
        viewer.Transport.SendRtcp(writer.Written, simulation.OutputOf(viewer));
    }
}

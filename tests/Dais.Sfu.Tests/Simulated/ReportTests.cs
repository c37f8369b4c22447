using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class ReportTests
{
    private static readonly StageId Stage = new(1);

    [Fact]
    public void A_publisher_is_told_how_much_it_may_send_as_soon_as_it_is_connected()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Worker = new SfuOptions { PublisherBitrateMax = 1_800_000 } });
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromMilliseconds(100));

        // The format keeps 18 significant bits.
        Assert.InRange(host.BitrateMax, 1_799_900, 1_800_000);
    }

    [Fact]
    public void A_publisher_is_told_what_was_lost()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = new LinkProfile { Loss = 0.1 } });
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromSeconds(20));

        var report = Assert.NotNull(host.Audio.LastReport);
        Assert.InRange(report.CumulativeLost, 50, 150);
        Assert.NotEqual(0u, report.LastSenderReport);
    }

    [Fact]
    public void A_viewer_is_told_the_time_of_every_section_that_shows_something()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(1, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(10));

        Assert.InRange(viewer.Audio(1).SenderReports.Count, 7, 13);
        Assert.InRange(viewer.Video(1).SenderReports.Count, 7, 13);
        Assert.Equal("dais", viewer.Audio(1).CanonicalName);
        Assert.Empty(viewer.Audio(0).SenderReports);
        var last = viewer.Audio(1).SenderReports[^1];
        Assert.Equal(viewer.Audio(1).Packets.Count(packet => packet.Arrival <= last.Arrival), (int)last.PacketCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reports_tell_when_sound_and_picture_of_one_instant_play(bool publisherReports)
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var guest = simulation.AddPublisher(2);
        host.SendsReports = guest.SendsReports = publisherReports;
        var viewer = simulation.AddSubscriber(3, Stage);
        foreach (var shown in new[] { host, guest, host })
        {
            simulation.SetStage(Stage, new StageSlot(0, shown.Id));
            simulation.RunFor(TimeSpan.FromSeconds(5));
        }

        // By the reports, each packet has an instant on the wall clock; on a perfect network it is the instant it came.
        AssertInstantsAreArrivals(viewer.Audio(0), 48_000);
        AssertInstantsAreArrivals(viewer.Video(0), 90_000);
    }

    [Fact]
    public void Wall_clocks_of_publishers_may_be_hours_apart_without_a_jump_at_the_viewer()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var guest = simulation.AddPublisher(200);
        var viewer = simulation.AddSubscriber(3, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(5));
        simulation.SetStage(Stage, new StageSlot(0, guest.Id));
        simulation.RunFor(TimeSpan.FromSeconds(5));

        var reports = viewer.Video(0).SenderReports;
        for (int i = 1; i < reports.Count; i++)
        {
            Assert.Equal((reports[i].Ntp - reports[i - 1].Ntp).TotalSeconds, (reports[i].Arrival - reports[i - 1].Arrival).TotalSeconds, 0.001);
        }
    }

    [Fact]
    public void The_worker_learns_the_round_trip_and_the_loss_to_a_viewer()
    {
        var options = new SimulationOptions
        {
            Uplink = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30) },
            Downlink = new LinkProfile { Latency = TimeSpan.FromMilliseconds(50), Loss = 0.2 },
        };
        using var simulation = new SimulatedWorker(options);
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(10));

        Assert.True(simulation.Worker.TryGetStatistics(viewer.Id, out var statistics));
        Assert.True(statistics.IsConnected);
        Assert.InRange(statistics.RoundTripTime!.Value.TotalMilliseconds, 79, 81);
        Assert.InRange(statistics.FractionLost, 0.05, 0.5);
        Assert.False(simulation.Worker.TryGetStatistics(new TransportId(99), out _));
    }

    [Fact]
    public void Peers_that_only_send_or_only_receive_are_measured_and_measure_by_reference_times()
    {
        var options = new SimulationOptions
        {
            Uplink = new LinkProfile { Latency = TimeSpan.FromMilliseconds(30) },
            Downlink = new LinkProfile { Latency = TimeSpan.FromMilliseconds(50) },
        };
        using var simulation = new SimulatedWorker(options);
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);

        simulation.RunFor(TimeSpan.FromSeconds(5));

        Assert.True(simulation.Worker.TryGetStatistics(host.Id, out var statistics));
        Assert.InRange(statistics.RoundTripTime!.Value.TotalMilliseconds, 79, 81);
        Assert.InRange(viewer.MeasuredRoundTrip!.Value.TotalMilliseconds, 79, 81);
    }

    [Fact]
    public void A_viewer_with_many_slots_gets_all_reports_in_datagrams_that_fit()
    {
        using var simulation = new SimulatedWorker();
        ScriptedPublisher[] hosts = [.. Enumerable.Range(0, 20).Select(i => simulation.AddPublisher(1 + i))];
        var viewer = simulation.AddSubscriber(100, Stage, slots: 20);
        simulation.SetStage(Stage, [.. hosts.Select((host, i) => new StageSlot(i, host.Id))]);

        simulation.RunFor(TimeSpan.FromSeconds(5));

        for (int slot = 0; slot < 20; slot++)
        {
            Assert.InRange(viewer.Audio(slot).SenderReports.Count, 3, 7);
            Assert.InRange(viewer.Video(slot).SenderReports.Count, 3, 7);
        }
    }

    private static void AssertInstantsAreArrivals(StreamRecording recording, int clockRate)
    {
        foreach (var report in recording.SenderReports)
        {
            foreach (var packet in recording.Packets.Where(packet => (packet.Arrival - report.Arrival).Duration().TotalSeconds < 0.2))
            {
                double byClock = (packet.Arrival - report.Arrival).TotalSeconds;
                double byTimestamp = (int)(packet.Timestamp - report.RtpTimestamp) / (double)clockRate;
                Assert.Equal(byClock, byTimestamp, 0.04);
            }
        }
    }
}

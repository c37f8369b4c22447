using Dais.Simulation;
using Dais.Simulation.Network;

namespace Dais.Sfu.Tests.Simulated;

public sealed class TransportFeedbackTests
{
    private static readonly StageId Stage = new(1);

    [Fact]
    public void A_publisher_is_told_of_each_packet_and_when_it_came()
    {
        var latency = TimeSpan.FromMilliseconds(30);
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = new LinkProfile { Latency = latency } });
        var host = simulation.AddPublisher(1);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(3));

        Assert.InRange(host.Arrivals.Count, host.Transport.NextTransportSequenceNumber - 30, host.Transport.NextTransportSequenceNumber);
        Assert.All(host.Arrivals.Values, arrival => Assert.NotNull(arrival));
        Assert.True(host.Arrivals[10] < host.Arrivals[60]);
    }

    [Fact]
    public void A_publisher_is_told_ten_to_twenty_times_a_second()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromSeconds(10));

        Assert.InRange(host.Feedbacks.Count, 90, 200);
        Assert.Equal(host.Feedbacks.Count, simulation.Worker.Statistics.TransportFeedbackSent);
    }

    [Fact]
    public void A_publisher_learns_of_its_losses()
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = new LinkProfile { Loss = 0.1 } });
        var host = simulation.AddPublisher(1);

        simulation.RunFor(TimeSpan.FromSeconds(10));

        double missing = host.Arrivals.Values.Count(arrival => arrival is null);
        Assert.InRange(missing / host.Arrivals.Count, 0.05, 0.15);
    }
}

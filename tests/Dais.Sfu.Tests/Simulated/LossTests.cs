using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class LossTests
{
    private static readonly StageId Stage = new(1);

    [Fact]
    public void What_is_lost_before_the_worker_is_a_gap_at_the_viewer()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        host.Video.SkipSequenceNumbers(3);
        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(3, viewer.Video(0).MissingCount);
        Assert.Equal(0, viewer.Audio(0).MissingCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Exactly_what_the_host_lost_is_missing_at_every_viewer_in_a_rough_network(int seed)
    {
        var rough = new LinkProfile
        {
            Latency = TimeSpan.FromMilliseconds(30),
            Jitter = TimeSpan.FromMilliseconds(20),
            Loss = 0.05,
            Reordering = 0.05,
            Duplication = 0.02,
        };
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = rough });
        var host = simulation.AddPublisher(1);
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 5).Select(i => simulation.AddSubscriber(10 + i, Stage))];
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(20));

        foreach (var viewer in viewers)
        {
            // Content tells which packets of the host's should be there: each missing sound packet is one missing number.
            var sound = viewer.Audio(0);
            uint first = sound.Packets.Min(packet => packet.Content.Number);
            uint last = sound.Packets.Max(packet => packet.Content.Number);
            Assert.True(
                sound.MissingCount == last - first + 1 - sound.Packets.Count,
                $"{sound.MissingCount} numbers missing, {last - first + 1 - sound.Packets.Count} packets (seed {seed}).");
            Assert.InRange(sound.MissingCount, 20, 90);
            AssertNumbersFollowContent(sound, seed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_whole_conference_goes_on_over_a_rough_network(int seed)
    {
        var rough = new LinkProfile
        {
            Latency = TimeSpan.FromMilliseconds(40),
            Jitter = TimeSpan.FromMilliseconds(30),
            Loss = 0.02,
            BurstLoss = 0.005,
            Reordering = 0.02,
            Duplication = 0.01,
            RateBitsPerSecond = 4_000_000,
        };
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = rough, Downlink = rough });
        var hosts = Enumerable.Range(0, 4).Select(i => simulation.AddPublisher(1 + i)).ToArray();
        ScriptedSubscriber[] viewers = [.. Enumerable.Range(0, 10).Select(i => simulation.AddSubscriber(1 + i, Stage, slots: 4))];
        for (int turn = 0; turn < 10; turn++)
        {
            simulation.SetStage(
                Stage, [.. Enumerable.Range(0, 4).Where(i => (turn + i) % 5 != 0).Select(i => new StageSlot((turn + i) % 4, hosts[i].Id))]);
            simulation.RunFor(TimeSpan.FromSeconds(3));
        }

        Assert.Equal(14, simulation.Worker.TransportCount);
        Assert.Empty(simulation.Events.OfType<SfuEvent.TransportClosed>());
        foreach (var viewer in viewers)
        {
            Assert.Equal(0, viewer.UnannouncedPackets);
            for (int slot = 0; slot < 4; slot++)
            {
                Assert.True(viewer.Video(slot).Packets.Count > 200, $"Slot {slot} starves (seed {seed}).");
                AssertNumbersFollowContent(viewer.Audio(slot), seed);
            }
        }
    }

    /// <summary>Whatever the order of arrival: of two sound packets of one turn, the later one has the later number and timestamp.</summary>
    private static void AssertNumbersFollowContent(StreamRecording sound, int seed)
    {
        for (int i = 1; i < sound.Packets.Count; i++)
        {
            var one = sound.Packets[i - 1];
            var other = sound.Packets[i];
            if (one.Content.Source == other.Content.Source && (other.Arrival - one.Arrival).TotalSeconds < 0.5)
            {
                int steps = (int)(other.Content.Number - one.Content.Number);
                Assert.True(
                    (short)(other.SequenceNumber - one.SequenceNumber) == steps,
                    $"Packet {i} is {steps} steps further in content but not in number (seed {seed}).");
                Assert.True(
                    (int)(other.Timestamp - one.Timestamp) == steps * 960,
                    $"Packet {i} is {steps} steps further in content but not in time (seed {seed}).");
            }
        }
    }
}

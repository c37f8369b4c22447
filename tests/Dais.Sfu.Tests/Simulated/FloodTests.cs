using System.Buffers.Binary;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Simulation;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class FloodTests
{
    private static readonly StageId Stage = new(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sources_nobody_announced_are_dropped_however_many_they_are(bool announcesSsrcs)
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, announcesSsrcs: announcesSsrcs);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        for (uint ssrc = 0; ssrc < 10_000; ssrc++)
        {
            SendRtp(simulation, host, ssrc + 0x9000_0000, payloadType: 96);
        }

        simulation.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(10_000, simulation.Worker.Statistics.Dropped(DropReason.UnknownSource));
        Assert.Equal([1u], viewer.Video(0).Sources);
        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
    }

    [Fact]
    public void A_payload_type_that_was_not_agreed_on_is_dropped()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));

        SendRtp(simulation, host, host.Video.Ssrc, payloadType: 77);
        simulation.RunFor(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, simulation.Worker.Statistics.Dropped(DropReason.UnknownPayloadType));
    }

    [Fact]
    public void A_replayed_packet_is_sent_to_nobody_twice()
    {
        var twice = new Dais.Simulation.Network.LinkProfile { Duplication = 1 };
        using var simulation = new SimulatedWorker(new SimulationOptions { Uplink = twice });
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(2));

        RecordingAssert.IsContinuous(viewer.Video(0), simulation.Seed);
        RecordingAssert.IsContinuous(viewer.Audio(0), simulation.Seed);
        Assert.True(simulation.Worker.Statistics.Dropped(DropReason.NotAuthentic) > 200);
    }

    [Fact]
    public void A_publisher_that_jumps_through_its_sequence_numbers_never_gets_one_number_sent_twice()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1);
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var before = viewer.Audio(0).Packets[^1];

        foreach (int jump in new[] { 0x7FFF, 0x8000, 0x8001, 0xFFF0, 0x4000, 0xFFFF })
        {
            host.Audio.SkipSequenceNumbers(jump);
            simulation.RunFor(TimeSpan.FromMilliseconds(100));
        }

        // The viewer's own replay protection would have dropped a number that came twice, and its keys would no longer be safe.
        Assert.All(
            viewer.Audio(0).Packets.Where(packet => packet.Arrival > before.Arrival),
            packet => Assert.True(packet.Content.Number > before.Content.Number));
        Assert.Equal(
            viewer.Audio(0).Packets.Count,
            viewer.Audio(0).Packets.Select(packet => packet.Content.Number).Distinct().Count());
    }

    [Fact]
    public void A_packet_that_does_not_fit_with_the_viewers_header_is_dropped()
    {
        using var simulation = new SimulatedWorker();
        var host = simulation.AddPublisher(1, video: new ScriptedTrackOptions { PayloadBytes = 1460 });
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));

        simulation.RunFor(TimeSpan.FromSeconds(1));

        Assert.Empty(viewer.Video(0).Packets);
        Assert.NotEmpty(viewer.Audio(0).Packets);
        Assert.True(simulation.Worker.Statistics.Dropped(DropReason.TooLarge) > 50);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Authentic_nonsense_harms_only_who_sends_it(int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed });
        var host = simulation.AddPublisher(1);
        var rogue = simulation.AddPublisher(2);
        var viewer = simulation.AddSubscriber(3, Stage);
        simulation.SetStage(Stage, new StageSlot(0, host.Id), new StageSlot(1, rogue.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var random = new Random(seed);

        for (int i = 0; i < 5_000; i++)
        {
            byte[] nonsense = new byte[random.Next(8, 200)];
            random.NextBytes(nonsense);
            nonsense[0] = (byte)(0x80 | (nonsense[0] & 0x3F));
            nonsense[1] = (byte)(200 + random.Next(8));
            BinaryPrimitives.WriteUInt16BigEndian(nonsense.AsSpan(2), (ushort)((nonsense.Length / 4) - 1));
            rogue.Transport.SendRtcp(nonsense.AsSpan(0, nonsense.Length & ~3), simulation.OutputOf(rogue));
        }

        simulation.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(3, simulation.Worker.TransportCount);
        RecordingAssert.IsContinuous(viewer.Video(0), seed);
        Assert.InRange(viewer.Video(0).Packets.Count, 170, 190);
    }

    [Fact]
    public void A_viewer_cannot_publish()
    {
        using var simulation = new SimulatedWorker();
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));

        byte[] header = new byte[12];
        new RtpHeaderWriter(header, false, 96, 1, 1, 1).Complete();
        viewer.Transport.SendRtp(header, 12, new byte[100], 1, simulation.OutputOf(viewer));
        simulation.RunFor(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, simulation.Worker.Statistics.Dropped(DropReason.UnknownSource));
    }

    [Fact]
    public void A_request_for_retransmission_is_counted_and_nothing_else()
    {
        using var simulation = new SimulatedWorker();
        var viewer = simulation.AddSubscriber(2, Stage);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        long sent = simulation.DatagramsSent;

        byte[] nack = [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5, 0, 0];
        Assert.True(RtcpReader.TryParse(nack, out _));
        viewer.Transport.SendRtcp(nack, simulation.OutputOf(viewer));
        simulation.RunFor(TimeSpan.FromMilliseconds(10));

        Assert.Equal(1, simulation.Worker.Statistics.NacksReceived);
        Assert.Equal(sent, simulation.DatagramsSent);
    }

    private static void SendRtp(SimulatedWorker simulation, ScriptedPublisher publisher, uint ssrc, byte payloadType)
    {
        byte[] header = new byte[12];
        new RtpHeaderWriter(header, false, payloadType, 5000, 1, ssrc).Complete();
        publisher.Transport.SendRtp(header, 12, new byte[100], 5000, simulation.OutputOf(publisher));
    }
}

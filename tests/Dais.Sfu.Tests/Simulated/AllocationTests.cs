using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu.Relays;
using Dais.Simulation;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

public sealed class AllocationTests
{
    private const int Viewers = 100;
    private const int Packets = 2300;

    /// <summary>Enough for the packet store to have grown as far as it may.</summary>
    private const int WarmUp = 2100;

    private static readonly StageId Stage = new(1);

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1)]
    public void Forwarding_to_a_hundred_viewers_allocates_nothing(SrtpProfile profile)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Profile = profile });
        var host = simulation.AddPublisher(1);
        for (int i = 0; i < Viewers; i++)
        {
            simulation.AddSubscriber(100 + i, Stage, slots: 1);
        }

        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(1));
        byte[][] datagrams = RecordFrom(host);
        var path = new NetworkPath(0, simulation.AddressOf(host));
        var sink = new CountingSink(new byte[SfuLimits.DatagramBytesMax]);
        Feed(simulation, path, datagrams.AsSpan(0, WarmUp), ref sink);
        long datagramsBefore = sink.Datagrams;

        long before = GC.GetAllocatedBytesForCurrentThread();
        Feed(simulation, path, datagrams.AsSpan(WarmUp), ref sink);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal((long)(Packets - WarmUp) * Viewers, sink.Datagrams - datagramsBefore);
    }

    [Fact]
    public void A_relayed_packet_allocates_nothing_on_either_worker()
    {
        using var cluster = new SimulatedCluster();
        var (near, far) = (cluster.Workers[0], cluster.Workers[1]);
        var host = near.AddPublisher(1, video: new ScriptedTrackOptions { FirstPictureId = 7 });
        for (int i = 0; i < Viewers; i++)
        {
            far.AddSubscriber(100 + i, Stage, slots: 1);
        }

        // The scripted relay allocates; so this one takes over when all are connected, and only ever holds the last packet.
        var relay = new LastPacket();
        cluster.RunFor(TimeSpan.FromSeconds(1));
        far.SetStage(Stage, new StageSlot(0, host.Id, Remote: new RemotePublisher(0, host.Participant, host.Tracks)));
        cluster.RunFor(TimeSpan.FromSeconds(1));
        cluster.Relay(0, 1).Instead = relay;
        byte[][] datagrams = RecordFrom(host);
        var path = new NetworkPath(0, near.AddressOf(host));
        var sink = new CountingSink(new byte[SfuLimits.DatagramBytesMax]);
        FeedBoth(datagrams.AsSpan(0, WarmUp), ref sink);
        long datagramsBefore = sink.Datagrams;

        long before = GC.GetAllocatedBytesForCurrentThread();
        FeedBoth(datagrams.AsSpan(WarmUp), ref sink);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal((long)(Packets - WarmUp) * Viewers, sink.Datagrams - datagramsBefore);

        void FeedBoth(Span<byte[]> packets, ref CountingSink sink)
        {
            foreach (byte[] packet in packets)
            {
                near.Worker.HandleDatagram(path, packet, near.Now, ref sink);
                far.Worker.HandleRelayed(0, relay.Message, relay.Packet, far.Now, ref sink);
            }
        }
    }

    [Fact]
    public void Leaving_out_temporal_layers_allocates_nothing()
    {
        var thin = new LinkProfile { Latency = TimeSpan.FromMilliseconds(20), RateBitsPerSecond = 750_000, QueueBytesMax = 60_000 };
        using var simulation = new SimulatedWorker(new SimulationOptions { Downlink = thin });
        var host = simulation.AddPublisher(
            1, video: new ScriptedTrackOptions { PayloadBytes = 1100, FramePackets = 6, KeyframePackets = 12, FirstPictureId = 7, TemporalLayers = 3 });
        simulation.DownlinkOf(host).Profile = LinkProfile.Perfect;
        for (int i = 0; i < 3; i++)
        {
            simulation.AddSubscriber(100 + i, Stage, slots: 1);
        }

        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        simulation.RunFor(TimeSpan.FromSeconds(15));
        byte[][] datagrams = RecordFrom(host, first: 10_000, temporalLayers: [0, 2, 1, 2]);
        var path = new NetworkPath(0, simulation.AddressOf(host));
        var sink = new CountingSink(new byte[SfuLimits.DatagramBytesMax]);
        Feed(simulation, path, datagrams.AsSpan(0, WarmUp), ref sink);
        long datagramsBefore = sink.Datagrams;

        long before = GC.GetAllocatedBytesForCurrentThread();
        Feed(simulation, path, datagrams.AsSpan(WarmUp), ref sink);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(sink.Datagrams - datagramsBefore, (Packets - WarmUp) * 3 / 4, (Packets - WarmUp) * 3 * 3 / 4);
    }

    [Fact]
    public void What_strangers_send_allocates_nothing()
    {
        using var simulation = new SimulatedWorker();
        simulation.AddPublisher(1);
        simulation.RunFor(TimeSpan.FromSeconds(1));
        var path = new NetworkPath(0, NetworkAddress.FromIPv4(0xC633_6401, 4000));
        var random = new Random(1);
        byte[][] datagrams = [.. Enumerable.Range(0, 1000).Select(_ => RandomBytes(random))];
        var sink = new CountingSink(new byte[SfuLimits.DatagramBytesMax]);
        Feed(simulation, path, datagrams.AsSpan(0, 500), ref sink);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Feed(simulation, path, datagrams.AsSpan(500), ref sink);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, sink.Datagrams);
    }

    private static void Feed(SimulatedWorker simulation, NetworkPath path, Span<byte[]> datagrams, ref CountingSink sink)
    {
        foreach (byte[] datagram in datagrams)
        {
            simulation.Worker.HandleDatagram(path, datagram, simulation.Now, ref sink);
        }
    }

    /// <summary>Protects the host's next packets, as they would arrive.</summary>
    private static byte[][] RecordFrom(ScriptedPublisher host, ushort first = 2000, byte[]? temporalLayers = null)
    {
        var output = new RecordingOutput();
        byte[] header = new byte[64];
        byte[] payload = new byte[1100];
        for (int i = 0; i < Packets; i++)
        {
            ushort sequenceNumber = (ushort)(first + i);
            uint timestamp = temporalLayers is null ? (uint)(500_000 + i) : (uint)(50_000_000 + (3000 * i));
            if (temporalLayers is not null)
            {
                // Picture id, base layer index and temporal layer (RFC 7741 §4.2); no keyframe.
                byte[] start = [0x90, 0xF0, (byte)(0x80 | (i >> 8)), (byte)i, 1, (byte)(temporalLayers[i % temporalLayers.Length] << 6), 1];
                start.CopyTo(payload, 0);
            }

            var writer = new RtpHeaderWriter(header, false, host.Video.Track.PayloadType, sequenceNumber, timestamp, host.Video.Ssrc);
            writer.TryAddExtension(host.Video.Track.Extensions.VideoOrientation, [1]);
            host.Transport.SendRtp(header, writer.Complete(), payload, sequenceNumber, output);
        }

        return [.. output.Datagrams];
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 1500)];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class RecordingOutput : IDatagramOutput
    {
        public List<byte[]> Datagrams { get; } = [];

        public void Send(ReadOnlySpan<byte> datagram) => Datagrams.Add(datagram.ToArray());
    }

    private sealed class LastPacket : IRelaySink
    {
        private readonly byte[] _packet = new byte[SfuLimits.DatagramBytesMax];
        private int _length;

        public RelayMessage Message { get; private set; }

        public Span<byte> Packet => _packet.AsSpan(0, _length);

        public bool TrySend(int worker, in RelayMessage message, ReadOnlySpan<byte> packet)
        {
            Message = message;
            packet.CopyTo(_packet);
            _length = packet.Length;
            return true;
        }
    }

    private ref struct CountingSink(Span<byte> buffer) : ITransmitSink
    {
        private readonly Span<byte> _buffer = buffer;

        public long Datagrams { get; private set; }

        public readonly Span<byte> GetBuffer() => _buffer;

        public void Commit(in NetworkPath path, int length) => Datagrams++;
    }
}

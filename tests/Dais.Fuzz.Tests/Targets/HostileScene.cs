using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu;
using Dais.Simulation;
using Dais.Simulation.Peers;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>
/// Two whole workers, a host, and a viewer on each; beside them on the same stage somebody who sends authentic packets with anything in them.
/// However that may be, the host's picture has to go on before the viewers, packet by packet.
/// </summary>
internal sealed class HostileScene : IDisposable
{
    private static readonly StageId Stage = new(1);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    private readonly SimulatedCluster _cluster = new();
    private readonly ScriptedPublisher _rogue;
    private readonly ScriptedSubscriber _rogueViewer;
    private readonly StreamRecording[] _watched;
    private readonly int[] _seen;
    private readonly Dictionary<uint, ulong> _indices = [];
    private int _inputs;

    public HostileScene()
    {
        var (near, far) = (_cluster.Workers[0], _cluster.Workers[1]);
        var repeats = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream, FirstPictureId = 7 };
        var host = near.AddPublisher(1, repeats, repeats);
        _rogue = near.AddPublisher(2, repeats, repeats);
        var viewer = near.AddSubscriber(3, Stage, repeats: RepeatMode.OwnStream);
        var distant = far.AddSubscriber(4, Stage, repeats: RepeatMode.OwnStream);
        _rogueViewer = near.AddSubscriber(5, Stage, repeats: RepeatMode.OwnStream);
        near.SetStage(Stage, new StageSlot(0, host.Id), new StageSlot(1, _rogue.Id));
        far.SetStage(
            Stage,
            new StageSlot(0, host.Id, Remote: new RemotePublisher(0, host.Participant, host.Tracks)),
            new StageSlot(1, _rogue.Id, Remote: new RemotePublisher(0, _rogue.Participant, _rogue.Tracks)));
        _cluster.RunFor(TimeSpan.FromMilliseconds(400));
        _watched = [viewer.Video(0), distant.Video(0)];
        _seen = [.. _watched.Select(recording => recording.Packets.Count)];
        Assert.All(_seen, count => Assert.True(count > 0, "the scene is set"));
    }

    private SfuWorker Worker => _cluster.Workers[0].Worker;

    /// <summary>RTP of the hostile publisher: of its sources and others, with the index its receiver expects.</summary>
    public ulong SendRtp(byte[] input)
    {
        byte[] packet = [.. input];
        if (packet.Length > 12)
        {
            packet[0] = (byte)(0x80 | (packet[0] & 0x3F));
            uint ssrc = (packet[11] % 4) switch { 0 => _rogue.Audio.Ssrc, 1 => ScriptedTrack.RetransmissionSsrcOf(_rogue.Video.Ssrc), 2 => _rogue.Video.Ssrc, _ => packet[8] };
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        }

        if (RtpPacket.TryMeasureHeader(packet, out int headerLength))
        {
            ushort number = (ushort)((packet[2] << 8) | packet[3]);
            uint ssrc = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
            ulong index = SrtpReceiver.EstimateIndex(_indices.TryGetValue(ssrc, out ulong highest) ? highest : null, number);
            _indices[ssrc] = Math.Max(highest, index);
            _rogue.Transport.SendRtp(packet, headerLength, packet.AsSpan(headerLength), index, _cluster.Workers[0].OutputOf(_rogue));
        }

        return Go();
    }

    /// <summary>RTCP of the hostile publisher.</summary>
    public ulong SendPublisherRtcp(byte[] input) => SendRtcp(_rogue.Transport, _rogue, input);

    /// <summary>RTCP of the hostile viewer.</summary>
    public ulong SendViewerRtcp(byte[] input) => SendRtcp(_rogueViewer.Transport, _rogueViewer, input);

    /// <summary>Whatever it is, from the hostile viewer's address, without any key.</summary>
    public ulong SendPlain(byte[] input)
    {
        _cluster.Workers[0].Inject(_cluster.Workers[0].AddressOf(_rogueViewer), input);
        return Go();
    }

    public void Dispose() => _cluster.Dispose();

    private ulong SendRtcp(ScriptedTransport transport, IScriptedPeer peer, byte[] input)
    {
        if (input.Length >= 8)
        {
            transport.SendRtcp(input, _cluster.Workers[0].OutputOf(peer));
        }

        return Go();
    }

    private ulong Go()
    {
        long forwarded = Worker.Statistics.PacketsForwarded;
        _cluster.RunFor(Step);
        Assert.True(Worker.Statistics.PacketsForwarded - forwarded < 200, "one datagram leads to more packets than a step of the whole scene has");
        Assert.True(Worker.TransportCount == 4, "somebody was thrown out");
        if (++_inputs % 40 == 0)
        {
            CheckPicture();
        }

        var statistics = Worker.Statistics;
        var outcome = new Outcome(true);
        for (var reason = (DropReason)0; reason < DropReason.Count; reason++)
        {
            outcome.Add(statistics.Dropped(reason) > 0);
        }

        outcome.Add(statistics.NacksReceived > 0);
        outcome.Add(statistics.KeyframeRequestsReceived > 0);
        outcome.Add(statistics.PacketsRetransmitted > 0);
        outcome.Add(statistics.PacketsRestored > 0);
        outcome.Add(statistics.TransportFeedbackReceived > 0);
        return outcome.Value;
    }

    /// <summary>200 ms have passed: six pictures, each whole and behind the one before.</summary>
    private void CheckPicture()
    {
        for (int i = 0; i < _watched.Length; i++)
        {
            var packets = _watched[i].Packets;
            Assert.True(packets.Count >= _seen[i] + 8, $"the host's picture stands still before viewer {i}");
            for (int k = _seen[i]; k < packets.Count; k++)
            {
                Assert.True((ushort)(packets[k - 1].SequenceNumber + 1) == packets[k].SequenceNumber, $"viewer {i} misses a packet");
                Assert.True(packets[k].Content.Source == 1, $"viewer {i} is shown somebody else in the host's place");
            }

            _seen[i] = packets.Count;
        }
    }
}

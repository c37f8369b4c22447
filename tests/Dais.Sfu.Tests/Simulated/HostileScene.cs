using System.Buffers.Binary;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Simulation;
using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>A host and who watches them; on the same stage a publisher, and before it a viewer, whose every packet is authentic and may say anything.</summary>
internal sealed class HostileScene : IDisposable
{
    public const int Seconds = 3;

    private const int PerSecond = 1000;

    private static readonly StageId Stage = new(1);

    private ulong _index = 5000;

    public HostileScene()
    {
        var track = new ScriptedTrackOptions { Repeats = RepeatMode.OwnStream, FirstPictureId = 7 };
        Host = Simulation.AddPublisher(1, track, track);
        Rogue = Simulation.AddPublisher(2, track, track);
        Watcher = Simulation.AddSubscriber(3, Stage, repeats: RepeatMode.OwnStream);
        RogueViewer = Simulation.AddSubscriber(4, Stage, repeats: RepeatMode.OwnStream);
        Simulation.SetStage(Stage, new StageSlot(0, Host.Id), new StageSlot(1, Rogue.Id));
        Simulation.RunFor(TimeSpan.FromSeconds(1));
        Rogue.Video.IsOn = false;
        RogueViewer.SendsNacks = false;
        Simulation.RunFor(TimeSpan.FromSeconds(1));
    }

    public SimulatedWorker Simulation { get; } = new();

    public ScriptedPublisher Host { get; }

    public ScriptedPublisher Rogue { get; }

    public ScriptedSubscriber Watcher { get; }

    public ScriptedSubscriber RogueViewer { get; }

    public SfuStatistics Statistics => Simulation.Worker.Statistics;

    /// <summary>Some seconds with an attack each millisecond.</summary>
    public void Run(Action<HostileScene, int> attack)
    {
        for (int i = 0; i < Seconds * PerSecond; i++)
        {
            attack(this, i);
            Simulation.RunFor(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>A packet of the hostile publisher's picture or of any other source; <paramref name="change"/> may do anything to it before it is protected.</summary>
    public void SendRtp(Action<byte[]>? change = null, int jump = 1, int payloadBytes = 60, uint? ssrc = null)
    {
        // The receiver expects what lies ahead of the newest by less than half of all numbers.
        _index += (ulong)jump;
        ushort number = (ushort)_index;
        byte[] packet = new byte[64 + payloadBytes];
        var header = new RtpHeaderWriter(packet, true, 96, number, number * 100u, ssrc ?? Rogue.Video.Ssrc);
        header.TryAddExtension(4, "1"u8);
        int length = header.Complete();
        new SyntheticPayload(2, number, 0, true) { PictureId = (ushort)(number & 0x7FFF) }.Write(TrackKind.Video, packet.AsSpan(length));
        packet = packet[..(length + payloadBytes)];
        change?.Invoke(packet);
        Rogue.Transport.SendRtp(packet, length, packet.AsSpan(length), _index, Simulation.OutputOf(Rogue));
    }

    public void SendRtcp(ScriptedTransport transport, IScriptedPeer peer, byte[] packet) => transport.SendRtcp(packet, Simulation.OutputOf(peer));

    /// <summary>RTCP of the hostile publisher.</summary>
    public void SendAsPublisher(byte[] packet) => SendRtcp(Rogue.Transport, Rogue, packet);

    /// <summary>RTCP of the hostile viewer.</summary>
    public void SendAsViewer(byte[] packet) => SendRtcp(RogueViewer.Transport, RogueViewer, packet);

    /// <summary>An RTCP packet of so many words, with an SSRC in front.</summary>
    public static byte[] Rtcp(byte type, int count, params ReadOnlySpan<uint> words)
    {
        byte[] packet = new byte[8 + (4 * words.Length)];
        packet[0] = (byte)(0x80 | count);
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        packet[7] = 1;
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8 + (4 * i)), words[i]);
        }

        Assert.True(RtcpReader.TryParse(packet, out _));
        return packet;
    }

    /// <summary>What everybody but the hostile ones sees is what it would be without them: no gap, as many pictures, and no one else in the place.</summary>
    public void AssertNobodyElseIsHarmed()
    {
        var pictures = Watcher.Video(0);
        RecordingAssert.IsContinuous(pictures, Simulation.Seed);
        RecordingAssert.IsContinuous(Watcher.Audio(0), Simulation.Seed);
        Assert.Equal([1u], pictures.Sources);
        Assert.Equal([1u], Watcher.Audio(0).Sources);
        Assert.InRange(pictures.Packets.Select(packet => packet.Content.Number).Distinct().Count(), (Seconds + 2) * 29, (Seconds + 2) * 31);
        Assert.Equal(4, Simulation.Worker.TransportCount);
        // One keyframe per second, whoever wants it, and the first.
        Assert.InRange(Host.Video.KeyframeRequests.Count, 0, Seconds + 2);
        Assert.InRange(Rogue.Video.KeyframeRequests.Count, 0, Seconds + 4);
    }

    public void Dispose() => Simulation.Dispose();
}

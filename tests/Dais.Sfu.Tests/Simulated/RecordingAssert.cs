using Dais.Simulation.Peers;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>What a receiver may rely on, whoever is shown.</summary>
internal static class RecordingAssert
{
    /// <summary>Every sequence number follows the one before, and no timestamp goes back.</summary>
    public static void IsContinuous(StreamRecording recording, int seed)
    {
        Assert.NotEmpty(recording.Packets);
        for (int i = 1; i < recording.Packets.Count; i++)
        {
            var before = recording.Packets[i - 1];
            var packet = recording.Packets[i];
            Assert.True(
                (ushort)(before.SequenceNumber + 1) == packet.SequenceNumber,
                $"Packet {i} has number {packet.SequenceNumber} behind {before.SequenceNumber} (seed {seed}).");
            Assert.True(
                (int)(packet.Timestamp - before.Timestamp) >= 0,
                $"Packet {i} has timestamp {packet.Timestamp} behind {before.Timestamp} (seed {seed}).");
        }
    }

    /// <summary>Each turn of a source begins at a keyframe, at its first packet.</summary>
    public static void StartsEverySourceAtAKeyframe(StreamRecording recording, int seed)
    {
        uint? source = null;
        foreach (var packet in recording.Packets)
        {
            if (packet.Content.Source != source)
            {
                Assert.True(
                    packet.Content is { IsKeyframe: true, PacketInFrame: 0 },
                    $"Source {packet.Content.Source} starts with {packet.Content} (seed {seed}).");
                source = packet.Content.Source;
            }
        }
    }
}

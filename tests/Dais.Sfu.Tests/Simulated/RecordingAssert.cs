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

    /// <summary>Each picture's id follows the one before, and so does the base layer's index (RFC 7741 §4.2).</summary>
    public static void NumbersPicturesContinuously(StreamRecording recording, int seed)
    {
        for (int i = 1; i < recording.Packets.Count; i++)
        {
            var before = recording.Packets[i - 1].Content;
            var packet = recording.Packets[i].Content;
            Assert.NotNull(packet.PictureId);
            int step = (before.Source, before.Number) == (packet.Source, packet.Number) ? 0 : 1;
            Assert.True(
                ((before.PictureId + step) & 0x7FFF) == packet.PictureId
                    && (byte)(before.Tl0PictureIndex + step) == packet.Tl0PictureIndex,
                $"Packet {i} is {packet} behind {before} (seed {seed}).");
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

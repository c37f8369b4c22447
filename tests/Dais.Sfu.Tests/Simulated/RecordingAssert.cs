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

    /// <summary>
    /// In the order of their numbers, the packets are each source's without one missing, timestamps do not go back, and pictures are
    /// numbered in one run where they are.
    /// </summary>
    public static void IsWholeOnceSorted(StreamRecording recording, int seed)
    {
        var sorted = recording.Packets.OrderBy(packet => (short)(packet.SequenceNumber - recording.Packets[0].SequenceNumber)).ToList();
        for (int i = sorted.Count - 1; i > 0; i--)
        {
            // What was turned around may have been asked for: then it comes twice, and is the same.
            if (sorted[i - 1].SequenceNumber == sorted[i].SequenceNumber)
            {
                Assert.True(IsSame(sorted[i - 1], sorted[i]), $"Number {sorted[i].SequenceNumber} comes with two contents (seed {seed}).");
                sorted.RemoveAt(i);
            }
        }

        for (int i = 1; i < sorted.Count; i++)
        {
            var (before, packet) = (sorted[i - 1], sorted[i]);
            Assert.True((ushort)(before.SequenceNumber + 1) == packet.SequenceNumber, $"Packet {i} is missing (seed {seed}).");
            Assert.True((int)(packet.Timestamp - before.Timestamp) >= 0, $"Packet {i} goes back in time (seed {seed}).");
            Assert.Equal(before.PayloadType, packet.PayloadType);
            bool samePicture = (before.Content.Source, before.Content.Number) == (packet.Content.Source, packet.Content.Number);
            Assert.True(samePicture == (before.Timestamp == packet.Timestamp), $"Packet {i} has the time of another (seed {seed}).");
            if (before.Content.Source == packet.Content.Source)
            {
                Assert.True(
                    packet.Content.Number == before.Content.Number + (samePicture ? 0u : 1u),
                    $"Packet {i} is {packet.Content} behind {before.Content} (seed {seed}).");
            }

            if (packet.Content.PictureId is { } pictureId)
            {
                Assert.True(
                    pictureId == ((before.Content.PictureId + (samePicture ? 0 : 1)) & 0x7FFF),
                    $"Packet {i} is {packet.Content} behind {before.Content} (seed {seed}).");
            }
        }
    }

    private static bool IsSame(ReceivedPacket one, ReceivedPacket other) =>
        one with { Arrival = other.Arrival, IsRepeat = other.IsRepeat, AbsoluteSendTime = other.AbsoluteSendTime, BlockTypes = other.BlockTypes } == other;

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

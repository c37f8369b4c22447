using System.Buffers.Binary;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>A viewer whose RTCP lies, a thousand times a second.</summary>
public sealed class HostileViewerTests
{
    private static readonly Dictionary<string, Action<HostileScene, int>> Attacks = new()
    {
        ["requests for a thousand packets"] = static (scene, _) => scene.SendAsViewer(Nack(scene, pairs: 300, step: 17)),
        ["requests for the same packet"] = static (scene, _) => scene.SendAsViewer(Nack(scene, pairs: 300, step: 0)),
        ["requests for packets of never"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(205, 1, Picture(scene), ((uint)i * 0x9E37_79B9) | 0xFFFF)),
        ["requests about others' sources"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(205, 1, scene.Watcher.VideoTrack(0).Ssrc, ((uint)i << 16) | 0xFFFF)),
        ["requests of no length"] = static (scene, _) => scene.SendAsViewer(HostileScene.Rtcp(205, 1, Picture(scene))),
        ["feedback about packets never sent"] = static (scene, i) => scene.SendAsViewer(Feedback((ushort)(i * 7919), 8000)),
        ["feedback about packets still to come"] = static (scene, _) => scene.SendAsViewer(Feedback(30_000, 200)),
        ["feedback that says less than it promises"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(205, 15, 1, ((uint)i << 16) | 0xFFFF, 0, 0x3FFF_0000)),
        ["picture losses"] = static (scene, _) => scene.SendAsViewer([.. HostileScene.Rtcp(206, 1, Picture(scene)), .. HostileScene.Rtcp(206, 1, scene.RogueViewer.VideoTrack(1).Ssrc)]),
        ["full intra requests"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(206, 4, 0, Picture(scene), (uint)i << 24)),
        ["picture losses of what is not shown"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(206, 1, (uint)i)),
        ["an estimate of nothing"] = static (scene, _) => scene.SendAsViewer(HostileScene.Rtcp(206, 15, 0, 0x5245_4D42, 0x0100_0000, Picture(scene))),
        ["an estimate beyond everything"] = static (scene, _) => scene.SendAsViewer(HostileScene.Rtcp(206, 15, 0, 0x5245_4D42, 0x01FF_FFFF, Picture(scene))),
        ["reports that all is lost"] = static (scene, i) => scene.SendAsViewer(HostileScene.Rtcp(201, 1, Picture(scene), 0xFF7F_FFFF, (uint)i, 0xFFFF_FFFF, (uint)i * 0x9E37_79B9, 0xFFFF_FFFF)),
        ["reference times without an end"] = static (scene, _) => scene.SendAsViewer(
            [.. HostileScene.Rtcp(201, 0), .. Enumerable.Range(0, 60).SelectMany(_ => HostileScene.Rtcp(207, 0, 0x0400_0002, 1, 2))]),
        ["goodbyes"] = static (scene, _) => scene.SendAsViewer([.. HostileScene.Rtcp(201, 0), 0x81, 203, 0, 1, 0, 0, 0x30, 1]),
        ["RTCP with padding out of bounds"] = static (scene, _) => scene.SendAsViewer([0xA0, 201, 0, 1, 0, 0, 0, 255]),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_viewer_says_costs_little_and_harms_nobody_else(string attack)
    {
        using var scene = new HostileScene();
        long sent = scene.Simulation.DatagramsSent;
        long again = scene.Statistics.BytesRetransmitted;

        scene.Run(Attacks[attack]);

        scene.AssertNobodyElseIsHarmed();
        RecordingAssert.IsContinuous(scene.RogueViewer.Audio(0), scene.Simulation.Seed);
        // A budget, in bits per second (SfuOptions.RetransmissionBitrateMax), with what it lets pass at once.
        Assert.InRange(scene.Statistics.BytesRetransmitted - again, 0, (HostileScene.Seconds + 1) * 2_500_000L / 8);
        Assert.InRange(scene.Simulation.DatagramsSent - sent, 0, HostileScene.Seconds * 1600);
    }

    [Fact]
    public void An_estimate_of_nothing_takes_the_picture_of_who_says_it_and_leaves_the_sound()
    {
        using var scene = new HostileScene();
        scene.RogueViewer.SendsFeedback = false;
        int before = scene.RogueViewer.Audio(0).Packets.Count;

        scene.Run(Attacks["an estimate of nothing"]);

        scene.AssertNobodyElseIsHarmed();
        Assert.InRange(scene.RogueViewer.Audio(0).Packets.Count - before, (HostileScene.Seconds * 50) - 5, (HostileScene.Seconds * 50) + 5);
    }

    [Theory]
    [InlineData("feedback about packets never sent")]
    [InlineData("feedback about packets still to come")]
    [InlineData("an estimate beyond everything")]
    public void What_is_believed_of_the_path_stays_within_its_bounds(string attack)
    {
        using var scene = new HostileScene();

        scene.Run((each, i) =>
        {
            Attacks[attack](each, i);
            if (each.Simulation.Worker.TryGetStatistics(each.RogueViewer.Id, out var statistics) && statistics.EstimatedBitrate is { } estimate)
            {
                Assert.InRange(estimate, 60_000, 20_000_000);
            }
        });

        Assert.True(scene.Simulation.Worker.TryGetStatistics(scene.Watcher.Id, out var others));
        Assert.Equal(0, others.PicturesPaused);
        scene.AssertNobodyElseIsHarmed();
    }

    private static uint Picture(HostileScene scene) => scene.RogueViewer.VideoTrack(0).Ssrc;

    /// <summary>A request that begins at the newest packet the viewer has and goes back.</summary>
    private static byte[] Nack(HostileScene scene, int pairs, int step)
    {
        ushort newest = scene.RogueViewer.Video(0).Packets[^1].SequenceNumber;
        uint[] words = new uint[pairs + 1];
        words[0] = Picture(scene);
        for (int i = 0; i < pairs; i++)
        {
            words[i + 1] = ((uint)(ushort)(newest - (i * step)) << 16) | 0xFFFF;
        }

        return HostileScene.Rtcp(205, 1, words);
    }

    /// <summary>Transport-wide feedback that packets came, each a quarter of a millisecond behind the one before.</summary>
    private static byte[] Feedback(ushort first, int statuses)
    {
        statuses = Math.Min(statuses, 1100);
        byte[] body = new byte[8 + 2 + ((statuses + 3) & ~3)];
        BinaryPrimitives.WriteUInt16BigEndian(body, first);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(2), (ushort)statuses);
        body[7] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(8), (ushort)(0x2000 | statuses));
        body.AsSpan(10).Fill(1);
        uint[] words = new uint[1 + (body.Length / 4)];
        words[0] = 1;
        for (int i = 1; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(4 * (i - 1)));
        }

        return HostileScene.Rtcp(205, 15, words);
    }
}

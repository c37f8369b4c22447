using System.Buffers.Binary;

namespace Dais.Sfu.Tests.Simulated;

/// <summary>A publisher that sends a thousand bad packets a second, each protected as it should be.</summary>
public sealed class HostilePublisherTests
{
    /// <summary>What is sent, and why it is dropped; null for what is forwarded to those who watch the hostile publisher.</summary>
    private static readonly Dictionary<string, (Action<HostileScene, int> Send, DropReason? Reason)> Attacks = new()
    {
        ["padding longer than the packet"] = (static (scene, _) => scene.SendRtp(static packet =>
        {
            packet[0] |= 0x20;
            packet[^1] = 255;
        }), DropReason.Malformed),
        ["padding of no length"] = (static (scene, _) => scene.SendRtp(static packet =>
        {
            packet[0] |= 0x20;
            packet[^1] = 0;
        }), DropReason.Malformed),
        ["nothing but padding"] = (static (scene, _) => scene.SendRtp(static packet =>
        {
            packet[0] |= 0x20;
            packet[^1] = 60;
        }), null),
        ["an extension longer than its block"] = (static (scene, _) => scene.SendRtp(static packet => packet[16] = 0x4F), null),
        ["a block of extensions longer than the packet"] = (static (scene, _) => Inject(scene, static packet => BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(14), 0xFFFF)), DropReason.Malformed),
        ["more contributing sources than bytes"] = (static (scene, _) => Inject(scene, static packet => packet[0] |= 0x0F), DropReason.NotAuthentic),
        ["no version"] = (static (scene, _) => Inject(scene, static packet => packet[0] &= 0x3F), DropReason.Malformed),
        ["a new source with every packet"] = (static (scene, i) => scene.SendRtp(ssrc: 0x9000_0000u + (uint)i), DropReason.UnknownSource),
        ["sequence numbers that jump"] = (static (scene, i) =>
        {
            // A simulated viewer would make a list of all that is missing, of a length no browser's has.
            scene.Watcher.SendsNacks = false;
            scene.SendRtp(jump: i % 7 == 0 ? 0x4FFF : 300);
        }, null),
        ["gaps of a few packets"] = (static (scene, _) => scene.SendRtp(jump: 3), null),
        ["a payload type nobody agreed on"] = (static (scene, _) => scene.SendRtp(static packet => packet[1] = 77), DropReason.UnknownPayloadType),
        ["sound where a picture should be"] = (static (scene, _) => scene.SendRtp(static packet => packet[1] = 111), DropReason.UnknownPayloadType),
        ["timestamps that jump"] = (static (scene, i) => scene.SendRtp(packet => BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)i * 0x9E37_79B9)), null),
        ["no payload"] = (static (scene, _) => scene.SendRtp(payloadBytes: 20, change: static packet =>
        {
            packet[0] |= 0x20;
            packet[^1] = 20;
        }), null),
        ["a keyframe in every packet, large ones"] = (static (scene, _) => scene.SendRtp(payloadBytes: 1100), null),
        ["packets again that came"] = (static (scene, i) => Repeat(scene, (ushort)(1000 + (i % 50)), 100), DropReason.NotMissing),
        ["packets again of any number"] = (static (scene, i) => Repeat(scene, (ushort)(i * 7919), 100), null),
        ["packets again with nothing in them"] = (static (scene, _) => Repeat(scene, 1000, 0), DropReason.NotMissing),
        ["goodbyes"] = (static (scene, _) => scene.Rogue.SendGoodbye(scene.Rogue.Video, scene.Simulation.OutputOf(scene.Rogue)), null),
        ["goodbyes of the host's sources"] = (static (scene, _) => scene.SendAsPublisher([.. HostileScene.Rtcp(201, 0), .. Goodbye(scene.Host.Video.Ssrc)]), null),
        ["clocks that jump"] = (static (scene, i) => scene.SendAsPublisher(HostileScene.Rtcp(200, 0, (uint)i * 0x9E37_79B9, 7, (uint)i * 0x1234_5678, 1, 1)), null),
        ["requests about what a publisher does not get"] = (static (scene, i) => scene.SendAsPublisher(
            [.. HostileScene.Rtcp(201, 0), .. HostileScene.Rtcp(205, 1, scene.Host.Video.Ssrc, 0x0001_FFFF), .. HostileScene.Rtcp(206, 1, scene.Host.Video.Ssrc), .. HostileScene.Rtcp(206, 1, (uint)i)]), null),
        ["echoes of reference times of never"] = (static (scene, i) => scene.SendAsPublisher([.. HostileScene.Rtcp(201, 0), .. HostileScene.Rtcp(207, 0, 0x0500_0003, 1, (uint)i, 0xFFFF_FFFF)]), null),
        ["RTCP with padding out of bounds"] = (static (scene, _) => scene.SendAsPublisher([0xA0, 201, 0, 1, 0, 0, 0, 255]), DropReason.Malformed),
        ["RTCP longer than it is"] = (static (scene, _) => scene.SendAsPublisher([0x80, 201, 0xFF, 0xFF, 0, 0, 0, 1]), DropReason.Malformed),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_publisher_sends_costs_little_and_harms_nobody_else(string attack)
    {
        using var scene = new HostileScene();
        long asked = scene.Statistics.PacketsAskedFor;
        long requests = scene.Statistics.NacksSent;
        long sent = scene.Simulation.DatagramsSent;

        scene.Run(Attacks[attack].Send);

        scene.AssertNobodyElseIsHarmed();
        if (Attacks[attack].Reason is { } reason)
        {
            Assert.InRange(scene.Statistics.Dropped(reason), HostileScene.Seconds * 990, HostileScene.Seconds * 1010);
        }

        // A packet that came leads to one for each of two viewers, and to one request at most for what is missing before it, said twice; the rest is the host's, and reports.
        Assert.InRange(scene.Simulation.DatagramsSent - sent, 0, HostileScene.Seconds * ((4 * 1000) + 600));
        Assert.InRange(scene.Statistics.NacksSent - requests, 0, HostileScene.Seconds * 2000);
        // At most 500 are missed at a time, and each is asked for ten times, said twice.
        Assert.InRange(scene.Statistics.PacketsAskedFor - asked, 0, HostileScene.Seconds * 20_000);
    }

    private static void Inject(HostileScene scene, Action<byte[]> change)
    {
        byte[] packet = new byte[80];
        packet[0] = 0x90;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), scene.Rogue.Video.Ssrc);
        packet[12] = 0xBE;
        packet[13] = 0xDE;
        packet[15] = 1;
        change(packet);
        scene.Simulation.Inject(scene.Simulation.AddressOf(scene.Rogue), packet);
    }

    private static void Repeat(HostileScene scene, ushort number, int bytes) =>
        scene.Rogue.Video.SendRepeat(number, new byte[bytes], scene.Rogue.Transport, scene.Simulation.OutputOf(scene.Rogue));

    private static byte[] Goodbye(uint ssrc)
    {
        byte[] packet = [0x81, 203, 0, 1, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }
}

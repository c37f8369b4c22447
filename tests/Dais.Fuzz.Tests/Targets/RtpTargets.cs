using System.Collections.Immutable;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>RTP, and what protects it.</summary>
internal static class RtpTargets
{
    private static readonly byte[] Plain = Packet(extensions: false, padding: 0);
    private static readonly byte[] Extended = Packet(extensions: true, padding: 3);

    /// <summary>Header extensions of one byte, and of two (RFC 8285 §4.2, §4.3).</summary>
    private static readonly byte[][] Packets =
    [
        Plain,
        Extended,
        [0x90, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0x10, 0x00, 0, 2, 1, 1, 0xAA, 200, 3, 1, 2, 3, 0xFF],
        [0x92, 0xE0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0xBE, 0xDE, 0, 1, 0x10, 0xAA, 0, 0, 1],
    ];

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Bytes("kinds of datagrams", "anybody", ["Datagram.Classify"], Packets, static input =>
        {
            var outcome = new Outcome(true);
            outcome.AddExactly((uint)Datagram.Classify(input));
            return outcome.Value;
        }),
        FuzzTargets.Bytes(
            "RTP packets", "a publisher, a viewer", ["RtpPacket.TryParse", "RtpPacket.TryMeasureHeader", "RtpPacket.TryGetExtension", "RtpExtensions.TryGet"], Packets, ReadPacket),
        FuzzTargets.Bytes("packets sent again (RTX)", "a publisher", ["RetransmittedPacket.TryRestore"], Packets, Restore),
        FuzzTargets.Bytes(
            "redundant sound (RED)", "a publisher", ["RedundantPayload.TryFindPrimary"],
            [[111, 1, 2, 3], [0x80 | 111, 0, 8, 3, 111, 1, 2, 3, 4], [0x80 | 111, 0, 8, 1, 0x80 | 111, 0, 4, 2, 111, 1, 2, 3, 4]],
            FindPrimary),
        Protected(SrtpProfile.AeadAes128Gcm),
        Protected(SrtpProfile.Aes128CmHmacSha1),
    ];

    private static byte[] Packet(bool extensions, int padding)
    {
        byte[] packet = new byte[200];
        var header = new RtpHeaderWriter(packet, true, 96, 1000, 90_000, 0xDA15);
        if (extensions)
        {
            header.TryAddExtension(1, [0x90]);
            header.TryAddExtension(4, "0"u8);
            header.TryAddExtension(9, [0, 1]);
        }

        int length = header.Complete();
        for (int i = 0; i < 20; i++)
        {
            packet[length++] = (byte)i;
        }

        packet[0] |= (byte)(padding > 0 ? 0x20 : 0);
        length += padding;
        packet[length - 1] = padding > 0 ? (byte)padding : packet[length - 1];
        return packet[..length];
    }

    private static ulong ReadPacket(byte[] input)
    {
        bool isMeasured = RtpPacket.TryMeasureHeader(input, out int headerLength);
        if (!RtpPacket.TryParse(input, out var packet))
        {
            return isMeasured ? 2 : Outcome.Refused;
        }

        Assert.True(packet.HeaderLength == headerLength, "two lengths of one header");
        Assert.True(packet.HeaderLength + packet.Payload.Length + packet.PaddingLength == input.Length, "what is there adds up");
        var outcome = new Outcome(true);
        outcome.Add(packet.Marker);
        outcome.Add(packet.HeaderLength);
        outcome.Add(packet.PaddingLength);
        outcome.Add(packet.PayloadType + packet.SequenceNumber + packet.Timestamp + packet.Ssrc);
        int elements = 0;
        foreach (var element in packet.Extensions)
        {
            elements++;
            outcome.AddExactly(element.Id);
            Assert.True(element.Value.Length <= 255, "an extension longer than its length can say");
        }

        Assert.True(elements <= input.Length, "more extensions than bytes");
        for (byte id = 0; id < 20; id++)
        {
            outcome.Add(packet.TryGetExtension(id, out var value) ? value.Length : -1);
        }

        return outcome.Value;
    }

    private static ulong Restore(byte[] input)
    {
        Span<byte> packet = stackalloc byte[1500];
        input.CopyTo(packet);
        if (!RetransmittedPacket.TryRestore(packet[..input.Length], 96, 7, out var original, out ushort number))
        {
            return Outcome.Refused;
        }

        Assert.True(RtpPacket.TryParse(original, out var restored), "what was restored is a packet");
        Assert.True(restored.Ssrc == 7 && restored.PayloadType == 96, "of the stream it belongs to");
        var outcome = new Outcome(true);
        outcome.Add(restored.Payload.Length);
        outcome.Add(number);
        return outcome.Value;
    }

    private static ulong FindPrimary(byte[] input)
    {
        if (!RedundantPayload.TryFindPrimary(input, out int start))
        {
            return Outcome.Refused;
        }

        Span<byte> payload = stackalloc byte[1500];
        input.CopyTo(payload);
        RedundantPayload.WritePayloadTypes(payload[..input.Length], 109);
        Assert.True(RedundantPayload.TryFindPrimary(payload[..input.Length], out int again) && again == start, "other payload types change nothing else");
        var outcome = new Outcome(true);
        outcome.Add(start);
        outcome.Add(input.Length - start);
        return outcome.Value;
    }

    private static FuzzTarget Protected(SrtpProfile profile)
    {
        var master = new SrtpMasterKey([.. Enumerable.Range(1, 16).Select(i => (byte)i)], new byte[profile == SrtpProfile.AeadAes128Gcm ? 12 : 14]);
        return new FuzzTarget(
            $"SRTP and SRTCP ({profile})", "whoever can send from a validated address", ["SrtpReceiver.TryUnprotectRtp", "SrtpReceiver.TryUnprotectRtcp", "SrtpReceiver.TryAdmit"],
            Protect(profile, master), () => Begin(profile, master))
        {
            InputsPerSession = 500,
            // Each stream that is new is remembered, up to the table's size.
            Allocates = null,
        };
    }

    private static List<byte[]> Protect(SrtpProfile profile, SrtpMasterKey master)
    {
        using var sender = new SrtpSender(profile, master);
        byte[] buffer = new byte[1500];
        List<byte[]> packets = [];
        for (int number = 0; number < 3; number++)
        {
            byte[] packet = Packets[number];
            Assert.True(RtpPacket.TryMeasureHeader(packet, out int header));
            packet.CopyTo(buffer, 0);
            packets.Add(buffer[..sender.ProtectRtp(buffer, header, packet.AsSpan(header), (ulong)number + 1)]);
            packets.Add(buffer[..sender.ProtectRtcp([0x80, 201, 0, 1, 0, 0, 0, 7], buffer)]);
        }

        return packets;
    }

    private static Parse Begin(SrtpProfile profile, SrtpMasterKey master)
    {
        var receiver = new SrtpReceiver(profile, master, new SrtpReceiverOptions { StreamsMax = 8 });
        byte[] buffer = new byte[1500];
        return input =>
        {
            input.CopyTo(buffer, 0);
            bool isRtp = receiver.TryUnprotectRtp(buffer.AsSpan(0, input.Length), out int length);
            Assert.True(length <= input.Length, "longer than it came");
            input.CopyTo(buffer, 0);
            bool isRtcp = receiver.TryUnprotectRtcp(buffer.AsSpan(0, input.Length), out length);
            Assert.True(length <= input.Length, "longer than it came");
            Assert.True(receiver.StreamCount <= 8, "a table that grows");
            var outcome = new Outcome(isRtp);
            outcome.Add(isRtcp);
            outcome.Add(receiver.AuthenticationFailures > 0);
            outcome.Add(receiver.Malformed > 0);
            outcome.Add(receiver.Replays > 0);
            return outcome.Value;
        };
    }
}

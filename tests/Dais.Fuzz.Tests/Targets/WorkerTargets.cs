using System.Collections.Immutable;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Simulation.Peers;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>Whole workers, with what no parser alone shows: what a packet that is well formed does to others.</summary>
internal static class WorkerTargets
{
    private const int InputsPerScene = 120;

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        Scene("RTP of a hostile publisher", "a publisher", [Picture(1000, 0), Picture(1003, 1), Picture(65_530, 0), Repeat(500)], static scene => scene.SendRtp),
        Scene("RTCP of a hostile publisher", "a publisher", Reports(0x2001), static scene => scene.SendPublisherRtcp),
        Scene("RTCP of a hostile viewer", "a viewer", Reports(0x4001), static scene => scene.SendViewerRtcp),
        Scene(
            "datagrams without keys", "whoever can send from a validated address",
            [Picture(1000, 0), [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]], static scene => scene.SendPlain),
    ];

    private static FuzzTarget Scene(string name, string from, IReadOnlyList<byte[]> seeds, Func<HostileScene, Parse> send) =>
        new(name, from, [], seeds, () => send(new HostileScene())) { InputsPerSession = InputsPerScene, LengthMax = 1300, Allocates = null };

    /// <summary>A packet of a picture with the extensions publishers of the simulation send.</summary>
    private static byte[] Picture(ushort number, byte place)
    {
        byte[] packet = new byte[200];
        var header = new RtpHeaderWriter(packet, place == 1, 96, number, 90_000, 2);
        header.TryAddExtension(4, "1"u8);
        header.TryAddExtension(9, [0, (byte)number]);
        int length = header.Complete();
        new SyntheticPayload(2, number, place, place == 0) { PictureId = 7, Tl0PictureIndex = 3, Temporal = (1, true) }.Write(Dais.Rtc.Rtp.TrackKind.Video, packet.AsSpan(length));
        return packet[..(length + 60)];
    }

    private static byte[] Repeat(ushort number)
    {
        byte[] packet = Picture(number, 0);
        packet[1] = 36;
        packet[11] = 1;
        return packet;
    }

    /// <summary>Every kind of report about sources from <paramref name="ssrc"/> on.</summary>
    private static byte[][] Reports(uint ssrc)
    {
        byte[] buffer = new byte[1200];
        List<byte[]> all = [];
        for (uint media = ssrc; media < ssrc + 3; media++)
        {
            var writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(1, [new ReportBlock(media, 20, 5, 1000, 30, 7, 8)]);
            writer.TryWriteNack(1, media, [1, 2, 3, 40]);
            all.Add(writer.Written.ToArray());
            writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(1, []);
            writer.TryWritePictureLossIndication(1, media);
            writer.TryWriteFullIntraRequest(1, media, 1);
            writer.TryWriteReceiverEstimatedMaximumBitrate(1, 300_000, [media]);
            all.Add(writer.Written.ToArray());
            writer = new RtcpWriter(buffer);
            writer.TryWriteSenderReport(media, new NtpTimestamp(0xD000_0000_0000_0000), 90_000, 10, 1000, []);
            writer.TryWriteGoodbye([media]);
            all.Add(writer.Written.ToArray());
            writer = new RtcpWriter(buffer);
            writer.TryWriteReceiverReport(1, []);
            writer.TryWriteTransportFeedback(1, media, 0, 0, [1_000_000, 1_004_000, -1, 1_012_000], out _);
            all.Add(writer.Written.ToArray());
        }

        return [.. all];
    }
}

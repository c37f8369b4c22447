using System.Buffers.Binary;
using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;

namespace Dais.Fuzz.Tests.Targets;

/// <summary>RTCP: datagrams as a whole, and each packet behind a header that is right, so that the fuzzer's time goes to what is inside.</summary>
internal static class RtcpTargets
{
    private const int HeaderLength = 4;

    private static readonly byte[] Feedback = Write(static (ref RtcpWriter writer) =>
        writer.TryWriteTransportFeedback(1, 2, 65_530, 3, [.. Enumerable.Range(0, 40).Select(i => i % 3 == 2 ? -1 : 1_000_000L + (i * 700 * (1 + (i % 5))))], out _));

    private static readonly byte[][] Compounds =
    [
        Write(static (ref RtcpWriter writer) =>
            writer.TryWriteReceiverReport(1, [new ReportBlock(7, 3, 4, 5, 6, 7, 8)]) && writer.TryWriteCanonicalName(1, "fuzz") && writer.TryWriteNack(1, 7, [1, 2, 3, 18, 700])),
        Write(static (ref RtcpWriter writer) => writer.TryWriteReceiverReport(1, []) && writer.TryWritePictureLossIndication(1, 7)
            && writer.TryWriteFullIntraRequest(1, 7, 3) && writer.TryWriteReceiverEstimatedMaximumBitrate(1, 1_000_000, [7, 8])),
        Write(static (ref RtcpWriter writer) => writer.TryWriteReceiverReport(1, []) && writer.TryWriteReferenceTime(1, new NtpTimestamp(1UL << 40))
            && writer.TryWriteReferenceTimeEcho(1, 7, new ReferenceTimeEcho(1, 2)) && writer.TryWriteGoodbye([7])),
        Feedback,
    ];

    private delegate bool WritePackets(ref RtcpWriter writer);

    private delegate ulong ReadPacket(in RtcpPacket packet);

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        FuzzTargets.Bytes(
            "RTCP datagrams", "a publisher, a viewer", ["RtcpReader.TryParse"], Compounds, static input =>
            {
                if (!RtcpReader.TryParse(input, out var reader))
                {
                    return Outcome.Refused;
                }

                var outcome = new Outcome(true);
                int packets = 0;
                while (reader.MoveNext())
                {
                    packets++;
                    outcome.AddExactly((uint)reader.Current.Kind);
                    outcome.AddExactly((uint)(ReadEverything(reader.Current) & 0xFFFF));
                }

                Assert.True(packets <= input.Length / HeaderLength, "more packets than fit");
                return outcome.Value;
            }),
        Packet("RTCP SR", 200, 1, ["RtcpPacket.TryReadSenderReport"], new byte[48], static (in packet) =>
            packet.TryReadSenderReport(out var report) ? Blocks(report.Blocks, report.Ntp.Middle32 + report.PacketCount + report.OctetCount + report.RtpTimestamp) : Outcome.Refused),
        Packet("RTCP RR", 201, 2, ["RtcpPacket.TryReadReceiverReport"], new byte[52], static (in packet) =>
            packet.TryReadReceiverReport(out var report) ? Blocks(report.Blocks, report.SenderSsrc) : Outcome.Refused),
        Packet("RTCP SDES", 202, 1, ["RtcpPacket.TryReadCanonicalName", "CanonicalName.TryRead"], [0, 0, 0, 1, 1, 4, 102, 117, 122, 122, 0, 0], static (in packet) =>
        {
            if (!packet.TryReadCanonicalName(out var name))
            {
                return Outcome.Refused;
            }

            var outcome = new Outcome(true);
            outcome.Add(name.Utf8.Length);
            return outcome.Value;
        }),
        Packet("RTCP BYE", 203, 2, ["RtcpPacket.TryReadGoodbye"], [0, 0, 0, 1, 0, 0, 0, 2], static (in packet) =>
        {
            if (!packet.TryReadGoodbye(out var goodbye))
            {
                return Outcome.Refused;
            }

            var outcome = new Outcome(true);
            for (int i = 0; i < goodbye.Count; i++)
            {
                outcome.Add(goodbye[i]);
            }

            return outcome.Value;
        }),
        Packet("RTCP NACK", 205, 1, ["RtcpPacket.TryReadNack"], [0, 0, 0, 1, 0, 0, 0, 7, 0, 5, 0, 3, 0xFF, 0xFE, 0xFF, 0xFF], static (in packet) =>
        {
            if (!packet.TryReadNack(out var nack))
            {
                return Outcome.Refused;
            }

            int numbers = 0;
            foreach (ushort _ in nack)
            {
                numbers++;
            }

            Assert.True(numbers <= packet.Body.Length / 4 * 17, "more numbers than pairs can name");
            var outcome = new Outcome(true);
            outcome.Add(numbers);
            return outcome.Value;
        }),
        Packet("RTCP PLI", 206, 1, ["RtcpPacket.TryReadPictureLossIndication"], [0, 0, 0, 1, 0, 0, 0, 7], static (in packet) =>
        {
            var outcome = new Outcome(packet.TryReadPictureLossIndication(out var indication));
            outcome.Add(indication.MediaSsrc);
            return outcome.Value;
        }),
        Packet("RTCP FIR", 206, 4, ["RtcpPacket.TryReadFullIntraRequest"], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 0, 0, 0], static (in packet) =>
        {
            if (!packet.TryReadFullIntraRequest(out var request))
            {
                return Outcome.Refused;
            }

            var outcome = new Outcome(true);
            for (int i = 0; i < request.Count; i++)
            {
                outcome.Add(request[i].MediaSsrc + request[i].SequenceNumber);
            }

            return outcome.Value;
        }),
        Packet(
            "RTCP REMB", 206, 15, ["RtcpPacket.TryReadReceiverEstimatedMaximumBitrate", "ReceiverEstimatedMaximumBitrate.TryRead"],
            [0, 0, 0, 1, 0, 0, 0, 0, 0x52, 0x45, 0x4D, 0x42, 1, 0x0F, 0xFF, 0xFF, 0, 0, 0, 7], static (in packet) =>
            {
                if (!packet.TryReadReceiverEstimatedMaximumBitrate(out var estimate))
                {
                    return Outcome.Refused;
                }

                Assert.True(estimate.BitsPerSecond >= 0, "less than nothing");
                var outcome = new Outcome(true);
                outcome.Add(estimate.BitsPerSecond);
                for (int i = 0; i < estimate.Count; i++)
                {
                    outcome.Add(estimate[i]);
                }

                return outcome.Value;
            }),
        Packet("RTCP XR", 207, 0, ["RtcpPacket.TryReadExtendedReport"], [0, 0, 0, 1, 4, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 5, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2], static (in packet) =>
        {
            if (!packet.TryReadExtendedReport(out var report))
            {
                return Outcome.Refused;
            }

            var outcome = new Outcome(true);
            outcome.Add(report.TryGetReferenceTime(out var time));
            outcome.Add(time.Middle32);
            outcome.Add(report.TryGetEcho(7, out var echo));
            outcome.Add(echo.RoundTripTime(new NtpTimestamp(1UL << 40))?.Ticks ?? -1);
            return outcome.Value;
        }),
        Packet("transport-wide feedback", 205, 15, ["RtcpPacket.TryReadTransportFeedback", "TransportFeedback.TryRead"], Feedback[HeaderLength..], static (in packet) =>
        {
            if (!packet.TryReadTransportFeedback(out var feedback))
            {
                return Outcome.Refused;
            }

            int statuses = 0;
            int received = 0;
            foreach (var status in feedback)
            {
                statuses++;
                received += status.IsReceived ? 1 : 0;
            }

            Assert.True(statuses == feedback.StatusCount && statuses <= TransportFeedback.StatusesMax, "as many statuses as it says");
            var outcome = new Outcome(true);
            outcome.Add(statuses);
            outcome.Add(received);
            return outcome.Value;
        }),
        new("the estimate, from lies", "a viewer", ["BandwidthEstimator.HandleFeedback"], Compounds, BeginEstimate) { InputsPerSession = 300, Allocates = null },
    ];

    private static byte[] Write(WritePackets write)
    {
        byte[] buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        Assert.True(write(ref writer));
        return writer.Written.ToArray();
    }

    /// <summary>A target whose inputs are what stands behind a header of <paramref name="type"/>, made whole words.</summary>
    private static FuzzTarget Packet(string name, byte type, byte format, string[] covers, byte[] body, ReadPacket read) =>
        FuzzTargets.Bytes(name, "a publisher, a viewer", covers, [body], input =>
        {
            Span<byte> packet = stackalloc byte[1508];
            int length = HeaderLength + ((input.Length + 3) & ~3);
            packet[..length].Clear();
            packet[0] = (byte)(0x80 | format);
            packet[1] = type;
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
            input.CopyTo(packet[HeaderLength..]);
            // The number of blocks is in the header: the first bytes of the input change it now and then.
            if (type is >= 200 and <= 203 && input.Length > 0 && (input[0] & 1) != 0)
            {
                packet[0] = (byte)(0x80 | (input[0] >> 3));
            }

            Assert.True(RtcpReader.TryParse(packet[..length], out var reader) && reader.MoveNext(), "a header that is right");
            ulong outcome = read(reader.Current);
            return Math.Max(outcome, ReadEverything(reader.Current) * 2);
        });

    private static ulong Blocks(ReportBlockList blocks, long fields)
    {
        var outcome = new Outcome(true);
        outcome.Add(fields);
        for (int i = 0; i < blocks.Count; i++)
        {
            outcome.Add(blocks[i].CumulativeLost);
            outcome.Add(blocks[i].FractionLost);
        }

        return outcome.Value;
    }

    /// <summary>Asks a packet for everything it might be: only one kind says yes.</summary>
    private static ulong ReadEverything(in RtcpPacket packet)
    {
        uint kinds = 0;
        kinds |= packet.TryReadSenderReport(out _) ? 1u : 0;
        kinds |= packet.TryReadReceiverReport(out _) ? 2u : 0;
        kinds |= packet.TryReadGoodbye(out _) ? 4u : 0;
        kinds |= packet.TryReadCanonicalName(out _) ? 8u : 0;
        kinds |= packet.TryReadNack(out _) ? 16u : 0;
        kinds |= packet.TryReadExtendedReport(out _) ? 32u : 0;
        kinds |= packet.TryReadPictureLossIndication(out _) ? 64u : 0;
        kinds |= packet.TryReadFullIntraRequest(out _) ? 128u : 0;
        kinds |= packet.TryReadReceiverEstimatedMaximumBitrate(out _) ? 256u : 0;
        kinds |= packet.TryReadTransportFeedback(out _) ? 512u : 0;
        Assert.True(System.Numerics.BitOperations.PopCount(kinds) <= 1, "two kinds at once");
        return kinds;
    }

    /// <summary>An estimator that sends, and hears what the input says of it.</summary>
    private static Parse BeginEstimate()
    {
        var options = new CongestionOptions();
        var estimator = new BandwidthEstimator(options);
        var now = new Timestamp(1_000_000);
        return input =>
        {
            for (int i = 0; i < 5; i++)
            {
                now += TimeSpan.FromMilliseconds(4);
                estimator.HandleSent(1200, now);
            }

            if (RtcpReader.TryParse(input, out var reader))
            {
                while (reader.MoveNext())
                {
                    Tell(estimator, reader.Current, now);
                }
            }

            estimator.HandleTimeout(now);
            Assert.True(estimator.Bitrate >= options.BitrateMin && estimator.Bitrate <= options.BitrateMax, $"{estimator.Bitrate} is within its bounds");
            Assert.True(estimator.RoundTripTime >= TimeSpan.Zero && estimator.QueueDelay >= TimeSpan.Zero, "times that are none");
            var outcome = new Outcome(estimator.HasFeedback);
            outcome.Add(estimator.Bitrate);
            outcome.Add(estimator.IsOverused);
            outcome.Add(estimator.FeedbackRefused > 0);
            outcome.Add(estimator.StatusesUnknown > 0);
            return outcome.Value;
        };
    }

    private static void Tell(BandwidthEstimator estimator, in RtcpPacket packet, Timestamp now)
    {
        if (packet.TryReadTransportFeedback(out var feedback))
        {
            estimator.HandleFeedback(feedback, now);
        }
        else if (packet.TryReadReceiverEstimatedMaximumBitrate(out var estimate))
        {
            estimator.HandleReceiverEstimate(estimate.BitsPerSecond, now);
        }
        else if (packet.TryReadReceiverReport(out var report) && report.Blocks.Count > 0)
        {
            var block = report.Blocks[0];
            estimator.HandleReport(block.FractionLost, block.RoundTripTime(NtpTimestamp.From(now)), now);
        }
    }
}

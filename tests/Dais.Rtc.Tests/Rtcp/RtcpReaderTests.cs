using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Rtcp;

public sealed class RtcpReaderTests
{
    private static readonly ReportBlock Block = new(0x11111111, 64, -3, 0x0001FFFE, 120, 0xAABBCCDD, 0x00010000);
    private static readonly uint[] Ssrcs = [1];

    [Fact]
    public void A_written_compound_packet_reads_back_packet_by_packet()
    {
        byte[] compound = Compound();
        Assert.True(RtcpReader.TryParse(compound, out var reader));
        List<RtcpKind> kinds = [];
        while (reader.MoveNext())
        {
            kinds.Add(reader.Current.Kind);
        }

        Assert.Equal(
            [
                RtcpKind.SenderReport, RtcpKind.ReceiverReport, RtcpKind.SourceDescription, RtcpKind.PictureLossIndication,
                RtcpKind.FullIntraRequest, RtcpKind.ReceiverEstimatedMaximumBitrate, RtcpKind.Goodbye,
            ],
            kinds);
    }

    [Fact]
    public void Rfc3550_6_4_1_sender_report()
    {
        Span<byte> buffer = stackalloc byte[200];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryWriteSenderReport(1, new NtpTimestamp(0x0102030405060708), 90_000, 7, 8000, [Block, Block with { Ssrc = 2 }]));

        var packet = Only(writer.Written);
        Assert.True(packet.TryReadSenderReport(out var report));
        Assert.Equal(1u, report.SenderSsrc);
        Assert.Equal(0x0102030405060708ul, report.Ntp.Value);
        Assert.Equal(90_000u, report.RtpTimestamp);
        Assert.Equal(7u, report.PacketCount);
        Assert.Equal(8000u, report.OctetCount);
        Assert.Equal(2, report.Blocks.Count);
        Assert.Equal(Block, report.Blocks[0]);
        Assert.Equal(2u, report.Blocks[1].Ssrc);
        Assert.False(packet.TryReadReceiverReport(out _));
    }

    [Fact]
    public void Rfc3550_6_4_2_receiver_report_of_a_hand_made_packet()
    {
        byte[] bytes =
        [
            0x81, 201, 0, 7, 0, 0, 0, 9,
            0, 0, 0, 5, 0x40, 0xFF, 0xFF, 0xFE, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 6,
        ];

        Assert.True(Only(bytes).TryReadReceiverReport(out var report));
        Assert.Equal(9u, report.SenderSsrc);
        Assert.Equal(new ReportBlock(5, 64, -2, 0x10002, 3, 4, 6), report.Blocks[0]);
    }

    [Fact]
    public void A_report_with_a_profile_specific_extension_is_read_up_to_it()
    {
        byte[] bytes = [0x80, 201, 0, 2, 0, 0, 0, 9, 1, 2, 3, 4];

        Assert.True(Only(bytes).TryReadReceiverReport(out var report));
        Assert.Equal(0, report.Blocks.Count);
    }

    [Fact]
    public void Rfc4585_6_2_1_nack_names_every_missing_packet_across_the_wrap()
    {
        byte[] bytes = [0x81, 205, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFE, 0x80, 0x03, 0x00, 0x64, 0x00, 0x00];

        Assert.True(Only(bytes).TryReadNack(out var nack));
        Assert.Equal(1u, nack.SenderSsrc);
        Assert.Equal(2u, nack.MediaSsrc);
        List<ushort> missing = [];
        foreach (ushort sequenceNumber in nack)
        {
            missing.Add(sequenceNumber);
        }

        Assert.Equal([65534, 65535, 0, 14, 100], missing);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(32_760)]
    [InlineData(65_530)]
    public void Rfc4585_6_2_1_a_written_nack_names_what_it_was_given_in_few_pairs(int start)
    {
        ReadOnlySpan<int> offsets = [0, 1, 16, 17, 18, 100, 117, 400];
        ushort[] numbers = new ushort[offsets.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (ushort)(start + offsets[i]);
        }

        byte[] buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryWriteNack(1, 2, numbers));

        Assert.Equal(12 + (5 * 4), writer.Length);
        Assert.True(RtcpReader.TryParse(writer.Written, out var reader));
        Assert.True(reader.MoveNext());
        Assert.True(reader.Current.TryReadNack(out var nack));
        Assert.Equal((1u, 2u), (nack.SenderSsrc, nack.MediaSsrc));
        List<ushort> read = [];
        foreach (ushort number in nack)
        {
            read.Add(number);
        }

        Assert.Equal(numbers, read);
        Assert.False(writer.TryWriteNack(1, 2, []));
        Assert.False(new RtcpWriter(buffer.AsSpan(0, 20)).TryWriteNack(1, 2, numbers));
    }

    [Fact]
    public void Rfc3611_4_4_and_4_5_reference_times_and_their_echoes()
    {
        byte[] buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.TryWriteReferenceTime(7, new NtpTimestamp(0x1111_2222_3333_4444)));
        Assert.True(writer.TryWriteReferenceTimeEcho(7, 9, new ReferenceTimeEcho(0x2222_3333, 0x18000)));

        Assert.True(RtcpReader.TryParse(writer.Written, out var reader));
        Assert.True(reader.MoveNext());
        Assert.True(reader.Current.TryReadExtendedReport(out var reference));
        Assert.Equal(7u, reference.SenderSsrc);
        Assert.True(reference.TryGetReferenceTime(out var sentAt));
        Assert.Equal(0x2222_3333u, sentAt.Middle32);
        Assert.False(reference.TryGetEcho(9, out _));
        Assert.True(reader.MoveNext());
        Assert.True(reader.Current.TryReadExtendedReport(out var answer));
        Assert.False(answer.TryGetReferenceTime(out _));
        Assert.False(answer.TryGetEcho(8, out _));
        Assert.True(answer.TryGetEcho(9, out var echo));
        // Kept for a second and a half, and half a second on the way.
        Assert.Equal(TimeSpan.FromSeconds(0.5), echo.RoundTripTime(sentAt + TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData((byte)4, 0)]
    [InlineData((byte)4, 1)]
    [InlineData((byte)4, 3)]
    [InlineData((byte)4, 0xFFFF)]
    [InlineData((byte)5, 0)]
    [InlineData((byte)5, 2)]
    [InlineData((byte)5, 0xFFFF)]
    [InlineData((byte)9, 2)]
    public void Rfc3611_a_block_that_lies_says_nothing(byte type, int words)
    {
        byte[] bytes = [0x80, 207, 0, 4, 0, 0, 0, 7, type, 0, (byte)(words >> 8), (byte)words, 0, 0, 0, 9, 0, 0, 0, 1];
        Assert.True(Only(bytes).TryReadExtendedReport(out var report));

        Assert.False(report.TryGetReferenceTime(out _));
        Assert.False(report.TryGetEcho(9, out _));
    }

    [Fact]
    public void Rfc4585_6_3_1_picture_loss_indication()
    {
        byte[] bytes = [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];

        Assert.True(Only(bytes).TryReadPictureLossIndication(out var indication));
        Assert.Equal(new PictureLossIndication(1, 2), indication);
        Assert.Equal(bytes, Written((ref RtcpWriter writer) => writer.TryWritePictureLossIndication(1, 2)));
    }

    [Fact]
    public void Rfc5104_4_3_1_full_intra_request()
    {
        byte[] bytes = [0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 7, 0, 0, 0];

        Assert.True(Only(bytes).TryReadFullIntraRequest(out var request));
        Assert.Equal(1u, request.SenderSsrc);
        Assert.Equal(1, request.Count);
        Assert.Equal(new FullIntraRequestEntry(2, 7), request[0]);
        Assert.Equal(bytes, Written((ref RtcpWriter writer) => writer.TryWriteFullIntraRequest(1, 2, 7)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(262_143, 262_143)]
    [InlineData(2_500_000, 2_500_000)]
    [InlineData(262_145, 262_144)]
    [InlineData(long.MaxValue, 0x3FFFFL << 45)]
    public void Remb_keeps_eighteen_significant_bits(long bitrate, long expected)
    {
        byte[] bytes = Written((ref RtcpWriter writer) => writer.TryWriteReceiverEstimatedMaximumBitrate(1, bitrate, [2, 3]));

        Assert.True(Only(bytes).TryReadReceiverEstimatedMaximumBitrate(out var estimate));
        Assert.Equal(1u, estimate.SenderSsrc);
        Assert.Equal(expected, estimate.BitsPerSecond);
        Assert.Equal(2, estimate.Count);
        Assert.Equal(3u, estimate[1]);
    }

    [Fact]
    public void A_remb_beyond_any_bitrate_is_clamped()
    {
        byte[] bytes = [0x8F, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, .. "REMB"u8, 0, 0xFF, 0xFF, 0xFF];

        Assert.True(Only(bytes).TryReadReceiverEstimatedMaximumBitrate(out var estimate));
        Assert.Equal(long.MaxValue, estimate.BitsPerSecond);
    }

    [Fact]
    public void Rfc3550_6_5_1_canonical_name_is_found_behind_other_items()
    {
        byte[] bytes = [0x81, 202, 0, 4, 0, 0, 0, 5, 2, 1, (byte)'x', 1, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0, 0];

        Assert.True(Only(bytes).TryReadCanonicalName(out var name));
        Assert.Equal(5u, name.Ssrc);
        Assert.Equal("abc"u8, name.Utf8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abcd")]
    [InlineData("nämlich")]
    public void A_written_canonical_name_reads_back(string text)
    {
        byte[] bytes = Written((ref RtcpWriter writer) => writer.TryWriteCanonicalName(5, text));

        Assert.True(Only(bytes).TryReadCanonicalName(out var name));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(name.Utf8));
    }

    [Fact]
    public void Rfc3550_6_6_goodbye()
    {
        byte[] bytes = Written((ref RtcpWriter writer) => writer.TryWriteGoodbye([1, 2, 3]));

        Assert.True(Only(bytes).TryReadGoodbye(out var goodbye));
        Assert.Equal(3, goodbye.Count);
        Assert.Equal(3u, goodbye[2]);
    }

    [Theory]
    [InlineData(205, 15, RtcpKind.TransportFeedback)]
    [InlineData(207, 0, RtcpKind.ExtendedReport)]
    [InlineData(205, 3, RtcpKind.Unknown)]
    [InlineData(206, 15, RtcpKind.Unknown)]
    [InlineData(204, 0, RtcpKind.Unknown)]
    public void Other_packets_are_told_by_type_and_format(byte type, int format, RtcpKind expected) =>
        Assert.Equal(expected, Only([(byte)(0x80 | format), type, 0, 1, 0, 0, 0, 1]).Kind);

    [Fact]
    public void Padding_of_the_last_packet_is_left_out()
    {
        byte[] bytes = [0xA1, 203, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4];

        Assert.Equal(4, Only(bytes).Body.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(255)]
    public void Padding_that_lies_is_refused(byte count) =>
        Assert.False(RtcpReader.TryParse([0xA1, 203, 0, 2, 0, 0, 0, 1, 0, 0, 0, count], out _));

    [Fact]
    public void Padding_before_the_last_packet_is_refused() =>
        Assert.False(RtcpReader.TryParse([0xA0, 203, 0, 1, 0, 0, 0, 4, 0x80, 203, 0, 0], out _));

    [Fact]
    public void Every_truncation_is_refused_but_at_packet_borders()
    {
        byte[] compound = Compound();
        HashSet<int> borders = [];
        for (int end = 0; end < compound.Length; end += (((compound[end + 2] << 8) | compound[end + 3]) + 1) * 4)
        {
            borders.Add(end);
        }

        borders.Remove(0);
        for (int length = 0; length < compound.Length; length++)
        {
            Assert.Equal(borders.Contains(length), RtcpReader.TryParse(compound.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Counts_that_lie_make_the_typed_view_false()
    {
        Assert.False(Only([0x81, 200, 0, 6, .. new byte[24]]).TryReadSenderReport(out _));
        Assert.False(Only([0x9F, 201, 0, 1, 0, 0, 0, 9]).TryReadReceiverReport(out _));
        Assert.False(Only([0x80, 201, 0, 0]).TryReadReceiverReport(out _));
        Assert.False(Only([0x82, 203, 0, 1, 0, 0, 0, 9]).TryReadGoodbye(out _));
        Assert.False(Only([0x81, 205, 0, 1, 0, 0, 0, 9]).TryReadNack(out _));
        Assert.False(Only([0x81, 206, 0, 1, 0, 0, 0, 9]).TryReadPictureLossIndication(out _));
        Assert.False(Only([0x84, 206, 0, 1, 0, 0, 0, 9]).TryReadFullIntraRequest(out _));
        Assert.False(Only([0x81, 202, 0, 2, 0, 0, 0, 9, 1, 200, 0, 0]).TryReadCanonicalName(out _));
        byte[] remb = [0x8F, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, .. "REMB"u8, 200, 0, 0, 1];
        Assert.False(Only(remb).TryReadReceiverEstimatedMaximumBitrate(out _));
    }

    [Fact]
    public void Mutated_packets_never_throw()
    {
        byte[] original = [.. Compound(), 0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFE, 0x80, 0x03];
        var random = new Random(1);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = [.. original];
            for (int i = 0; i < 4; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            ReadEverything(bytes.AsSpan(0, round % 2 == 0 ? bytes.Length : random.Next(bytes.Length)));
        }
    }

    [Fact]
    public void A_packet_that_does_not_fit_is_not_begun()
    {
        var writer = new RtcpWriter(new byte[15]);

        Assert.True(writer.TryWritePictureLossIndication(1, 2));
        Assert.False(writer.TryWriteGoodbye([1]));
        Assert.Equal(12, writer.Length);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        Span<byte> buffer = stackalloc byte[400];
        ReadEverything(WriteCompound(buffer));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            ReadEverything(WriteCompound(buffer));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadEverything(ReadOnlySpan<byte> bytes)
    {
        if (!RtcpReader.TryParse(bytes, out var reader))
        {
            return;
        }

        while (reader.MoveNext())
        {
            var packet = reader.Current;
            _ = packet.Kind;
            _ = packet.TryReadPictureLossIndication(out _);
            _ = packet.TryReadSenderReport(out var sender) && sender.Blocks.Count > 0 && sender.Blocks[^1].Ssrc == 0;
            _ = packet.TryReadReceiverReport(out var receiver) && receiver.Blocks.Count > 0 && receiver.Blocks[^1].Ssrc == 0;
            _ = packet.TryReadGoodbye(out var goodbye) && goodbye.Count > 0 && goodbye[^1] == 0;
            _ = packet.TryReadCanonicalName(out var name) && name.Utf8.Length > 0;
            _ = packet.TryReadFullIntraRequest(out var intra) && intra.Count > 0 && intra[^1].MediaSsrc == 0;
            _ = packet.TryReadReceiverEstimatedMaximumBitrate(out var remb) && remb.Count > 0 && remb[^1] == 0;
            if (packet.TryReadExtendedReport(out var extended))
            {
                extended.TryGetReferenceTime(out _);
                extended.TryGetEcho(1, out _);
            }

            if (packet.TryReadNack(out var nack))
            {
                foreach (ushort sequenceNumber in nack)
                {
                    _ = sequenceNumber;
                }
            }
        }
    }

    private static byte[] Compound() => WriteCompound(new byte[400]).ToArray();

    private static ReadOnlySpan<byte> WriteCompound(Span<byte> buffer)
    {
        var writer = new RtcpWriter(buffer);
        bool written = writer.TryWriteSenderReport(1, new NtpTimestamp(2), 3, 4, 5, [Block])
            && writer.TryWriteReceiverReport(1, [Block])
            && writer.TryWriteCanonicalName(1, "dais")
            && writer.TryWritePictureLossIndication(1, 2)
            && writer.TryWriteFullIntraRequest(1, 2, 3)
            && writer.TryWriteReceiverEstimatedMaximumBitrate(1, 1_000_000, Ssrcs)
            && writer.TryWriteGoodbye(Ssrcs);
        return written ? writer.Written : throw new InvalidOperationException("The buffer is too small.");
    }

    private delegate bool Write(ref RtcpWriter writer);

    private static byte[] Written(Write write)
    {
        var writer = new RtcpWriter(new byte[400]);
        Assert.True(write(ref writer));
        return writer.Written.ToArray();
    }

    private static RtcpPacket Only(ReadOnlySpan<byte> bytes)
    {
        Assert.True(RtcpReader.TryParse(bytes, out var reader));
        Assert.True(reader.MoveNext());
        var packet = reader.Current;
        Assert.False(reader.MoveNext());
        return packet;
    }
}

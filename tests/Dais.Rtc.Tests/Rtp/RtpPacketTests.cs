using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class RtpPacketTests
{
    // Version 2, one CSRC, extension (one-byte form, two words), marker, payload type 96, padding of 3.
    private static readonly byte[] Full =
    [
        0xB1, 0xE0, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04, 0xAA, 0xBB, 0xCC, 0xDD,
        0x00, 0x00, 0x00, 0x07,
        0xBE, 0xDE, 0x00, 0x02, 0x10, 0x55, 0x00, 0x32, 0x01, 0x02, 0x03, 0x00,
        0xF0, 0xF1, 0xF2,
        0x00, 0x00, 0x03,
    ];

    [Fact]
    public void Rfc3550_5_1_reads_every_field()
    {
        Assert.True(RtpPacket.TryParse(Full, out var packet));

        Assert.True(packet.Marker);
        Assert.Equal(96, packet.PayloadType);
        Assert.Equal(0x1234, packet.SequenceNumber);
        Assert.Equal(0x01020304u, packet.Timestamp);
        Assert.Equal(0xAABBCCDDu, packet.Ssrc);
        Assert.Equal(28, packet.HeaderLength);
        Assert.Equal(3, packet.PaddingLength);
        Assert.Equal([0xF0, 0xF1, 0xF2], packet.Payload.ToArray());
    }

    [Theory]
    [InlineData(1, new byte[] { 0x55 })]
    [InlineData(3, new byte[] { 1, 2, 3 })]
    public void Rfc8285_4_2_finds_one_byte_extensions_past_padding(byte id, byte[] expected)
    {
        Assert.True(RtpPacket.TryParse(Full, out var packet));

        Assert.True(packet.TryGetExtension(id, out var value));
        Assert.Equal(expected, value.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(15)]
    public void An_extension_that_is_not_there_is_not_found(byte id)
    {
        Assert.True(RtpPacket.TryParse(Full, out var packet));

        Assert.False(packet.TryGetExtension(id, out _));
    }

    [Fact]
    public void Rfc8285_4_3_finds_two_byte_extensions_also_empty_ones()
    {
        byte[] bytes =
        [
            0x90, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3,
            0x10, 0x05, 0x00, 0x02, 0x11, 0x00, 0x00, 0x20, 0x02, 0xAB, 0xCD, 0x00,
        ];
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.True(packet.TryGetExtension(0x11, out var empty));
        Assert.True(empty.IsEmpty);
        Assert.True(packet.TryGetExtension(0x20, out var value));
        Assert.Equal([0xAB, 0xCD], value.ToArray());
    }

    [Fact]
    public void Rfc8285_4_2_id_15_ends_the_one_byte_extensions()
    {
        byte[] bytes = [.. Header(0x90), 0xBE, 0xDE, 0, 1, 0xF0, 0x00, 0x10, 0x55];
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.False(packet.TryGetExtension(1, out _));
    }

    [Fact]
    public void An_element_longer_than_the_extension_is_not_found()
    {
        byte[] bytes = [.. Header(0x90), 0xBE, 0xDE, 0, 1, 0x1F, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.False(packet.TryGetExtension(1, out _));
    }

    [Fact]
    public void An_unknown_extension_profile_has_no_elements()
    {
        byte[] bytes = [.. Header(0x90), 0x12, 0x34, 0, 1, 0x10, 0x55, 0x00, 0x00];
        Assert.True(RtpPacket.TryParse(bytes, out var packet));

        Assert.False(packet.TryGetExtension(1, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_version_is_refused(int version)
    {
        byte[] bytes = Header((byte)(version << 6));

        Assert.False(RtpPacket.TryParse(bytes, out _));
    }

    [Fact]
    public void A_packet_of_a_header_alone_has_an_empty_payload()
    {
        Assert.True(RtpPacket.TryParse(Header(0x80), out var packet));
        Assert.True(packet.Payload.IsEmpty);
        Assert.Equal(12, packet.HeaderLength);
    }

    [Fact]
    public void Contributing_sources_beyond_the_end_are_refused() => Assert.False(RtpPacket.TryParse(Header(0x8F), out _));

    [Fact]
    public void An_extension_length_beyond_the_end_is_refused()
    {
        byte[] bytes = [.. Header(0x90), 0xBE, 0xDE, 0xFF, 0xFF, 0, 0, 0, 0];

        Assert.False(RtpPacket.TryParse(bytes, out _));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(255, false)]
    public void Padding_is_refused_when_empty_or_larger_than_the_payload(byte count, bool accepted)
    {
        byte[] bytes = [.. Header(0xA0), 9, 9, 9, count];

        Assert.Equal(accepted, RtpPacket.TryParse(bytes, out _));
    }

    [Fact]
    public void Padding_flag_without_payload_is_refused() => Assert.False(RtpPacket.TryParse(Header(0xA0), out _));

    [Fact]
    public void Every_truncation_of_the_header_is_refused()
    {
        for (int length = 0; length < 28; length++)
        {
            Assert.False(RtpPacket.TryMeasureHeader(Full.AsSpan(0, length), out _));
            Assert.False(RtpPacket.TryParse(Full.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 100_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            if (RtpPacket.TryParse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out var packet))
            {
                _ = packet.Payload.Length;
                foreach (var element in packet.Extensions)
                {
                    Assert.True(element.Value.Length <= packet.HeaderLength);
                }
            }
        }
    }

    [Fact]
    public void A_written_header_reads_back()
    {
        byte[] buffer = new byte[64];
        var writer = new RtpHeaderWriter(buffer, marker: true, payloadType: 111, 65535, 0xFFFFFFFF, 0x01020304);
        Assert.True(writer.TryAddExtension(1, [0x80]));
        Assert.True(writer.TryAddExtension(4, [1, 2, 3, 4]));
        int length = writer.Complete();

        Assert.Equal(24, length);
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, length), out var packet));
        Assert.True(packet.Marker);
        Assert.Equal(111, packet.PayloadType);
        Assert.Equal(65535, packet.SequenceNumber);
        Assert.Equal(0xFFFFFFFF, packet.Timestamp);
        Assert.Equal(0x01020304u, packet.Ssrc);
        Assert.Equal(length, packet.HeaderLength);
        Assert.True(packet.TryGetExtension(4, out var value));
        Assert.Equal([1, 2, 3, 4], value.ToArray());
    }

    [Fact]
    public void A_header_without_extensions_is_twelve_bytes()
    {
        var writer = new RtpHeaderWriter(new byte[12], marker: false, payloadType: 96, 1, 2, 3);

        Assert.Equal(12, writer.Complete());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 17)]
    [InlineData(1, 16)]
    public void An_extension_that_cannot_be_written_leaves_the_header_as_it_was(byte id, int valueLength)
    {
        var writer = new RtpHeaderWriter(new byte[28], marker: false, payloadType: 96, 1, 2, 3);

        Assert.False(writer.TryAddExtension(id, new byte[valueLength]));
        Assert.Equal(12, writer.Complete());
    }

    [Fact]
    public void Parsing_and_writing_allocate_nothing()
    {
        Span<byte> buffer = stackalloc byte[64];
        Rewrite(buffer);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Rewrite(buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Rewrite(Span<byte> buffer)
    {
        _ = RtpPacket.TryParse(Full, out var packet);
        packet.TryGetExtension(3, out var value);
        var writer = new RtpHeaderWriter(buffer, packet.Marker, packet.PayloadType, packet.SequenceNumber, packet.Timestamp, packet.Ssrc);
        writer.TryAddExtension(5, value);
        writer.Complete();
    }

    private static byte[] Header(byte first) => [first, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
}

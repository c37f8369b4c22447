using System.Buffers.Binary;
using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class RetransmittedPacketTests
{
    private readonly byte[] _packet = new byte[100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rfc4588_4_the_original_comes_back_with_its_header(bool padded)
    {
        int length = Write([1, 2, 3, 4, 5], padded);

        Assert.True(RetransmittedPacket.TryRestore(_packet.AsSpan(0, length), 96, 0xAAAA, out var original, out ushort number));
        Assert.Equal(65_535, number);
        Assert.True(RtpPacket.TryParse(original, out var packet));
        Assert.Equal((96, 65_535, 0xAAAAu, 90_000u), (packet.PayloadType, packet.SequenceNumber, packet.Ssrc, packet.Timestamp));
        Assert.True(packet.Marker);
        Assert.True(packet.TryGetExtension(3, out var orientation));
        Assert.Equal([1], orientation.ToArray());
        Assert.Equal([1, 2, 3, 4, 5], packet.Payload.ToArray());
    }

    [Fact]
    public void A_packet_that_carries_none_is_told()
    {
        int length = Write([], padded: false);

        Assert.False(RetransmittedPacket.TryRestore(_packet.AsSpan(0, length), 96, 1, out _, out _));
        Assert.False(RetransmittedPacket.TryRestore(_packet.AsSpan(0, length - 1), 96, 1, out _, out _));
        Assert.False(RetransmittedPacket.TryRestore(_packet.AsSpan(0, 5), 96, 1, out _, out _));
        Assert.False(RetransmittedPacket.TryRestore([], 96, 1, out _, out _));
    }

    [Fact]
    public void Mutated_packets_never_throw()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            int length = Write([1, 2, 3, 4, 5], padded: random.Next(2) == 0);
            _packet[random.Next(length)] = (byte)random.Next(256);
            _packet[random.Next(length)] = (byte)random.Next(256);
            if (RetransmittedPacket.TryRestore(_packet.AsSpan(0, random.Next(length + 1)), 96, 1, out var original, out _))
            {
                Assert.True(RtpPacket.TryParse(original, out _));
            }
        }
    }

    private int Write(ReadOnlySpan<byte> payload, bool padded)
    {
        var header = new RtpHeaderWriter(_packet, marker: true, 97, 7, 90_000, 0xBBBB);
        header.TryAddExtension(3, [1]);
        int length = header.Complete();
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(length), 65_535);
        payload.CopyTo(_packet.AsSpan(length + 2));
        length += 2 + payload.Length;
        if (padded)
        {
            _packet[0] |= 0x20;
            _packet[length + 3] = 4;
            length += 4;
        }

        return length;
    }
}

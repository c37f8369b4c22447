using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Srtp;

public sealed class SrtpRoundTripTests
{
    public static TheoryData<SrtpProfile> Profiles => [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Packets_with_every_size_of_header_arrive_as_they_were(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        ushort sequenceNumber = 0;
        for (int csrcs = 0; csrcs <= 15; csrcs++)
        {
            for (int words = -1; words <= 8; words++)
            {
                byte[] header = SrtpPair.Header(++sequenceNumber, csrcs: csrcs, extensionWords: words);
                byte[] payload = SrtpPair.Bytes(sequenceNumber * 7 % 300, sequenceNumber);
                byte[] packet = pair.Protect(header, payload, sequenceNumber);

                Assert.Equal(header, packet[..header.Length]);
                Assert.True(pair.Receiver.TryUnprotectRtp(packet, out int length));
                Assert.Equal([.. header, .. payload], packet[..length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Reports_arrive_as_they_were(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        for (int i = 0; i < 3; i++)
        {
            byte[] packet = pair.ProtectReport();

            Assert.Equal(SrtpPair.Report().Length + pair.Sender.RtcpOverhead, packet.Length);
            Assert.False(packet.AsSpan(8, 20).SequenceEqual(SrtpPair.Report().AsSpan(8)));
            Assert.True(pair.Receiver.TryUnprotectRtcp(packet, out int length));
            Assert.Equal(SrtpPair.Report(), packet[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_report_of_nothing_but_its_header_arrives(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] packet = new byte[8 + pair.Sender.RtcpOverhead];

        pair.Sender.ProtectRtcp(SrtpPair.Report().AsSpan(0, 8), packet);

        Assert.True(pair.Receiver.TryUnprotectRtcp(packet, out int length));
        Assert.Equal(8, length);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 0)]
    [InlineData(SrtpProfile.AeadAes128Gcm, 5)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1, 0)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1, 5)]
    public void The_payload_may_lie_in_the_buffer_already(SrtpProfile profile, int offset)
    {
        using var pair = new SrtpPair(profile);
        byte[] header = SrtpPair.Header(7);
        byte[] payload = SrtpPair.Bytes(100, 1);
        byte[] buffer = new byte[header.Length + payload.Length + pair.Sender.Overhead];
        header.CopyTo(buffer, 0);
        payload.CopyTo(buffer, header.Length + offset);

        pair.Sender.ProtectRtp(buffer, header.Length, buffer.AsSpan(header.Length + offset, payload.Length), packetIndex: 7);

        Assert.Equal(pair.Protect(header, payload, 7), buffer);
    }

    [Fact]
    public void A_buffer_without_room_for_the_tag_is_refused()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        byte[] buffer = new byte[12 + 10 + 15];

        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Sender.ProtectRtp(buffer, 12, new byte[10], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Sender.ProtectRtcp(SrtpPair.Report(), new byte[28 + 19]));
    }

    [Fact]
    public void A_key_protects_no_more_reports_than_it_may()
    {
        var keys = SrtpSessionKeys.Derive(
            SrtpProfile.AeadAes128Gcm, new SrtpMasterKey(SrtpPair.Bytes(16, 3), SrtpPair.Bytes(12, 77)));
        using var sender = new SrtpSender(SrtpProfile.AeadAes128Gcm, keys, rtcpIndex: 0x7FFF_FFFF);

        Assert.NotEqual(0, sender.ProtectRtcp(SrtpPair.Report(), new byte[100]));
        Assert.Equal(0, sender.ProtectRtcp(SrtpPair.Report(), new byte[100]));
    }

    [Fact]
    public void A_disposed_sender_refuses()
    {
        var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        pair.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pair.Protect(1));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_per_packet(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] header = SrtpPair.Header(0);
        byte[] payload = SrtpPair.Bytes(1100, 5);
        byte[] report = SrtpPair.Report();
        byte[] buffer = new byte[1500];
        bool arrived = true;

        arrived &= Send(0, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        arrived &= Send(100, 1100);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(arrived);

        bool Send(ushort first, ushort end)
        {
            bool all = true;
            for (ushort index = first; index < end; index++)
            {
                header[2] = (byte)(index >> 8);
                header[3] = (byte)index;
                header.CopyTo(buffer, 0);
                int length = pair.Sender.ProtectRtp(buffer, header.Length, payload, index);
                all &= pair.Receiver.TryUnprotectRtp(buffer.AsSpan(0, length), out _);
                all &= !pair.Receiver.TryUnprotectRtp(buffer.AsSpan(0, length), out _);
                length = pair.Sender.ProtectRtcp(report, buffer);
                all &= pair.Receiver.TryUnprotectRtcp(buffer.AsSpan(0, length), out _);
            }

            return all;
        }
    }
}

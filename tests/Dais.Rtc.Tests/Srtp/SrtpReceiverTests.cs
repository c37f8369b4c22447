using Dais.Rtc.Srtp;

namespace Dais.Rtc.Tests.Srtp;

public sealed class SrtpReceiverTests
{
    public static TheoryData<SrtpProfile> Profiles => [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Refuses_a_packet_changed_at_any_byte(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] packet = pair.Protect(SrtpPair.Header(5, csrcs: 1, extensionWords: 1), SrtpPair.Bytes(40, 2), 5);
        for (int position = 0; position < packet.Length; position++)
        {
            byte[] changed = [.. packet];
            changed[position] ^= 0x04;
            Assert.False(pair.Receiver.TryUnprotectRtp(changed, out _), $"byte {position}");
        }

        Assert.Equal(0, pair.Receiver.StreamCount);
        Assert.True(pair.Accepts(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_came_another_way_comes_to_pass_once_however_it_comes(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 5, out _));
        Assert.True(pair.Accepts(pair.Protect(65_530)));
        Assert.True(pair.Accepts(pair.Protect(65_545)));

        Assert.True(pair.Receiver.TryAdmit(0xDA15, 3, out ulong index));
        Assert.Equal(65_539ul, index);
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 3, out _));
        Assert.False(pair.Accepts(pair.Protect(65_539)));
        Assert.True(pair.Accepts(pair.Protect(65_538)));
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 2, out _));

        // Received, ahead, too old, of nobody.
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 9, out _));
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 10, out _));
        Assert.False(pair.Receiver.TryAdmit(0xDA15, 64_000, out _));
        Assert.False(pair.Receiver.TryAdmit(0xBEEF, 3, out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Refuses_a_packet_cut_anywhere(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] packet = pair.Protect(SrtpPair.Header(5, csrcs: 2, extensionWords: 3), SrtpPair.Bytes(30, 2), 5);
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.False(pair.Receiver.TryUnprotectRtp(packet.AsSpan(0, length).ToArray(), out _), $"{length} bytes");
        }

        Assert.True(pair.Accepts(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Refuses_a_report_changed_at_any_byte_or_cut_anywhere(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] packet = pair.ProtectReport();
        for (int position = 0; position < packet.Length; position++)
        {
            byte[] changed = [.. packet];
            changed[position] ^= 0x80;
            Assert.False(pair.Receiver.TryUnprotectRtcp(changed, out _), $"byte {position}");
            Assert.False(pair.Receiver.TryUnprotectRtcp(packet.AsSpan(0, position).ToArray(), out _), $"{position} bytes");
        }

        Assert.True(pair.AcceptsReport(packet));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Refuses_what_it_has_seen(SrtpProfile profile)
    {
        using var pair = new SrtpPair(profile);
        byte[] packet = pair.Protect(5);
        byte[] report = pair.ProtectReport();

        Assert.True(pair.Accepts(packet));
        Assert.True(pair.AcceptsReport(report));

        Assert.False(pair.Accepts(packet));
        Assert.False(pair.AcceptsReport(report));
        Assert.Equal(2, pair.Receiver.Replays);
        Assert.Equal(0, pair.Receiver.AuthenticationFailures);
    }

    [Fact]
    public void Counts_what_it_drops()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, streamsMax: 1);
        byte[] forged = pair.Protect(6);
        forged[20] ^= 1;

        Assert.True(pair.Accepts(pair.Protect(5)));
        Assert.False(pair.Accepts(forged));
        Assert.False(pair.Accepts([1, 2, 3]));
        Assert.False(pair.Accepts(pair.Protect(5, ssrc: 99)));

        Assert.Equal(1, pair.Receiver.AuthenticationFailures);
        Assert.Equal(1, pair.Receiver.Malformed);
        Assert.Equal(1, pair.Receiver.RefusedStreams);
    }

    [Fact]
    public void Forged_packets_take_no_place_in_the_table_of_streams()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm, streamsMax: 2);
        for (uint ssrc = 0; ssrc < 100; ssrc++)
        {
            byte[] forged = pair.Protect(5, ssrc);
            forged[^1] ^= 1;
            Assert.False(pair.Accepts(forged));
        }

        Assert.True(pair.Accepts(pair.Protect(5, ssrc: 1)));
        Assert.True(pair.AcceptsReport(pair.ProtectReport(ssrc: 2)));
        Assert.False(pair.Accepts(pair.Protect(5, ssrc: 3)));
        Assert.Equal(2, pair.Receiver.StreamCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(32767)]
    [InlineData(32768)]
    [InlineData(65534)]
    [InlineData(65535)]
    public void Follows_the_rollover_from_any_start(int start)
    {
        foreach (var profile in new[] { SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1 })
        {
            using var pair = new SrtpPair(profile);
            for (ulong index = (ulong)start; index < 300_000; index += 12_345)
            {
                Assert.True(pair.Accepts(pair.Protect(index)), $"index {index}");
            }
        }
    }

    [Fact]
    public void Accepts_packets_in_any_order_around_the_rollover()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        const ulong Rollover = 3 << 16;
        for (ulong reached = 0; reached < Rollover; reached += 30_000)
        {
            Assert.True(pair.Accepts(pair.Protect(reached)));
        }

        ulong[] order = [.. Enumerable.Range(-60, 120).Select(offset => Rollover + (ulong)offset)];
        new Random(1).Shuffle(order);
        foreach (ulong index in order)
        {
            Assert.True(pair.Accepts(pair.Protect(index)), $"index {index}");
        }

        Assert.All(order, index => Assert.False(pair.Accepts(pair.Protect(index))));
        Assert.Equal(order.Length, pair.Receiver.Replays);
    }

    [Theory]
    [InlineData(null, 65535, 65535)]
    [InlineData(10L, 65000, 65000)]
    [InlineData(65535L, 0, 0x10000)]
    [InlineData(0x10000L, 65535, 0xFFFF)]
    [InlineData(0x18000L, 0, 0x10000)]
    [InlineData(0x18001L, 0, 0x20000)]
    [InlineData(0x17FFFL, 0xFFFF, 0x1FFFF)]
    [InlineData(0x17FFEL, 0xFFFF, 0x0FFFF)]
    public void Estimates_the_nearest_index(long? highest, int sequenceNumber, long expected) =>
        Assert.Equal((ulong)expected, SrtpReceiver.EstimateIndex((ulong?)highest, (ushort)sequenceNumber));

    [Fact]
    public void The_window_tells_the_last_nine_hundred_apart_and_refuses_older_ones()
    {
        var window = new SrtpReplayWindow();
        var seen = new HashSet<ulong>();
        var random = new Random(7);
        ulong highest = 0;
        for (int step = 0; step < 20_000; step++)
        {
            ulong index = random.Next(20) == 0 ? highest + (ulong)random.Next(3000) : highest - Math.Min(highest, (ulong)random.Next(1200));
            bool isNew = window.IsNew(index);
            bool isOld = highest > index && highest - index > 1023;
            bool isRecent = index > highest || highest - index <= 960;
            Assert.True(!isNew || !seen.Contains(index), "A replay passed.");
            Assert.True(!isOld || !isNew, "What can no longer be told passed.");
            Assert.True(!isRecent || isNew == !seen.Contains(index), "A recent index was mistaken.");
            if (isNew)
            {
                window.Add(index);
                seen.Add(index);
                highest = Math.Max(highest, index);
            }
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var random = new Random(3);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && i % 2 == 0)
            {
                bytes[0] = (byte)(0x80 | (bytes[0] & 0x3F));
            }

            Assert.False(pair.Accepts(bytes));
            Assert.False(pair.AcceptsReport(bytes));
        }

        Assert.Equal(0, pair.Receiver.StreamCount);
    }
}

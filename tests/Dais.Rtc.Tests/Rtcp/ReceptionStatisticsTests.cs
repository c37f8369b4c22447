using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Rtcp;

public sealed class ReceptionStatisticsTests
{
    private static readonly Timestamp T0 = new(5_000_000);

    private readonly ReceptionStatistics _statistics = new(clockRate: 90_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(32767)]
    [InlineData(32768)]
    [InlineData(65534)]
    [InlineData(65535)]
    public void Rfc3550_A_3_counts_loss_from_every_wrap_edge(int start)
    {
        foreach (int offset in new[] { 0, 1, 2, 4, 5, 7, 8, 9 })
        {
            Receive(start + offset);
        }

        var block = _statistics.TakeReport(1, T0);
        Assert.Equal(2, block.CumulativeLost);
        Assert.Equal(2 * 256 / 10, block.FractionLost);
        Assert.Equal((uint)(start + 9), block.HighestSequenceNumber);
    }

    [Fact]
    public void Fraction_lost_is_of_the_interval_and_cumulative_of_the_whole()
    {
        Receive(10);
        Receive(13);
        Assert.Equal(128, _statistics.TakeReport(1, T0).FractionLost);

        Receive(14);
        var second = _statistics.TakeReport(1, T0);
        Assert.Equal(0, second.FractionLost);
        Assert.Equal(2, second.CumulativeLost);

        var idle = _statistics.TakeReport(1, T0);
        Assert.Equal(0, idle.FractionLost);
    }

    [Fact]
    public void Late_packets_take_loss_back_and_duplicates_make_it_negative()
    {
        Receive(10);
        Receive(12);
        Receive(11);
        Assert.Equal(0, _statistics.PacketsLost);

        Receive(12);
        Assert.Equal(-1, _statistics.PacketsLost);
        Assert.Equal(-1, _statistics.TakeReport(1, T0).CumulativeLost);
    }

    [Fact]
    public void What_is_sent_again_long_after_takes_loss_back_and_does_not_count_as_jitter()
    {
        for (int i = 0; i < 500; i++)
        {
            if (i is not (100 or 101))
            {
                _statistics.HandlePacket((ushort)i, (uint)(i * 900), T0 + TimeSpan.FromMilliseconds(10 * i));
            }
        }

        Assert.Equal(2, _statistics.PacketsLost);
        _statistics.HandlePacket(100, 100 * 900, T0 + TimeSpan.FromMilliseconds(5000));
        _statistics.HandlePacket(101, 101 * 900, T0 + TimeSpan.FromMilliseconds(5000));

        Assert.Equal(0, _statistics.PacketsLost);
        Assert.Equal(0u, _statistics.Jitter);
        Assert.Equal(499u, _statistics.TakeReport(1, T0).HighestSequenceNumber);
    }

    [Fact]
    public void Rfc3550_A_1_a_single_wild_number_is_not_believed()
    {
        Receive(10);
        Assert.False(_statistics.HandlePacket(10_000, 0, T0));
        Receive(11);

        Assert.Equal(0, _statistics.PacketsLost);
        Assert.Equal(11u, _statistics.TakeReport(1, T0).HighestSequenceNumber);
    }

    [Fact]
    public void Rfc3550_A_1_two_wild_numbers_in_a_row_restart_the_count()
    {
        Receive(10);
        Assert.False(_statistics.HandlePacket(10_000, 0, T0));
        Receive(10_001);
        Receive(10_003);

        Assert.Equal(2, _statistics.PacketsReceived);
        Assert.Equal(1, _statistics.PacketsLost);
    }

    [Fact]
    public void Rfc3550_A_8_even_spacing_has_no_jitter()
    {
        for (int i = 0; i < 50; i++)
        {
            _statistics.HandlePacket((ushort)i, (uint)(uint.MaxValue - 1000 + (i * 900)), T0 + TimeSpan.FromMilliseconds(10 * i));
        }

        Assert.Equal(0u, _statistics.Jitter);
    }

    [Fact]
    public void Rfc3550_A_8_jitter_moves_by_a_sixteenth_of_the_difference()
    {
        _statistics.HandlePacket(0, 0, T0);
        _statistics.HandlePacket(1, 900, T0 + TimeSpan.FromMilliseconds(20));

        // 10 ms late are 900 ticks.
        Assert.Equal(900u / 16, _statistics.Jitter);
    }

    [Fact]
    public void Rfc3550_6_4_1_echoes_the_last_sender_report_and_the_delay_since()
    {
        Receive(1);
        Assert.Equal((0u, 0u), Echo(_statistics.TakeReport(1, T0)));

        _statistics.HandleSenderReport(new NtpTimestamp(0x1111_2222_3333_4444), T0);

        Assert.Equal((0x2222_3333u, 0x18000u), Echo(_statistics.TakeReport(1, T0 + TimeSpan.FromSeconds(1.5))));
    }

    [Fact]
    public void A_report_before_the_first_packet_says_nothing_is_lost() =>
        Assert.Equal(new ReportBlock(7, 0, 0, 0, 0, 0, 0), _statistics.TakeReport(7, T0));

    [Fact]
    public void The_sender_reads_the_round_trip_from_the_block()
    {
        var sent = NtpTimestamp.From(T0);
        _statistics.HandleSenderReport(sent, T0);
        var block = _statistics.TakeReport(1, T0 + TimeSpan.FromSeconds(1));

        var roundTrip = block.RoundTripTime(sent + TimeSpan.FromSeconds(1.25));
        Assert.Equal(250, roundTrip!.Value.TotalMilliseconds, 1.0);
        Assert.Null(block.RoundTripTime(sent));
        Assert.Null(default(ReportBlock).RoundTripTime(sent));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999_999)]
    [InlineData(123_456_789_012)]
    public void Ntp_differences_are_exact_to_a_microsecond(long microseconds)
    {
        var start = NtpTimestamp.From(T0);
        var distance = TimeSpan.FromMicroseconds(microseconds);

        Assert.Equal(microseconds, (start + distance - start).TotalMicroseconds, 1.0);
        Assert.Equal(-microseconds, (start - (start + distance)).TotalMicroseconds, 1.0);
        Assert.Equal(-microseconds, (start + -distance - start).TotalMicroseconds, 1.0);
    }

    private static (uint Middle, uint Delay) Echo(ReportBlock block) => (block.LastSenderReport, block.DelaySinceLastSenderReport);

    private void Receive(int sequenceNumber) => Assert.True(_statistics.HandlePacket((ushort)sequenceNumber, 0, T0));
}

using Dais.Rtc.Congestion;
using Dais.Rtc.Rtcp;

namespace Dais.Rtc.Tests.Congestion;

public sealed class ArrivalRecorderTests
{
    private readonly ArrivalRecorder _recorder = new();
    private readonly SortedDictionary<long, long?> _told = [];
    private int _packets;

    [Fact]
    public void Nothing_is_due_before_the_first_packet() => Assert.Equal(Timestamp.Never, _recorder.NextTimeout);

    [Fact]
    public void A_lonely_packet_is_told_of_after_a_tenth_of_a_second()
    {
        _recorder.HandlePacket(7, At(1000));
        Assert.Equal(At(1100), _recorder.NextTimeout);

        Drain(At(1100));

        Assert.Equal([(7, At(1000).Microseconds)], Arrived);
        Assert.Equal(Timestamp.Never, _recorder.NextTimeout);
    }

    [Fact]
    public void Many_packets_are_told_of_sooner_but_not_all_the_time()
    {
        for (int i = 0; i < 40; i++)
        {
            _recorder.HandlePacket((ushort)i, At(1000 + i));
        }

        Assert.Equal(At(1019), _recorder.NextTimeout);
        Drain(At(1040));
        for (int i = 40; i < 70; i++)
        {
            _recorder.HandlePacket((ushort)i, At(1041));
        }

        Assert.Equal(At(1090), _recorder.NextTimeout);
        Assert.Equal(1, _packets);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(32767)]
    [InlineData(65534)]
    [InlineData(65535)]
    public void Missing_packets_are_told_of_over_the_wrap(int first)
    {
        _recorder.HandlePacket((ushort)first, At(1000));
        _recorder.HandlePacket((ushort)(first + 3), At(1001));
        Drain(At(1100));
        _recorder.HandlePacket((ushort)(first + 4), At(1102));
        Drain(At(1202));

        Assert.Equal(5, _told.Count);
        Assert.Equal([0, 3, 4], _told.Where(entry => entry.Value is not null).Select(entry => (int)(ushort)(entry.Key - first)).Order());
    }

    [Fact]
    public void A_packet_that_comes_late_is_told_of_all_the_same()
    {
        _recorder.HandlePacket(10, At(1000));
        _recorder.HandlePacket(12, At(1001));
        Drain(At(1100));
        Assert.Null(_told[11]);

        _recorder.HandlePacket(11, At(1150));
        Drain(At(1250));

        Assert.Equal(At(1150).Microseconds, _told[11]);
    }

    [Fact]
    public void A_packet_that_comes_twice_is_told_of_once()
    {
        _recorder.HandlePacket(10, At(1000));
        Drain(At(1100));
        _recorder.HandlePacket(10, At(1150));

        Assert.Equal(Timestamp.Never, _recorder.NextTimeout);
    }

    [Fact]
    public void What_does_not_fit_in_one_packet_goes_into_the_next()
    {
        for (int i = 0; i < 900; i++)
        {
            _recorder.HandlePacket((ushort)i, At(1000 + i));
        }

        Drain(At(1950));

        Assert.True(_packets > 1);
        Assert.Equal(900, Arrived.Count());
    }

    [Fact]
    public void A_sender_that_jumps_is_followed()
    {
        _recorder.HandlePacket(10, At(1000));
        Drain(At(1100));
        _recorder.HandlePacket(30_000, At(1150));
        _recorder.HandlePacket(30_001, At(1151));
        Drain(At(1250));

        Assert.Equal([(10, 1_000_000), (30_000, 1_150_000), (30_001, 1_151_000)], Arrived);
    }

    [Fact]
    public void Random_numbers_cost_bounded_work()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            _recorder.HandlePacket((ushort)random.Next(), At(i));
            if (_recorder.NextTimeout <= At(i))
            {
                Drain(At(i));
            }
        }

        Assert.InRange(_packets, 1, 5000);
    }

    private IEnumerable<(int Number, long Arrival)> Arrived =>
        _told.Where(entry => entry.Value is not null).Select(entry => ((int)entry.Key, entry.Value!.Value));

    private static Timestamp At(int milliseconds) => new(milliseconds * 1000L);

    private void Drain(Timestamp now)
    {
        Span<byte> buffer = stackalloc byte[1200];
        while (true)
        {
            var writer = new RtcpWriter(buffer);
            if (!_recorder.TryWrite(ref writer, 1, 2, now))
            {
                return;
            }

            Assert.True(RtcpReader.TryParse(writer.Written, out var reader) && reader.MoveNext());
            Assert.True(reader.Current.TryReadTransportFeedback(out var feedback));
            Assert.Equal((byte)_packets, feedback.FeedbackCount);
            _packets++;
            foreach (var status in feedback)
            {
                long arrival = ((feedback.ReferenceTime * 256L) + status.ArrivalTicks) * 250;
                _told[status.SequenceNumber] = status.IsReceived ? arrival : _told.GetValueOrDefault(status.SequenceNumber);
            }
        }
    }
}

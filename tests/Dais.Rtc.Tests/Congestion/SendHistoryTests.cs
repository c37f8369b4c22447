using Dais.Rtc.Congestion;

namespace Dais.Rtc.Tests.Congestion;

public sealed class SendHistoryTests
{
    private readonly SendHistory _history = new();

    [Fact]
    public void What_was_sent_is_taken_once()
    {
        _history.Add(1200, 3, new Timestamp(7_000_000_000));

        Assert.True(_history.TryTake(0, true, out var packet));

        Assert.Equal(new SentPacket(unchecked((uint)7_000_000_000), 1200, 3, false), packet);
        Assert.False(_history.TryTake(0, true, out _));
        Assert.Equal(0, _history.BytesInFlight);
    }

    [Fact]
    public void What_was_missing_may_arrive_but_not_be_missing_again()
    {
        _history.Add(1200, 0, new Timestamp(1));

        Assert.True(_history.TryTake(0, false, out _));
        Assert.False(_history.TryTake(0, false, out _));
        Assert.True(_history.TryTake(0, true, out var packet));
        Assert.True(packet.WasMissing);
    }

    [Fact]
    public void What_the_receiver_will_not_speak_of_any_more_is_not_on_its_way_but_may_be_spoken_of_after_all()
    {
        for (int i = 0; i < 10; i++)
        {
            _history.Add(100, 0, new Timestamp(i));
        }

        _history.PassBefore(6);
        _history.PassBefore(3);
        Assert.Equal(400, _history.BytesInFlight);

        Assert.True(_history.TryTake(2, true, out var packet));
        Assert.False(packet.WasMissing);
        Assert.Equal(400, _history.BytesInFlight);
        Assert.True(_history.TryTake(6, true, out _));
        Assert.Equal(300, _history.BytesInFlight);
    }

    [Fact]
    public void Passing_far_behind_what_is_remembered_is_cheap_and_keeps_the_count()
    {
        for (int i = 0; i < 100_000; i++)
        {
            _history.Add(100, 0, new Timestamp(i * 10_000L));
        }

        _history.PassBefore(long.MaxValue);

        Assert.Equal(0, _history.BytesInFlight);
        _history.Add(100, 0, new Timestamp(1_000_000_000));
        Assert.Equal(100, _history.BytesInFlight);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void What_was_never_sent_is_not_known(long number)
    {
        _history.Add(1200, 0, new Timestamp(1));

        Assert.False(_history.TryTake(number, true, out _));
    }

    [Fact]
    public void Numbers_wrap()
    {
        for (int i = 0; i < 200_000; i++)
        {
            _history.Add(100, 0, new Timestamp(i * 10_000L));
        }

        long number = _history.Unwrap((ushort)(_history.Next - 5));

        Assert.Equal(_history.Next - 5, number);
        Assert.True(_history.TryTake(number, true, out var packet));
        Assert.Equal((uint)((200_000 - 5) * 10_000L), packet.SentAt);
        Assert.False(_history.TryTake(_history.Unwrap((ushort)_history.Next), true, out _));
    }

    [Fact]
    public void A_fast_sender_is_remembered_longer_but_not_for_ever()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _history.Add(100, 0, new Timestamp(i * 10L));
        }

        Assert.True(_history.TryTake(10_000 - SendHistory.CapacityMax, true, out _));
        Assert.False(_history.TryTake(10_000 - SendHistory.CapacityMax - 1, true, out _));
        Assert.Equal((SendHistory.CapacityMax - 1) * 100, _history.BytesInFlight);
    }
}

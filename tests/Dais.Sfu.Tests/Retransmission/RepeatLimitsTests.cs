using Dais.Rtc;
using Dais.Sfu.Retransmission;

namespace Dais.Sfu.Tests.Retransmission;

public sealed class RepeatLimitsTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    private Timestamp _now = new(1_000_000);

    [Fact]
    public void A_packet_is_repeated_a_few_times_and_never_within_most_of_a_round_trip()
    {
        var table = new RepeatTable();
        for (int i = 0; i < RepeatTable.RepeatsMax; i++)
        {
            Assert.True(table.MayRepeat(7, RoundTrip, _now));
            table.Note(7, _now);
            Assert.False(table.MayRepeat(7, RoundTrip, _now + TimeSpan.FromMilliseconds(34)));
            _now += TimeSpan.FromMilliseconds(35);
        }

        Assert.False(table.MayRepeat(7, RoundTrip, _now));
        Assert.True(table.MayRepeat(8, RoundTrip, _now));
    }

    [Fact]
    public void A_packet_that_was_lost_is_repeated_at_once_but_only_when_nothing_of_it_is_underway()
    {
        var table = new RepeatTable();
        Assert.True(table.HandleLost(7, sentBefore: 0));
        table.Note(7, _now);
        table.NoteCopy(7);

        Assert.False(table.HandleLost(7, sentBefore: 0));
        Assert.False(table.HandleLost(7, sentBefore: 1));
        Assert.True(table.HandleLost(7, sentBefore: 1));
        table.Note(7, _now);

        // Told once more, or of a repeat that was overtaken.
        Assert.False(table.HandleLost(7, sentBefore: 1));
        Assert.True(table.HandleLost(7, sentBefore: 2));
        Assert.False(table.HandleLost(7, sentBefore: 2));
    }

    [Fact]
    public void A_packet_that_is_lost_every_time_is_given_up()
    {
        var table = new RepeatTable();
        int repeats = 0;
        while (table.HandleLost(7, repeats))
        {
            table.Note(7, _now);
            repeats++;
        }

        Assert.Equal(RepeatTable.RepeatsMax, repeats);
    }

    [Fact]
    public void A_flood_of_requests_is_looked_up_so_far_and_no_further()
    {
        var budget = new RetransmissionBudget(bytesPerSecond: 100_000);
        int looked = 0;
        for (int i = 0; i < 100_000; i++)
        {
            looked += budget.TryTakeLookup(_now) ? 1 : 0;
            _now += TimeSpan.FromMicroseconds(10);
        }

        // What a second gives, and half a second that was saved.
        Assert.InRange(looked, 2990, 3010);
    }

    [Fact]
    public void Bytes_come_back_with_time_and_not_without_bound()
    {
        var budget = new RetransmissionBudget(bytesPerSecond: 100_000);
        Assert.True(budget.TryTakeLookup(_now));
        Assert.True(budget.TryTakeBytes(50_000));
        Assert.False(budget.TryTakeBytes(1));

        Assert.True(budget.TryTakeLookup(_now + TimeSpan.FromMilliseconds(10)));
        Assert.True(budget.TryTakeBytes(1000));
        Assert.False(budget.TryTakeBytes(1000));

        Assert.True(budget.TryTakeLookup(_now + TimeSpan.FromHours(1)));
        Assert.False(budget.TryTakeBytes(50_001));
    }
}

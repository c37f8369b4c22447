using Dais.Server.Webhooks;

namespace Dais.Server.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    [Fact]
    public void The_delay_doubles_to_five_minutes()
    {
        double[] seconds = [.. Enumerable.Range(1, 12).Select(failures => Delay(failures).TotalSeconds)];

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], seconds);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0.5, 6)]
    [InlineData(1, 4)]
    public void Chance_leaves_out_up_to_half(double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.DelayAfter(4, TimeSpan.Zero, chance));

    [Fact]
    public void The_last_try_is_when_a_day_is_over_and_then_the_notice_is_parked()
    {
        var almost = RetrySchedule.TriedFor - TimeSpan.FromSeconds(10);

        Assert.Equal(TimeSpan.FromSeconds(10), RetrySchedule.DelayAfter(300, almost, 0));
        Assert.Null(RetrySchedule.DelayAfter(301, RetrySchedule.TriedFor, 0));
        Assert.Null(RetrySchedule.DelayAfter(1, TimeSpan.MaxValue, 0));
    }

    [Fact]
    public void A_day_of_failures_is_a_few_hundred_tries()
    {
        var tried = TimeSpan.Zero;
        int tries = 1;
        while (RetrySchedule.DelayAfter(tries, tried, 0.5) is { } delay)
        {
            Assert.True(delay > TimeSpan.Zero);
            tried += delay;
            tries++;
        }

        Assert.Equal(RetrySchedule.TriedFor, tried);
        Assert.InRange(tries, 200, 1_000);
    }

    [Fact]
    public void A_backlog_knows_how_much_waits_and_since_when()
    {
        var backlog = new RoomBacklog();
        backlog.Begin(10, 20, 1_000, TimeSpan.Zero);
        backlog.Add(21, 100, TimeSpan.FromSeconds(5));
        backlog.Add(30, 100, TimeSpan.FromMinutes(2));

        Assert.Equal((1_200, 100, 0), (backlog.BytesAfter(10), backlog.BytesAfter(21), backlog.BytesAfter(30)));
        Assert.Equal(TimeSpan.FromMinutes(2), backlog.CameAt(25, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.Zero, backlog.CameAt(11, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.MaxValue, backlog.CameAt(31, TimeSpan.MaxValue));
        backlog.Forget(25);
        Assert.Equal(100, backlog.BytesAfter(25));
    }

    private static TimeSpan Delay(int failures) => RetrySchedule.DelayAfter(failures, TimeSpan.Zero, 0)!.Value;
}

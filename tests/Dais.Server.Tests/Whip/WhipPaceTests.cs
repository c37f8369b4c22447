using Dais.Server.Hosting;
using Dais.Server.Whip;

namespace Dais.Server.Tests.Whip;

public sealed class WhipPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void One_caller_may_ask_so_often_and_another_is_not_held_up()
    {
        var pace = new WhipPace(new DaisOptions { Limits = new LimitOptions { RequestsPerSecond = 2, RequestsBurst = 2 } }, _time);

        Assert.True(pace.TryTake("a", out _));
        Assert.True(pace.TryTake("a", out _));
        Assert.False(pace.TryTake("a", out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
        Assert.True(pace.TryTake("b", out _));

        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(pace.TryTake("a", out _));
        Assert.False(pace.TryTake("a", out _));
    }

    [Fact]
    public void Callers_are_forgotten_when_they_have_been_quiet_and_never_more_than_the_bound_are_known()
    {
        var pace = new WhipPace(new DaisOptions { Limits = new LimitOptions { RequestsPerSecond = 1, RequestsBurst = 1 } }, _time);
        for (int caller = 0; caller < WhipPace.CallersMax; caller++)
        {
            Assert.True(pace.TryTake($"{caller}", out _));
        }

        Assert.False(pace.TryTake("one more", out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(pace.TryTake("one more", out _));
    }
}

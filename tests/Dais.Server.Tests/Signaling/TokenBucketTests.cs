using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_burst_passes_and_the_next_is_told_when_to_come_back()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 3, _time);

        Assert.True(bucket.TryTake(out _) && bucket.TryTake(out _) && bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out var retryAfter));
        Assert.Equal(100, retryAfter.TotalMilliseconds, precision: 3);
        _time.Advance(retryAfter);
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
    }

    [Fact]
    public void A_pause_refills_up_to_the_burst_only()
    {
        var bucket = new TokenBucket(perSecond: 10, burst: 2, _time);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.True(bucket.TryTake(out _) && bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
    }
}

using Dais.Server.Webhooks;

namespace Dais.Server.Tests.Webhooks;

public sealed class WaitingRetriesTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(5);

    private readonly ManualTime _time = new();
    private readonly WaitingRetries _retries;

    public WaitingRetriesTests() => _retries = new WaitingRetries(_time);

    [Fact]
    public async Task Each_notice_that_is_taken_lets_the_two_go_that_have_waited_longest()
    {
        var waits = Enumerable.Range(0, 5).Select(_ => WaitAsync(mayGoEarly: true)).ToArray();

        _retries.Free();
        Assert.Equal(3, _retries.Count);
        Assert.True(await waits[0] && await waits[1]);
        Assert.DoesNotContain(waits[2..], wait => wait.IsCompleted);

        _retries.Free();
        _retries.Free();
        Assert.Equal(0, _retries.Count);
        Assert.All(await Task.WhenAll(waits), Assert.True);
    }

    [Fact]
    public async Task One_that_may_not_go_early_waits_its_time_out()
    {
        var held = WaitAsync(mayGoEarly: false);
        var free = WaitAsync(mayGoEarly: true);

        _retries.Free();
        Assert.True(await free);
        Assert.Equal(1, _retries.Count);
        _time.Advance(Delay);

        Assert.False(await held);
        Assert.Equal(0, _retries.Count);
    }

    [Fact]
    public async Task One_whose_time_is_over_or_that_is_cancelled_is_not_let_go_again()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _retries.WaitAsync(Delay, mayGoEarly: true, cancellation.Token);
        var over = WaitAsync(mayGoEarly: true);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(Delay);
        Assert.False(await over);

        var last = WaitAsync(mayGoEarly: true);
        Assert.Equal(1, _retries.Count);
        _retries.Free();

        Assert.True(await last);
        Assert.Equal(0, _retries.Count);
    }

    private Task<bool> WaitAsync(bool mayGoEarly) => _retries.WaitAsync(Delay, mayGoEarly, TestContext.Current.CancellationToken);
}

using Dais.Server.Hosting;
using Dais.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Storage;

public sealed class StreamRetentionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_go_when_their_time_has_come_and_live_ones_stay()
    {
        await using var log = new MemoryLog();
        await AppendAsync(log, "room:live", null);
        await AppendAsync(log, "room:ended", Noon);
        await AppendAsync(log, "room:ended later", Noon.AddSeconds(1));
        using var retention = new StreamRetention(log, new DaisOptions(), TimeProvider.System, NullLogger<StreamRetention>.Instance);

        Assert.Equal(0, await retention.SweepAsync(Noon.AddSeconds(-1), Cancelled));
        Assert.Equal(1, await retention.SweepAsync(Noon, Cancelled));

        Assert.Equal(0, (await log.LoadAsync("room:ended", Cancelled)).Head);
        Assert.Equal(1, (await log.LoadAsync("room:live", Cancelled)).Head);
        Assert.Equal(1, (await log.LoadAsync("room:ended later", Cancelled)).Head);
    }

    [Fact]
    public async Task When_ended_streams_take_too_much_those_that_would_go_first_go_early()
    {
        await using var log = new MemoryLog();
        await AppendAsync(log, "room:live", null, 3_000);
        await AppendAsync(log, "room:third", Noon.AddHours(3), 1_000);
        await AppendAsync(log, "room:first", Noon.AddHours(1), 1_000);
        await AppendAsync(log, "room:second", Noon.AddHours(2), 1_000);
        using var retention = new StreamRetention(
            log,
            new DaisOptions { Storage = new StorageOptions { EndedBytesMax = 2_500 } },
            TimeProvider.System,
            NullLogger<StreamRetention>.Instance);

        Assert.Equal(1, await retention.SweepAsync(Noon, Cancelled));

        Assert.Equal(0, (await log.LoadAsync("room:first", Cancelled)).Head);
        Assert.Equal(1, (await log.LoadAsync("room:second", Cancelled)).Head);
        Assert.Equal(1, (await log.LoadAsync("room:live", Cancelled)).Head);
        Assert.Equal(0, await retention.SweepAsync(Noon, Cancelled));
    }

    [Fact]
    public async Task A_host_that_stops_before_it_has_started_hears_of_no_failure()
    {
        await using var log = new MemoryLog();
        await AppendAsync(log, "room:ended", Noon);
        using var retention = new StreamRetention(log, new DaisOptions(), new ManualTime(), NullLogger<StreamRetention>.Instance);

        await retention.StartAsync(Cancelled);
        await Eventually.IsTrueAsync(() => log.LoadAsync("room:ended", Cancelled).AsTask().Result.Head == 0);
        await retention.StopAsync(Cancelled);

        Assert.True(retention.ExecuteTask!.IsCompletedSuccessfully);
    }

    private static async Task AppendAsync(MemoryLog log, string stream, DateTimeOffset? expiresAt, int bytes = 1) =>
        await log.AppendAsync(
            [new StreamAppend(stream, 0, [new NewEvent(1, 1, Noon, new byte[bytes])]) { ExpiresAt = expiresAt }], Cancelled);
}

namespace Dais.Server.Storage;

/// <summary>Deletes the streams whose time has come: once after the start, and then every hour.</summary>
public sealed partial class StreamRetention(IEventLog log, TimeProvider time, ILogger<StreamRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Deletes every stream that has expired at <paramref name="now"/>, unless it is appended to meanwhile.</summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (var entry in log.ListAsync("", cancellationToken))
        {
            if (entry.ExpiresAt <= now && await log.DeleteAsync(entry.Stream, entry.Head, cancellationToken))
            {
                count++;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            int count = await SweepAsync(time.GetUtcNow(), stoppingToken);
            if (count > 0)
            {
                LogSwept(count);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} ended streams were deleted, as their retention is over")]
    private partial void LogSwept(int count);
}

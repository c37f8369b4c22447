using Dais.Server.Hosting;

namespace Dais.Server.Storage;

/// <summary>
/// Deletes the streams whose time has come, and of those whose time will come the earliest when they take too much: once after the
/// start, and then every five minutes.
/// </summary>
public sealed partial class StreamRetention(
    IEventLog log, DaisOptions options, TimeProvider time, ILogger<StreamRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Deletes every stream that has expired at <paramref name="now"/>, unless it is appended to meanwhile; then those that would
    /// be next, until the rest of them is small enough.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = new List<StreamEntry>();
        await foreach (var entry in log.ListAsync("", cancellationToken))
        {
            if (entry.ExpiresAt is not null)
            {
                ended.Add(entry);
            }
        }

        int count = 0;
        long bytes = ended.Sum(entry => entry.HeldBytes);
        foreach (var entry in ended.OrderBy(entry => entry.ExpiresAt))
        {
            if (entry.ExpiresAt > now && bytes <= options.Storage.EndedBytesMax)
            {
                break;
            }

            if (await log.DeleteAsync(entry.Stream, entry.Head, cancellationToken))
            {
                bytes -= entry.HeldBytes;
                count++;
            }
        }

        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SweepAlwaysAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Not a failure, but the host takes it for one when it stops because something else could not start.
        }
        catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException)
        {
            // The log says itself why it stopped.
        }
    }

    private async Task SweepAlwaysAsync(CancellationToken stoppingToken)
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

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} ended streams were deleted, as their time is over or they took too much")]
    private partial void LogSwept(int count);
}

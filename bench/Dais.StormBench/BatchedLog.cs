using System.Diagnostics;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.StormBench;

/// <summary>
/// What the log costs for each join of a storm: an event for each in one append, as rooms do it; one event that holds all of an append;
/// and an append for each.
/// </summary>
internal static class BatchedLog
{
    /// <summary>The joins of one turn of a room's loop, as measured in a storm.</summary>
    private const int PerAppend = 210;

    /// <summary>The body of a stored join of the storm.</summary>
    private const int JoinBytes = 72;

    private const int Repetitions = 7;

    internal static async Task<int> RunAsync(Options options)
    {
        Console.WriteLine($"{options.Members} joins of {JoinBytes} bytes, flushed to the disk; medians of {Repetitions}");
        foreach (var (name, events, bytes) in new[]
        {
            ($"{PerAppend} events an append", PerAppend, JoinBytes),
            ("one event an append, of as many", 1, PerAppend * JoinBytes),
            ("one join an append", 1, JoinBytes),
        })
        {
            using var folder = new BenchFolder(options.Data);
            await using var log = JournalLog.Open(folder.Path, new JournalOptions(), NullLogger.Instance);
            double[] cpu = new double[Repetitions];
            double[] wall = new double[Repetitions];
            int appends = options.Members / (events * bytes / JoinBytes);
            for (int repetition = -2; repetition < Repetitions; repetition++)
            {
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                long start = Stopwatch.GetTimestamp();
                await AppendAsync(log, $"room:{repetition}", appends, events, bytes);
                if (repetition >= 0)
                {
                    wall[repetition] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / options.Members;
                    cpu[repetition] = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / options.Members;
                }
            }

            Console.WriteLine($"{name,-32} {Quantiles.Of(cpu, 0.5),6:F2} us of CPU, {Quantiles.Of(wall, 0.5),6:F2} us a join");
        }

        return 0;
    }

    private static async Task AppendAsync(JournalLog log, string stream, int appends, int events, int bytes)
    {
        byte[] body = new byte[bytes];
        long head = 0;
        for (int i = 0; i < appends; i++)
        {
            NewEvent[] added = [.. Enumerable.Range(0, events).Select(_ => new NewEvent(10, 1, DateTimeOffset.UnixEpoch, body))];
            var result = await log.AppendAsync([new StreamAppend(stream, head, added)], CancellationToken.None);
            head += result.IsAppended ? events : throw new InvalidOperationException("The log did not take it.");
        }
    }
}

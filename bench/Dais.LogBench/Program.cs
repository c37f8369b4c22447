// What a durable event costs: events per second and commit latency of the logs, with different numbers of streams at once.
// Arguments: seconds per run (default 5), a folder on the disk to measure (default a temporary one), and "connections" to measure
// instead what it costs when rooms connect.
using System.Diagnostics;
using System.Globalization;
using Dais.LogBench;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

const int BodyBytes = 200;
const int SnapshotEvery = 200;
const int SnapshotBytes = 4096;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var duration = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5);
string folder = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), $"dais-log-bench-{Environment.ProcessId}");

if (args is [_, _, "connections"])
{
    Console.WriteLine("| durability | pairs of rooms | operations/s | p50 ms | p99 ms |");
    Console.WriteLine("|---|---|---|---|---|");
    foreach (string durability in (string[])["fsync", "os", "memory"])
    {
        foreach (int pairs in (int[])[1, 16, 256])
        {
            Console.WriteLine(await ConnectionBench.RunAsync(Path.Combine(folder, $"{durability}-{pairs}"), durability, pairs, duration));
        }
    }

    return;
}

Console.WriteLine("| durability | writers | events/s | p50 ms | p99 ms | max ms |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var durability in (Durability[])[Durability.Fsync, Durability.Os, Durability.Memory])
{
    foreach (int writers in (int[])[1, 64, 1000])
    {
        Directory.CreateDirectory(folder);
        await RunAsync(durability, writers);
        Directory.Delete(folder, recursive: true);
    }
}

await ReplayAsync();

async Task RunAsync(Durability durability, int writers)
{
    await using IEventLog log = durability == Durability.Memory
        ? new MemoryLog()
        : JournalLog.Open(folder, new JournalOptions { Durability = durability }, NullLogger.Instance);
    await MeasureAsync(log, writers, TimeSpan.FromSeconds(1));
    long start = Stopwatch.GetTimestamp();
    var latencies = await MeasureAsync(log, writers, duration);
    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    latencies.Sort();
    Console.WriteLine(
        $"| {durability} | {writers} | {latencies.Count / seconds:N0} | {At(0.5):F3} | {At(0.99):F3} | {At(1):F1} |");

    double At(double quantile) => latencies[(int)((latencies.Count - 1) * quantile)].TotalMilliseconds;
}

// Each writer waits for its acknowledgement before it appends again, and saves a snapshot as a room does.
static async Task<List<TimeSpan>> MeasureAsync(IEventLog log, int writers, TimeSpan duration)
{
    long start = Stopwatch.GetTimestamp();
    var each = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
    {
        List<TimeSpan> latencies = [];
        string stream = $"room:bench/{writer}";
        NewEvent[] events = [new(1, 1, DateTimeOffset.UnixEpoch, new byte[BodyBytes], "0123456789abcdef")];
        long head = (await log.LoadAsync(stream, default)).Head;
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            long before = Stopwatch.GetTimestamp();
            await log.AppendAsync([new StreamAppend(stream, head, events)], default);
            latencies.Add(Stopwatch.GetElapsedTime(before));
            head++;
            if (head % SnapshotEvery == 0)
            {
                await log.SaveSnapshotAsync(stream, new Snapshot(head, 1, new byte[SnapshotBytes]), head, default);
            }
        }

        return latencies;
    })));
    return [.. each.SelectMany(static one => one)];
}

// How long a start takes: a journal of a million events without a snapshot, read back.
async Task ReplayAsync()
{
    const int Streams = 1000;
    const int EventsPerStream = 1000;
    var options = new JournalOptions { Durability = Durability.Os, CheckpointBytes = long.MaxValue };
    await using (var log = JournalLog.Open(folder, options, NullLogger.Instance))
    {
        NewEvent[] events = [.. Enumerable.Repeat(new NewEvent(1, 1, DateTimeOffset.UnixEpoch, new byte[BodyBytes], "0123456789abcdef"), 10)];
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => Task.Run(async () =>
        {
            for (int head = 0; head < EventsPerStream; head += events.Length)
            {
                await log.AppendAsync([new StreamAppend($"room:bench/{i}", head, events)], default);
            }
        })));
    }

    long bytes = Directory.EnumerateFiles(folder).Sum(static file => new FileInfo(file).Length);
    long start = Stopwatch.GetTimestamp();
    await using (JournalLog.Open(folder, options, NullLogger.Instance))
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine();
        Console.WriteLine(
            $"Start: {Streams * EventsPerStream:N0} events in {bytes / 1048576.0:F0} MiB read in {seconds:F2} s.");
    }

    Directory.Delete(folder, recursive: true);
}

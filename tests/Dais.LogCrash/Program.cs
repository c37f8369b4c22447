// Appends to a journal for ever and prints what was acknowledged, to be killed at any moment by JournalCrashTests.
// Arguments: the folder, and how many writers. Each line is "<writer> <number> ."; each number is in two streams.
using System.Buffers.Binary;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

const int SnapshotEvery = 50;
string folder = args[0];
int writers = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);

// Small files, so that kills fall into changes of segment and checkpoints too.
var options = new JournalOptions { SegmentBytes = 8 << 10, CheckpointBytes = 64 << 10 };
try
{
    await using var log = JournalLog.Open(folder, options, NullLogger.Instance);
    using var output = new StreamWriter(Console.OpenStandardOutput());
    Lock gate = new();
    await output.WriteLineAsync("ready");
    await output.FlushAsync();
    await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(log, writer, output, gate))));
    return 0;
}
catch (EventLogException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static async Task WriteAsync(JournalLog log, int writer, StreamWriter output, Lock gate)
{
    byte[] body = new byte[64];
    for (long number = (await log.LoadAsync($"a:{writer}", default)).Head; ; number++)
    {
        BinaryPrimitives.WriteInt64LittleEndian(body, number);
        NewEvent[] events = [new(1, 1, DateTimeOffset.UnixEpoch, body, $"{writer}/{number}")];
        var result = await log.AppendAsync(
            [new StreamAppend($"a:{writer}", number, events), new StreamAppend($"b:{writer}", number, events)], default);
        if (!result.IsAppended)
        {
            throw new InvalidOperationException($"Writer {writer} found another head than its own at {number}.");
        }

        lock (gate)
        {
            output.WriteLine($"{writer} {number} .");
            output.Flush();
        }

        if (number % SnapshotEvery == SnapshotEvery - 1)
        {
            await log.SaveSnapshotAsync($"b:{writer}", new Snapshot(number + 1, 1, body), number + 1, default);
        }
    }
}

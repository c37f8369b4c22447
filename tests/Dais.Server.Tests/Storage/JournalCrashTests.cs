using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Storage;

/// <summary>A process of its own that writes, and is killed: <c>tests/Dais.LogCrash</c>.</summary>
public sealed class JournalCrashTests : IDisposable
{
    private const int Writers = 8;
    private const int LinesMax = 2000;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_twice_however_often_the_process_is_killed()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("DAIS_CRASH_ROUNDS") ?? "6", CultureInfo.InvariantCulture);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        long[] acknowledged = new long[Writers];
        for (int round = 0; round < rounds; round++)
        {
            await RunAndKillAsync(random.Next(LinesMax), acknowledged);
            try
            {
                await CheckAsync(acknowledged);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed in round {round}, seed {seed}.", e);
            }
        }

        Assert.True(acknowledged.Sum() > 0);
    }

    [Fact]
    public async Task Two_processes_can_not_share_a_data_path()
    {
        await using var log = JournalLog.Open(_folder.Path, new JournalOptions(), NullLogger.Instance);

        using var second = Start();

        string error = await second.StandardError.ReadToEndAsync(Cancelled);
        await second.WaitForExitAsync(Cancelled);
        Assert.Equal(2, second.ExitCode);
        Assert.Equal(
            $"The data path '{_folder.Path}' is in use by another process. Stop that one, or give this one another Dais:DataPath.",
            error.Trim());
    }

    [Fact]
    public async Task Two_logs_of_one_process_can_not_share_a_data_path()
    {
        await using var log = JournalLog.Open(_folder.Path, new JournalOptions(), NullLogger.Instance);

        Assert.Throws<EventLogException>(() => JournalLog.Open(_folder.Path, new JournalOptions(), NullLogger.Instance));
    }

    [Fact]
    public void A_data_path_that_can_not_be_made_is_a_sentence()
    {
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var refusal = Assert.Throws<EventLogException>(
            () => JournalLog.Open(Path.Combine(file, "journal"), new JournalOptions(), NullLogger.Instance));

        Assert.Contains("can not be made", refusal.Message, StringComparison.Ordinal);
    }

    // Every line was acknowledged before it was printed; the last may be cut off by the kill, and then has no dot.
    private async Task RunAndKillAsync(int lines, long[] acknowledged)
    {
        using var process = Start();
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Cancelled));
        bool[] isFirst = [.. Enumerable.Repeat(true, Writers)];
        int count = 0;
        while (await process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Split(' ') is [var writer, var number, "."])
            {
                CheckLine(int.Parse(writer, CultureInfo.InvariantCulture), long.Parse(number, CultureInfo.InvariantCulture));
            }

            if (count++ == lines)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync(Cancelled);
        Assert.NotEqual(2, process.ExitCode);

        void CheckLine(int writer, long number)
        {
            Assert.True(isFirst[writer] ? number >= acknowledged[writer] : number == acknowledged[writer]);
            isFirst[writer] = false;
            acknowledged[writer] = number + 1;
        }
    }

    private async Task CheckAsync(long[] acknowledged)
    {
        await using var log = JournalLog.Open(_folder.Path, new JournalOptions(), NullLogger.Instance);
        for (int writer = 0; writer < Writers; writer++)
        {
            var a = await log.LoadAsync($"a:{writer}", Cancelled);
            var b = await log.LoadAsync($"b:{writer}", Cancelled);

            // One append of each writer may have been written and not yet acknowledged; or acknowledged and not yet printed.
            Assert.InRange(a.Head, acknowledged[writer], acknowledged[writer] + 1);
            Assert.Equal(a.Head, b.Head);
            Assert.Equal(Enumerable.Range(1, (int)a.Head).Select(seq => (long)seq), a.Events.Select(e => e.Seq));
            Assert.Equal(
                Enumerable.Range(0, (int)a.Head).Select(number => (long)number),
                a.Events.Select(e => BinaryPrimitives.ReadInt64LittleEndian(e.Body.Span)));
            Assert.Equal(a.Events.Skip((int)(b.Snapshot?.Seq ?? 0)).Select(e => e.CommandId), b.Events.Select(e => e.CommandId));
        }
    }

    private Process Start()
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Dais.LogCrash.exe" : "Dais.LogCrash");
        return Process.Start(new ProcessStartInfo(program, [_folder.Path, Writers.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}

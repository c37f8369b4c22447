using Dais.Server.Storage;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

/// <summary>The power goes at every single call to the disk, which keeps any part of what it was not told to flush.</summary>
public sealed class JournalPowerCutTests
{
    private const int CutsPerCall = 5;

    private static readonly JournalOptions Small = new() { SegmentBytes = 250 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_whenever_the_power_goes()
    {
        var whole = new SimulatedDisk();
        await RunAsync(whole, new JournalScript(whole), lastCall: int.MaxValue);
        Assert.True(whole.CallCount > 100);

        for (int call = 1; call <= whole.CallCount; call++)
        {
            var disk = new SimulatedDisk();
            var script = new JournalScript(disk);
            await RunAsync(disk, script, call);
            for (int seed = 0; seed < CutsPerCall; seed++)
            {
                var random = new Random((call * CutsPerCall) + seed);
                await CheckAsync(disk.AfterPowerCut(random), random, script.Acknowledged, $"call {call}, seed {seed}");
            }
        }
    }

    // What survived is whole, holds everything acknowledged, and goes on; also when the power goes again while it is read.
    private static async Task CheckAsync(SimulatedDisk disk, Random random, int acknowledged, string when)
    {
        try
        {
            var second = disk.Copy();
            int read = await new JournalScript(disk).ReadAsync();
            Assert.InRange(read, acknowledged, acknowledged + 1);

            int last = random.Next(1, 6);
            CutAt(second, last);
            try
            {
                await new JournalScript(second).Open().DisposeAsync();
            }
            catch (EventLogException)
            {
            }

            var third = second.AfterPowerCut(random);
            var script = new JournalScript(third) { Acknowledged = await new JournalScript(third).ReadAsync() };
            Assert.Equal(read, script.Acknowledged);
            await script.WriteAsync(2, Small);
            Assert.Equal(read + 2, await script.ReadAsync());
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Failed after a power cut at {when}.", e);
        }
    }

    private static async Task RunAsync(SimulatedDisk disk, JournalScript script, int lastCall)
    {
        CutAt(disk, lastCall);
        try
        {
            await using var log = script.Open(Small);
            await script.AppendAsync(log, 8);
            await log.CheckpointAsync(Cancelled);
            await script.AppendAsync(log, 8);
            Assert.True(await log.SaveSnapshotAsync("all", new Snapshot(script.Acknowledged, 1, default), 3, Cancelled));
            await log.CheckpointAsync(Cancelled);
            await script.AppendAsync(log, 3);
        }
        catch (EventLogException)
        {
        }
    }

    private static void CutAt(SimulatedDisk disk, int call) => disk.OnCall = _ =>
    {
        if (disk.CallCount >= call)
        {
            throw new IOException("The power is gone.");
        }
    };
}

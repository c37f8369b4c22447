using System.Text;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

/// <summary>When things are written, flushed, seen and forgotten.</summary>
public sealed class JournalWriterTests
{
    private readonly SimulatedDisk _disk = new();
    private readonly JournalScript _script;

    public JournalWriterTests() => _script = new JournalScript(_disk);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_flush_serves_all_who_wait()
    {
        await using var log = _script.Open();
        using var held = new HeldCall(_disk, DiskCall.FlushFile);
        var first = AppendAsync(log, "own:0", 0);
        await held.IsReached;
        var others = Enumerable.Range(1, 100).Select(i => AppendAsync(log, $"own:{i}", 0)).ToList();
        int calls = _disk.CallCount;

        held.Release();
        await Task.WhenAll(others.Prepend(first));

        // One write and one flush for a hundred appends.
        Assert.Equal(calls + 2, _disk.CallCount);
    }

    [Fact]
    public async Task An_event_is_not_seen_before_it_is_flushed()
    {
        await using var log = _script.Open();
        await AppendAsync(log, "room:a", 0);
        using var held = new HeldCall(_disk, DiskCall.FlushFile);
        var append = AppendAsync(log, "room:a", 1);
        await held.IsReached;

        Assert.Equal(1, (await log.LoadAsync("room:a", Cancelled)).Head);
        Assert.False(append.IsCompleted);

        held.Release();
        await append;
        Assert.Equal(2, (await log.LoadAsync("room:a", Cancelled)).Head);
    }

    [Fact]
    public async Task A_conflict_names_a_head_only_when_it_is_flushed()
    {
        await using var log = _script.Open();
        await AppendAsync(log, "room:a", 0);
        using var first = new HeldCall(_disk, DiskCall.FlushFile);
        var warm = AppendAsync(log, "room:b", 0);
        await first.IsReached;
        var winner = AppendAsync(log, "room:a", 1);
        var loser = AppendAsync(log, "room:a", 1);
        first.Release();
        await warm;

        Assert.True((await winner).IsAppended);
        Assert.Equal([new StreamHead("room:a", 2)], (await loser).ActualHeads);
    }

    [Fact]
    public async Task Without_fsync_appends_are_written_and_not_flushed()
    {
        await using var log = _script.Open(JournalScript.Options with { Durability = Durability.Os });
        int length = _disk["segment-0000000001"].Length;
        _disk.OnCall = static call => Assert.NotEqual(DiskCall.FlushFile, call);

        await _script.AppendAsync(log, 10);

        Assert.True(_disk["segment-0000000001"].Length > length);
        _disk.OnCall = null;
    }

    [Fact]
    public async Task Who_finds_the_queue_full_waits_for_a_place_and_may_give_up()
    {
        await using var log = _script.Open(JournalScript.Options with { QueueLength = 2 });
        using var held = new HeldCall(_disk, DiskCall.FlushFile);
        var first = AppendAsync(log, "own:0", 0);
        await held.IsReached;
        var second = AppendAsync(log, "own:1", 0);
        var third = AppendAsync(log, "own:2", 0);
        using CancellationTokenSource patience = new();
        var fourth = AppendUntilAsync(log, "own:3", 0, patience.Token);
        var fifth = AppendAsync(log, "own:4", 0);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);
        held.Release();
        await Task.WhenAll(first, second, third, fifth);

        Assert.Equal(0, (await log.LoadAsync("own:3", Cancelled)).Head);
        Assert.Equal(1, (await log.LoadAsync("own:4", Cancelled)).Head);
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        var log = _script.Open();
        var appends = Enumerable.Range(0, 50).Select(i => AppendAsync(log, $"own:{i}", 0)).ToList();

        await log.DisposeAsync();

        await Task.WhenAll(appends);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AppendAsync(log, "late", 0));
        await using var again = _script.Open();
        Assert.Equal(50, await CountAsync(again));
    }

    [Fact]
    public async Task Checkpoints_keep_what_a_start_must_read_small()
    {
        var options = new JournalOptions { SegmentBytes = 1_000, CheckpointBytes = 5_000 };
        await using (var log = _script.Open(options))
        {
            for (int i = 0; i < 200; i++)
            {
                await _script.AppendAsync(log, 5);
                foreach (string stream in (string[])["all", "copy"])
                {
                    await log.SaveSnapshotAsync(stream, new Snapshot(_script.Acknowledged, 1, new byte[10]), _script.Acknowledged, Cancelled);
                }
            }
        }

        // Two hundred thousand bytes were written; two streams with a snapshot each are alive.
        Assert.InRange(_disk.Names.Sum(name => _disk[name].Length), 1, 20_000);
        await using var again = _script.Open(options);
        Assert.Equal(1000, (await again.LoadAsync("all", Cancelled)).Head);
    }

    [Fact]
    public async Task Appends_go_on_while_a_checkpoint_is_written()
    {
        await using var log = _script.Open();
        await _script.AppendAsync(log, 10);
        using var held = new HeldCall(_disk, DiskCall.Rename);
        var checkpoint = log.CheckpointAsync(Cancelled);
        await held.IsReached;

        await _script.AppendAsync(log, 10);

        Assert.False(checkpoint.IsCompleted);
        held.Release();
        await checkpoint;
        await log.DisposeAsync();
        Assert.Equal(20, await _script.ReadAsync());
    }

    [Fact]
    public async Task After_a_checkpoint_the_files_hold_nothing_of_a_deleted_stream()
    {
        await using var log = _script.Open();
        byte[] secret = Encoding.UTF8.GetBytes("somebody's user id");
        await log.AppendAsync([new StreamAppend("room:a", 0, [new NewEvent(1, 1, DateTimeOffset.UnixEpoch, secret)])], Cancelled);
        await AppendAsync(log, "room:b", 0);
        Assert.Contains(_disk.Names, name => _disk[name].AsSpan().IndexOf(secret) >= 0);

        await log.DeleteAsync("room:a", 1, Cancelled);
        await log.CheckpointAsync(Cancelled);

        Assert.DoesNotContain(_disk.Names, name => _disk[name].AsSpan().IndexOf(secret) >= 0);
        Assert.Equal(1, await CountAsync(log));
    }

    private static Task<AppendResult> AppendAsync(JournalLog log, string stream, long expectedHead) =>
        AppendUntilAsync(log, stream, expectedHead, Cancelled);

    private static async Task<AppendResult> AppendUntilAsync(
        JournalLog log, string stream, long expectedHead, CancellationToken cancellationToken) => await log.AppendAsync(
        [new StreamAppend(stream, expectedHead, [new NewEvent(1, 1, DateTimeOffset.UnixEpoch, new byte[10])])], cancellationToken);

    private static async Task<int> CountAsync(JournalLog log) => await log.ListAsync("", Cancelled).CountAsync(Cancelled);
}

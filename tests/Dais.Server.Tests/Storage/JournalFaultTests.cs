using Dais.Server.Storage;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

/// <summary>A disk that is full or broken: the log stops, says so, and acknowledges nothing more.</summary>
public sealed class JournalFaultTests
{
    private readonly SimulatedDisk _disk = new();
    private readonly JournalScript _script;

    public JournalFaultTests() => _script = new JournalScript(_disk);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DiskCall.Write)]
    [InlineData(DiskCall.FlushFile)]
    public async Task A_failed_write_or_flush_stops_the_log_and_is_never_tried_again(DiskCall failing)
    {
        TaskCompletionSource<Exception> fault = new();
        var log = _script.Open(onFault: fault.SetResult);
        await _script.AppendAsync(log, 3);
        FailAt(failing);

        var refused = await Assert.ThrowsAsync<EventLogException>(() => _script.AppendAsync(log, 1));

        Assert.Contains("No space left on device", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, (await fault.Task).Message);
        _disk.OnCall = null;
        int calls = _disk.CallCount;
        await Assert.ThrowsAsync<EventLogException>(() => _script.AppendAsync(log, 1));
        await Assert.ThrowsAsync<EventLogException>(async () => await log.LoadAsync("all", Cancelled));
        await log.DisposeAsync();
        Assert.Equal(calls, _disk.CallCount);
    }

    [Theory]
    [InlineData(DiskCall.Write)]
    [InlineData(DiskCall.FlushFile)]
    public async Task What_was_acknowledged_before_the_disk_was_full_is_there_after_the_next_start(DiskCall failing)
    {
        await using (var log = _script.Open())
        {
            await _script.AppendAsync(log, 3);
            FailAt(failing);
            await Assert.ThrowsAsync<EventLogException>(() => _script.AppendAsync(log, 1));
        }

        _disk.OnCall = null;
        _script.Acknowledged = await _script.ReadAsync();
        Assert.InRange(_script.Acknowledged, 3, 4);
        await _script.WriteAsync(2);
        Assert.Equal(_script.Acknowledged, await _script.ReadAsync());
    }

    [Fact]
    public async Task Everybody_who_waits_when_the_disk_fails_is_told()
    {
        await using var log = _script.Open();
        await _script.AppendAsync(log, 1);
        using var held = new HeldCall(_disk, DiskCall.FlushFile);
        var first = AppendAsync(log, "own:0");
        await held.IsReached;
        var waiting = Enumerable.Range(1, 20).Select(i => AppendAsync(log, $"own:{i}")).Prepend(first).ToList();
        var checkpoint = log.CheckpointAsync(Cancelled);

        held.Fail(new IOException("Input/output error"));

        foreach (var task in waiting.Append(checkpoint))
        {
            await Assert.ThrowsAsync<EventLogException>(() => task);
        }
    }

    [Theory]
    [InlineData(DiskCall.Create)]
    [InlineData(DiskCall.Rename)]
    [InlineData(DiskCall.Delete)]
    [InlineData(DiskCall.FlushNames)]
    public async Task A_checkpoint_that_can_not_be_written_stops_the_log_and_costs_nothing(DiskCall failing)
    {
        await using (var log = _script.Open())
        {
            await _script.AppendAsync(log, 5);
            FailAt(failing);
            await Assert.ThrowsAsync<EventLogException>(() => log.CheckpointAsync(Cancelled));
        }

        _disk.OnCall = null;
        Assert.Equal(5, await _script.ReadAsync());
    }

    [Fact]
    public void A_disk_that_can_not_be_read_is_a_sentence()
    {
        FailAt(DiskCall.Create);

        var refusal = Assert.Throws<EventLogException>(() => _script.Open());

        Assert.Equal("The journal in 'simulated' can not be read or written: No space left on device", refusal.Message);
        _disk.OnCall = null;
        _disk.Open().Dispose();
    }

    private static async Task AppendAsync(JournalLog log, string stream) => await log.AppendAsync(
        [new StreamAppend(stream, 0, [new NewEvent(1, 1, DateTimeOffset.UnixEpoch, new byte[10])])], Cancelled);

    private void FailAt(DiskCall failing) => _disk.OnCall = call =>
    {
        if (call == failing)
        {
            throw new IOException("No space left on device");
        }
    };
}

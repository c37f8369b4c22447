using Dais.Server.Storage;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Tests.Storage;

/// <summary>Files that are not as they were left: what was being written is cut off, everything else is refused.</summary>
public sealed class JournalDamageTests
{
    private const string First = "segment-0000000001";
    private readonly SimulatedDisk _disk = new();
    private readonly JournalScript _script;

    public JournalDamageTests() => _script = new JournalScript(_disk);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_cut_at_any_byte_keeps_every_frame_before_the_cut()
    {
        // Frames of a single append each, and where they end.
        List<int> ends = [JournalFormat.HeaderBytes];
        await using (var log = _script.Open())
        {
            for (int i = 0; i < 4; i++)
            {
                await _script.AppendAsync(log, 1);
                ends.Add(_disk[First].Length);
            }
        }

        byte[] bytes = _disk[First];
        for (int length = 0; length < bytes.Length; length++)
        {
            var disk = new SimulatedDisk { [First] = bytes[..length] };
            int read = await new JournalScript(disk).ReadAsync();
            Assert.Equal(Math.Max(ends.FindLastIndex(end => end <= length), 0), read);
        }
    }

    [Fact]
    public async Task After_a_cut_the_log_goes_on_where_it_ended()
    {
        await _script.WriteAsync(5);
        var disk = new SimulatedDisk { [First] = _disk[First][..^30] };
        var script = new JournalScript(disk);
        script.Acknowledged = await script.ReadAsync();

        await script.WriteAsync(3);

        Assert.Equal(4, script.Acknowledged - 3);
        Assert.Equal(7, await script.ReadAsync());
    }

    [Fact]
    public async Task A_flipped_bit_costs_at_most_the_last_frame_and_is_refused_everywhere_else()
    {
        int lastFrame;
        byte[] bytes;
        var log = _script.Open();
        await using (log)
        {
            await _script.AppendAsync(log, 3);
            lastFrame = _disk[First].Length;
            await _script.AppendAsync(log, 1);

            // As it is after a kill: without the mark of an orderly stop.
            bytes = _disk[First];
        }

        for (int i = 0; i < bytes.Length * 8; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i / 8] ^= (byte)(1 << (i % 8));
            var script = new JournalScript(new SimulatedDisk { [First] = damaged });
            if (i / 8 >= lastFrame)
            {
                Assert.Equal(3, await script.ReadAsync());
            }
            else
            {
                Refused(script);
            }
        }
    }

    [Fact]
    public async Task After_an_orderly_stop_even_the_last_event_is_protected()
    {
        await _script.WriteAsync(4);
        byte[] bytes = _disk[First];
        int mark = bytes.Length - JournalFormat.FrameHeaderBytes - OperationFormat.SizeOf(new LogOperation.Close(0));
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x10;
            var script = new JournalScript(new SimulatedDisk { [First] = damaged });
            if (i >= mark)
            {
                Assert.Equal(4, await script.ReadAsync());
            }
            else
            {
                Refused(script);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1000)]
    public async Task Garbage_at_the_end_is_cut_off(int count)
    {
        await _script.WriteAsync(3);
        byte[] clean = _disk[First];
        byte[] garbage = new byte[count];
        new Random(7).NextBytes(garbage);

        foreach (byte[] end in new[] { garbage, new byte[count], [.. Enumerable.Repeat((byte)1, count)] })
        {
            var disk = new SimulatedDisk { [First] = [.. clean, .. end] };
            Assert.Equal(3, await new JournalScript(disk).ReadAsync());
            Assert.Equal(clean, disk[First][..clean.Length]);
        }
    }

    [Fact]
    public async Task A_file_that_is_empty_or_has_half_a_header_is_begun_again()
    {
        foreach (int length in new[] { 0, 1, JournalFormat.HeaderBytes - 1, JournalFormat.HeaderBytes })
        {
            var script = new JournalScript(new SimulatedDisk { [First] = new byte[length] });
            await script.WriteAsync(2);
            Assert.Equal(2, await script.ReadAsync());
        }
    }

    [Fact]
    public async Task A_missing_segment_is_refused_whichever_it_is()
    {
        await _script.WriteAsync(20, JournalScript.Options with { SegmentBytes = 100 });
        Assert.True(_disk.Names.Count > 5);

        foreach (string name in _disk.Names)
        {
            var disk = _disk.Copy();
            disk.Remove(name);
            Refused(new JournalScript(disk), name == _disk.Names[0] ? "segment-0000000001 is missing" : "missing");
        }
    }

    [Fact]
    public async Task A_segment_too_many_is_refused()
    {
        await _script.WriteAsync(20, JournalScript.Options with { SegmentBytes = 100 });
        string last = _disk.Names[^1];
        foreach (int number in new[] { _disk.Names.Count + 1, _disk.Names.Count + 2 })
        {
            var disk = _disk.Copy();
            disk[$"segment-{number:D10}"] = disk[last];
            Refused(new JournalScript(disk), $"{last} is cut off");
        }
    }

    [Fact]
    public async Task A_segment_that_is_another_one_renamed_is_refused()
    {
        await _script.WriteAsync(20, JournalScript.Options with { SegmentBytes = 100 });
        _disk["segment-0000000003"] = _disk["segment-0000000002"];

        Refused(_script, "segment-0000000003 does not begin with its header");
    }

    [Fact]
    public async Task A_closed_segment_that_was_cut_is_refused()
    {
        await _script.WriteAsync(20, JournalScript.Options with { SegmentBytes = 100 });
        byte[] bytes = _disk["segment-0000000002"];
        for (int length = 0; length < bytes.Length; length++)
        {
            var disk = _disk.Copy();
            disk["segment-0000000002"] = bytes[..length];
            Refused(new JournalScript(disk));
        }
    }

    [Fact]
    public async Task A_checkpoint_with_any_bit_flipped_or_cut_is_refused()
    {
        await CheckpointAsync(5);
        byte[] bytes = _disk["checkpoint-0000000002"];
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x04;
            var disk = _disk.Copy();
            disk["checkpoint-0000000002"] = damaged;
            Refused(new JournalScript(disk), "checkpoint-0000000002 is damaged");
            disk["checkpoint-0000000002"] = bytes[..i];
            Refused(new JournalScript(disk), "checkpoint-0000000002 is damaged");
        }
    }

    [Fact]
    public async Task A_missing_checkpoint_or_the_segment_after_it_is_refused()
    {
        await CheckpointAsync(5);
        var disk = _disk.Copy();
        disk.Remove("checkpoint-0000000002");
        Refused(new JournalScript(disk), "segment-0000000001 is missing");
        disk = _disk.Copy();
        disk.Remove("segment-0000000002");
        Refused(new JournalScript(disk), "segment-0000000002 is missing");
    }

    [Fact]
    public async Task Leftovers_of_a_checkpoint_that_was_not_finished_are_removed()
    {
        await _script.WriteAsync(5);
        byte[] old = _disk[First];
        await CheckpointAsync(0);
        _disk["checkpoint-0000000003.tmp"] = [1, 2, 3];
        _disk[First] = old;
        _disk["checkpoint-0000000001"] = [4, 5, 6];

        Assert.Equal(5, await _script.ReadAsync());

        Assert.Equal(["checkpoint-0000000002", "segment-0000000002"], _disk.Names);
    }

    [Fact]
    public async Task A_refusal_removes_and_changes_nothing()
    {
        await CheckpointAsync(5);
        _disk["checkpoint-0000000003.tmp"] = [1, 2, 3];
        _disk[First] = [1, 2, 3];
        _disk["segment-0000000002"] = [.. _disk["segment-0000000002"][..^1], 0xFF];
        _disk["checkpoint-0000000002"] = [.. _disk["checkpoint-0000000002"][..^1], 0xFF];
        var before = _disk.Copy();

        Refused(_script);

        Assert.Equal(before.Names, _disk.Names);
        Assert.All(before.Names, name => Assert.Equal(before[name], _disk[name]));
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_refused()
    {
        await _script.WriteAsync(1);
        byte[] bytes = _disk[First];
        bytes[8] = 2;
        _disk[First] = bytes;

        Refused(_script, "does not begin with its header");
    }

    [Fact]
    public async Task What_is_cut_off_is_said_and_no_line_names_a_stream_or_its_content()
    {
        RecordingLogger logger = new();
        await _script.WriteAsync(12);
        int bytes = _disk[First].Length;
        _disk[First] = [.. _disk[First], 1, 2, 3];

        await using (var log = JournalLog.Open(_disk.Open(), JournalScript.Options, logger))
        {
            await log.CheckpointAsync(Cancelled);
            _disk.OnCall = static _ => throw new IOException("No space left on device");
            await Assert.ThrowsAsync<EventLogException>(() => _script.AppendAsync(log, 1));
        }

        Assert.Contains(logger.Lines, line => line.StartsWith(
            $"Warning: {First} ended in 3 bytes that are not a whole frame; they were cut off at byte {bytes}.", StringComparison.Ordinal));
        Assert.Contains(logger.Lines, line => line.StartsWith("Critical: The event log has stopped", StringComparison.Ordinal));
        Assert.Contains(logger.Lines, line => line.StartsWith("Debug: Checkpoint written: 2 streams", StringComparison.Ordinal));
        Assert.All(logger.Lines, line => Assert.DoesNotContain("copy", line, StringComparison.Ordinal));
    }

    private static void Refused(JournalScript script, string because = "")
    {
        var refusal = Assert.Throws<EventLogException>(() => script.Open());
        Assert.Contains("The journal in 'simulated' can not be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
    }

    private async Task CheckpointAsync(int count)
    {
        await using var log = _script.Open();
        await _script.AppendAsync(log, count);
        await log.CheckpointAsync(Cancelled);
    }
}

using System.Text;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Storage;

/// <summary>What every event log must do, whatever it writes to. An implementation's test class says how to open one.</summary>
public abstract class EventLogContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The log under test; may be another object after each <see cref="NextAsync"/>.</summary>
    protected IEventLog Log { get; set; } = null!;

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Log = await OpenAsync(new EventLogLimits());

    public virtual async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IEventLog> OpenAsync(EventLogLimits limits);

    /// <summary>Between two steps of a test: a durable log may be closed and opened again here.</summary>
    protected virtual ValueTask NextAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_unknown_stream_is_empty_and_has_head_zero()
    {
        var loaded = await Log.LoadAsync("room:a", Cancelled);

        Assert.Equal(0, loaded.Head);
        Assert.Null(loaded.Snapshot);
        Assert.Empty(loaded.Events);
        Assert.Equal([], await ReadAsync("room:a", 0));
        Assert.Null(await ReadAsync("room:a", 1));
    }

    [Fact]
    public async Task Events_come_back_as_they_were_in_order()
    {
        var at = new DateTimeOffset(2026, 11, 5, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(12_345_678);
        var first = new NewEvent(7, 2, at, new byte[] { 1, 2, 3 }, "command-1");
        var second = new NewEvent(ushort.MaxValue, 0, Noon, ReadOnlyMemory<byte>.Empty);
        await AppendedAsync(new StreamAppend("room:a", 0, [first, second]));
        await NextAsync();
        await AppendedAsync(new StreamAppend("room:a", 2, [new NewEvent(1, 1, Noon, new byte[1000], "é")]));
        await NextAsync();

        var loaded = await Log.LoadAsync("room:a", Cancelled);

        Assert.Equal(3, loaded.Head);
        Assert.Equal([1, 2, 3], loaded.Events.Select(e => e.Seq));
        var one = loaded.Events[0];
        Assert.Equal(((ushort)7, (ushort)2, "command-1"), (one.Type, one.Version, one.CommandId));
        Assert.Equal(Noon.AddTicks(12_345_670), one.At);
        Assert.Equal(TimeSpan.Zero, one.At.Offset);
        Assert.Equal([1, 2, 3], one.Body.ToArray());
        Assert.Equal((ushort.MaxValue, (ushort)0, null), (loaded.Events[1].Type, loaded.Events[1].Version, loaded.Events[1].CommandId));
        Assert.Equal(0, loaded.Events[1].Body.Length);
        Assert.Equal("é", loaded.Events[2].CommandId);
        Assert.Equal(1000, loaded.Events[2].Body.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_at_another_head_is_refused_and_told_the_actual_one(long expectedHead)
    {
        await AppendedAsync(Append("room:a", 0, "one", "two"));
        await NextAsync();

        var result = await Log.AppendAsync([Append("room:a", expectedHead, "three")], Cancelled);

        Assert.Equal(AppendStatus.Conflict, result.Status);
        Assert.Equal([new StreamHead("room:a", 2)], result.ActualHeads);
        await NextAsync();
        Assert.Equal(["one", "two"], await TextsAsync("room:a"));
    }

    [Fact]
    public async Task An_append_to_several_streams_happens_in_all_of_them()
    {
        await AppendedAsync(Append("room:a", 0, "a1"));
        await NextAsync();

        await AppendedAsync(Append("room:a", 1, "a2", "a3"), Append("room:b", 0, "b1"), Append("link:1", 0, "l1"));

        await NextAsync();
        Assert.Equal(["a1", "a2", "a3"], await TextsAsync("room:a"));
        Assert.Equal(["b1"], await TextsAsync("room:b"));
        Assert.Equal(["l1"], await TextsAsync("link:1"));
    }

    [Fact]
    public async Task An_append_to_several_streams_happens_in_none_if_one_head_is_another()
    {
        await AppendedAsync(Append("room:b", 0, "b1"));
        await NextAsync();

        var result = await Log.AppendAsync(
            [Append("room:a", 0, "a1"), Append("room:b", 0, "again"), Append("room:c", 0, "c1")], Cancelled);

        Assert.Equal(AppendStatus.Conflict, result.Status);
        Assert.Equal(
            [new StreamHead("room:a", 0), new StreamHead("room:b", 1), new StreamHead("room:c", 0)], result.ActualHeads);
        await NextAsync();
        Assert.Equal([], await TextsAsync("room:a"));
        Assert.Equal(["b1"], await TextsAsync("room:b"));
        Assert.Equal([("room:b", 1)], await ListAsync(""));
    }

    [Fact]
    public async Task A_stream_named_without_events_is_checked_and_left_alone()
    {
        await AppendedAsync(Append("room:a", 0, "a1") with { ExpiresAt = Noon });
        await NextAsync();

        var refused = await Log.AppendAsync([Append("room:a", 0), Append("room:b", 0, "b1")], Cancelled);
        await AppendedAsync(Append("room:a", 1), Append("room:b", 0, "b1"), Append("room:c", 0));

        Assert.Equal(AppendStatus.Conflict, refused.Status);
        await NextAsync();
        Assert.Equal([("room:a", 1), ("room:b", 1)], await ListAsync("room:"));
        Assert.Equal(Noon, (await EntryAsync("room:a")).ExpiresAt);
    }

    [Fact]
    public async Task Somebody_who_knows_a_position_reads_what_came_after()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2", "3", "4", "5"));
        await NextAsync();

        Assert.Equal(["3", "4", "5"], Texts(await ReadAsync("room:a", 2)));
        Assert.Equal([], Texts(await ReadAsync("room:a", 5)));
        Assert.Null(await ReadAsync("room:a", 6));
        Assert.Equal(["2", "3"], Texts(await Log.ReadAsync("room:a", 1, 2, Cancelled)));
    }

    [Fact]
    public async Task A_stream_is_loaded_from_its_newest_snapshot_and_the_events_after()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2", "3", "4"));
        Assert.True(await SaveAsync("room:a", 2, "state of 2", keepAfter: 2));
        await NextAsync();
        Assert.True(await SaveAsync("room:a", 3, "state of 3", keepAfter: 3));
        await NextAsync();
        await AppendedAsync(Append("room:a", 4, "5"));
        await NextAsync();

        var loaded = await Log.LoadAsync("room:a", Cancelled);

        Assert.Equal(5, loaded.Head);
        Assert.Equal((3L, (ushort)9, "state of 3"), (loaded.Snapshot!.Seq, loaded.Snapshot.Version, Text(loaded.Snapshot.State)));
        Assert.Equal(["4", "5"], Texts(loaded.Events));
        Assert.Equal([4, 5], loaded.Events.Select(e => e.Seq));
    }

    [Fact]
    public async Task Events_before_a_snapshot_stay_readable_for_those_who_still_need_them()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2", "3", "4", "5"));
        Assert.True(await SaveAsync("room:a", 5, "state of 5", keepAfter: 2));
        await NextAsync();

        var loaded = await Log.LoadAsync("room:a", Cancelled);

        Assert.Equal(5, loaded.Head);
        Assert.Empty(loaded.Events);
        Assert.Equal(["3", "4", "5"], Texts(await ReadAsync("room:a", 2)));
        Assert.Equal(["5"], Texts(await ReadAsync("room:a", 4)));
    }

    [Fact]
    public async Task Earlier_snapshots_stay_as_long_as_the_events_after_them()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2", "3"));
        Assert.True(await SaveAsync("room:a", 1, "state of 1", keepAfter: 0));
        Assert.True(await SaveAsync("room:a", 2, "state of 2", keepAfter: 0));
        Assert.True(await SaveAsync("room:a", 3, "state of 3", keepAfter: 0));
        await NextAsync();
        var whole = await Log.LoadAsync("room:a", Cancelled);
        Assert.Equal((0, 3), (whole.ForgottenThrough, whole.Snapshot!.Seq));
        Assert.Equal(["state of 1", "state of 2"], whole.Older.Select(each => Text(each.State)));

        await AppendedAsync(Append("room:a", 3, "4"));
        Assert.True(await SaveAsync("room:a", 4, "state of 4", keepAfter: 2));
        await NextAsync();

        var rest = await Log.LoadAsync("room:a", Cancelled);
        Assert.Equal((2, 4), (rest.ForgottenThrough, rest.Snapshot!.Seq));
        Assert.Equal(["state of 2", "state of 3"], rest.Older.Select(each => Text(each.State)));
        Assert.Equal(["3", "4"], Texts(await ReadAsync("room:a", 2)));
        Assert.True((await EntryAsync("room:a")).HeldBytes >= "state of 2state of 3state of 4".Length);
    }

    [Fact]
    public async Task An_older_snapshot_does_not_replace_a_newer_one()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2", "3"));
        Assert.True(await SaveAsync("room:a", 3, "state of 3", keepAfter: 0));
        await NextAsync();

        Assert.False(await SaveAsync("room:a", 2, "state of 2", keepAfter: 2));

        await NextAsync();
        Assert.Equal("state of 3", Text((await Log.LoadAsync("room:a", Cancelled)).Snapshot!.State));
        Assert.Equal(["1", "2", "3"], Texts(await ReadAsync("room:a", 0)));
    }

    [Fact]
    public async Task A_snapshot_of_an_event_that_is_not_there_is_refused()
    {
        await AppendedAsync(Append("room:a", 0, "1"));

        Assert.False(await SaveAsync("room:a", 2, "from the future", keepAfter: 0));
        Assert.False(await SaveAsync("room:b", 1, "of nothing", keepAfter: 0));
        await NextAsync();
        Assert.Null((await Log.LoadAsync("room:a", Cancelled)).Snapshot);
    }

    [Fact]
    public async Task Streams_are_listed_by_prefix_with_head_and_expiry()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2"), Append("room:b", 0, "1") with { ExpiresAt = Noon });
        await AppendedAsync(Append("link:a", 0, "1"));
        await NextAsync();

        Assert.Equal([("room:a", 2), ("room:b", 1)], await ListAsync("room:"));
        Assert.Equal([("link:a", 1), ("room:a", 2), ("room:b", 1)], await ListAsync(""));
        Assert.Null((await EntryAsync("room:a")).ExpiresAt);
        Assert.Equal(Noon, (await EntryAsync("room:b")).ExpiresAt);
    }

    [Fact]
    public async Task A_stream_that_is_appended_to_again_does_not_expire()
    {
        await AppendedAsync(Append("room:a", 0, "ended") with { ExpiresAt = Noon });
        await NextAsync();

        await AppendedAsync(Append("room:a", 1, "begun again"));

        await NextAsync();
        Assert.Null((await EntryAsync("room:a")).ExpiresAt);
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_and_may_begin_again()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2"));
        await SaveAsync("room:a", 2, "state", keepAfter: 1);
        await NextAsync();

        Assert.True(await Log.DeleteAsync("room:a", 2, Cancelled));

        await NextAsync();
        Assert.Equal([], await ListAsync(""));
        Assert.Null((await Log.LoadAsync("room:a", Cancelled)).Snapshot);
        Assert.False((await Log.AppendAsync([Append("room:a", 2, "3")], Cancelled)).IsAppended);
        await AppendedAsync(Append("room:a", 0, "new 1"));
        await NextAsync();
        Assert.Equal(["new 1"], await TextsAsync("room:a"));
    }

    [Fact]
    public async Task A_stream_somebody_appended_to_meanwhile_is_not_deleted()
    {
        await AppendedAsync(Append("room:a", 0, "1", "2"));
        await NextAsync();

        Assert.False(await Log.DeleteAsync("room:a", 1, Cancelled));
        Assert.False(await Log.DeleteAsync("room:b", 0, Cancelled));

        await NextAsync();
        Assert.Equal(["1", "2"], await TextsAsync("room:a"));
    }

    [Fact]
    public async Task Of_many_who_append_at_the_same_head_one_wins()
    {
        await AppendedAsync(Append("room:a", 0, "first"));

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(
            async () => await Log.AppendAsync([Append("room:a", 1, $"by {i}"), Append($"own:{i}", 0, "x")], Cancelled), Cancelled)));

        Assert.Single(results, result => result.IsAppended);
        Assert.All(results.Where(result => !result.IsAppended), result => Assert.Equal(2, result.ActualHeads[0].Head));
        await NextAsync();
        Assert.Equal(2, (await Log.LoadAsync("room:a", Cancelled)).Head);
        Assert.Single(await ListAsync("own:"));
    }

    [Fact]
    public async Task Many_appenders_at_once_lose_and_reorder_nothing()
    {
        const int Appenders = 20;
        const int Events = 50;

        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(i => Task.Run(
            async () =>
            {
                long shared = 0;
                for (int seq = 0; seq < Events; seq++)
                {
                    var own = Append($"own:{i}", seq, $"{seq}");
                    var result = await Log.AppendAsync([own, Append("shared", shared, $"{i}/{seq}")], Cancelled);
                    while (!result.IsAppended)
                    {
                        shared = result.ActualHeads[1].Head;
                        result = await Log.AppendAsync([own, Append("shared", shared, $"{i}/{seq}")], Cancelled);
                    }
                }
            },
            Cancelled)));

        await NextAsync();
        var all = (await Log.LoadAsync("shared", Cancelled)).Events;
        Assert.Equal(Enumerable.Range(1, Appenders * Events).Select(seq => (long)seq), all.Select(e => e.Seq));
        for (int i = 0; i < Appenders; i++)
        {
            Assert.Equal(Enumerable.Range(0, Events).Select(seq => $"{seq}"), await TextsAsync($"own:{i}"));
            Assert.Equal(
                Enumerable.Range(0, Events).Select(seq => $"{i}/{seq}"),
                Texts(all).Where(text => text.StartsWith($"{i}/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Buffers_belong_to_the_caller_again_when_the_method_returns()
    {
        byte[] body = [1, 2, 3];
        byte[] state = [4, 5, 6];
        var append = Log.AppendAsync([new StreamAppend("room:a", 0, [new NewEvent(1, 1, Noon, body)])], Cancelled);
        body.AsSpan().Clear();
        await append;
        var save = Log.SaveSnapshotAsync("room:a", new Snapshot(1, 1, state), 0, Cancelled);
        state.AsSpan().Clear();
        await save;
        await NextAsync();

        var loaded = await Log.LoadAsync("room:a", Cancelled);

        Assert.Equal([1, 2, 3], Assert.Single((await ReadAsync("room:a", 0))!).Body.ToArray());
        Assert.Equal([4, 5, 6], loaded.Snapshot!.State.ToArray());
    }

    [Fact]
    public async Task A_stream_that_holds_too_much_is_full_until_a_snapshot_lets_events_go()
    {
        await Log.DisposeAsync();
        Log = await OpenAsync(new EventLogLimits { HeldBytesMax = 10_000 });
        var big = new NewEvent(1, 1, Noon, new byte[6_000]);
        await AppendedAsync(new StreamAppend("room:a", 0, [big]));
        await AppendedAsync(new StreamAppend("room:a", 1, [big]));
        await NextAsync();

        Assert.Equal(AppendStatus.Full, (await Log.AppendAsync([new StreamAppend("room:a", 2, [big])], Cancelled)).Status);
        Assert.Equal(AppendStatus.Appended, (await Log.AppendAsync([Append("room:a", 2), Append("room:b", 0, "1")], Cancelled)).Status);
        Assert.True(await SaveAsync("room:a", 2, "state", keepAfter: 2));
        await AppendedAsync(new StreamAppend("room:a", 2, [big]));
    }

    [Fact]
    public async Task What_is_too_long_is_refused_before_anything_is_written()
    {
        string longName = new('x', EventLogLimits.NameBytesMax + 1);
        var tooMany = Enumerable.Range(0, EventLogLimits.StreamCountMax + 1).Select(i => Append($"room:{i}", 0, "x"));

        await RefusedAsync(new StreamAppend("room:a", 0, [new NewEvent(1, 1, Noon, new byte[(1 << 20) + 1])]));
        await RefusedAsync(new StreamAppend("room:a", 0, [new NewEvent(1, 1, Noon, new byte[1], longName)]));
        await RefusedAsync(Append(longName, 0, "x"));
        await RefusedAsync(Append("", 0, "x"));
        await RefusedAsync(Append("half a pair: \ud800", 0, "x"));
        await RefusedAsync(Append("room:a", 0, "x"), Append("room:a", 1, "y"));
        await RefusedAsync([.. tooMany]);
        await RefusedAsync();
        await NextAsync();
        Assert.Equal([], await ListAsync(""));
    }

    [Fact]
    public async Task A_cancelled_append_that_was_not_queued_does_not_happen()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Log.AppendAsync([Append("room:a", 0, "x")], new CancellationToken(canceled: true)));

        await NextAsync();
        Assert.Equal([], await ListAsync(""));
    }

    private static StreamAppend Append(string stream, long expectedHead, params string[] texts) =>
        new(stream, expectedHead, [.. texts.Select(text => new NewEvent(1, 1, Noon, Encoding.UTF8.GetBytes(text)))]);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static IEnumerable<string> Texts(IReadOnlyList<LogEvent>? events) => events!.Select(e => Text(e.Body));

    private async Task AppendedAsync(params StreamAppend[] appends) =>
        Assert.Equal(AppendStatus.Appended, (await Log.AppendAsync(appends, Cancelled)).Status);

    private async Task RefusedAsync(params StreamAppend[] appends) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Log.AppendAsync(appends, Cancelled));

    private async Task<bool> SaveAsync(string stream, long seq, string state, long keepAfter) =>
        await Log.SaveSnapshotAsync(stream, new Snapshot(seq, 9, Encoding.UTF8.GetBytes(state)), keepAfter, Cancelled);

    private async Task<IReadOnlyList<LogEvent>?> ReadAsync(string stream, long after) =>
        await Log.ReadAsync(stream, after, int.MaxValue, Cancelled);

    private async Task<IEnumerable<string>> TextsAsync(string stream) =>
        Texts((await Log.LoadAsync(stream, Cancelled)).Events);

    private async Task<StreamEntry> EntryAsync(string stream)
    {
        await foreach (var entry in Log.ListAsync(stream, Cancelled))
        {
            return entry;
        }

        throw new InvalidOperationException($"There is no stream '{stream}'.");
    }

    private async Task<List<(string Stream, long Head)>> ListAsync(string prefix)
    {
        List<(string, long)> found = [];
        await foreach (var entry in Log.ListAsync(prefix, Cancelled))
        {
            found.Add((entry.Stream, entry.Head));
        }

        found.Sort();
        return found;
    }
}

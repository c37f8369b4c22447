using System.Globalization;
using System.Text;
using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Storage;

/// <summary>
/// A journal that is written step by step, each step numbered, and what must be true of it whenever it is read again: stream "all" has
/// every acknowledged number in order, "copy" (written in the same appends) has the same ones, and little else.
/// </summary>
internal sealed class JournalScript(SimulatedDisk disk)
{
    public static readonly JournalOptions Options = new() { SegmentBytes = 1 << 20 };

    /// <summary>Numbers that were acknowledged.</summary>
    public int Acknowledged { get; set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public JournalLog Open(JournalOptions? options = null, Action<Exception>? onFault = null) =>
        JournalLog.Open(disk.Open(), options ?? Options, NullLogger.Instance, onFault);

    /// <summary>Opens, appends, closes.</summary>
    public async Task WriteAsync(int count, JournalOptions? options = null)
    {
        await using var log = Open(options);
        await AppendAsync(log, count);
    }

    public async Task AppendAsync(IEventLog log, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var e = new NewEvent(1, 1, DateTimeOffset.UnixEpoch, Encoding.ASCII.GetBytes($"{Acknowledged}"));
            var result = await log.AppendAsync(
                [new StreamAppend("all", Acknowledged, [e]), new StreamAppend("copy", Acknowledged, [e])], Cancelled);
            Assert.True(result.IsAppended);
            Acknowledged++;
        }
    }

    /// <summary>Reads the journal: how many numbers are there. Fails if they are not 0, 1, 2... in both streams.</summary>
    public async Task<int> ReadAsync()
    {
        await using var log = Open();
        return await ReadAsync(log);
    }

    public static async Task<int> ReadAsync(IEventLog log)
    {
        var all = await log.LoadAsync("all", Cancelled);
        var copy = await log.LoadAsync("copy", Cancelled);
        int first = (int)(all.Snapshot?.Seq ?? 0);
        Assert.Equal(
            Enumerable.Range(first, all.Events.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)), all.Events.Select(Text));
        Assert.Equal(all.Head, first + all.Events.Count);
        Assert.Equal(all.Head, copy.Head);
        Assert.Equal(all.Head, copy.Events.Count);
        Assert.Equal(copy.Events.Skip(first).Select(Text), all.Events.Select(Text));
        return (int)all.Head;
    }

    private static string Text(LogEvent e) => Encoding.ASCII.GetString(e.Body.Span);
}

using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Storage;

/// <summary>The contract, in memory.</summary>
public sealed class MemoryLogTests : EventLogContract
{
    protected override ValueTask<IEventLog> OpenAsync(EventLogLimits limits) => new(new MemoryLog(limits));
}

/// <summary>The contract, on a real disk.</summary>
public sealed class JournalLogTests : EventLogContract
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override ValueTask<IEventLog> OpenAsync(EventLogLimits limits) => new(
        JournalLog.Open(_folder.Path, new JournalOptions { Limits = limits }, NullLogger.Instance));
}

/// <summary>The contract, with the journal closed and read again between any two steps.</summary>
public class ReopenedJournalLogTests : EventLogContract
{
    private readonly SimulatedDisk _disk = new();
    private EventLogLimits _limits = new();

    protected override ValueTask<IEventLog> OpenAsync(EventLogLimits limits)
    {
        _limits = limits;

        // Small, so that steps fall into several segments.
        var options = new JournalOptions { Limits = limits, SegmentBytes = 100 };
        return new(JournalLog.Open(_disk.Open(), options, NullLogger.Instance));
    }

    protected override async ValueTask NextAsync()
    {
        await Log.DisposeAsync();
        Log = await OpenAsync(_limits);
    }
}

/// <summary>The contract, with everything read back from a checkpoint between any two steps.</summary>
public sealed class CheckpointedJournalLogTests : ReopenedJournalLogTests
{
    protected override async ValueTask NextAsync()
    {
        await ((JournalLog)Log).CheckpointAsync(Cancelled);
        await base.NextAsync();
    }
}

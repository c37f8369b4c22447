namespace Dais.Server.Storage;

/// <summary>Everything that changes a log, as data: what memory applies, and what a journal's frames are made of.</summary>
public abstract record LogOperation
{
    private LogOperation() { }

    /// <summary>Events for one or several streams.</summary>
    public sealed record Append(IReadOnlyList<StreamAppend> Streams) : LogOperation;

    /// <summary>A snapshot; events up to <paramref name="KeepAfter"/> are forgotten.</summary>
    public sealed record SaveSnapshot(string Stream, Snapshot Snapshot, long KeepAfter) : LogOperation;

    /// <summary>The end of a stream.</summary>
    public sealed record Delete(string Stream, long ExpectedHead) : LogOperation;

    /// <summary>A stream as a checkpoint found it, its events up to <paramref name="ForgottenThrough"/> gone; the held ones follow.</summary>
    public sealed record Restore(string Stream, long ForgottenThrough, DateTimeOffset? ExpiresAt) : LogOperation;

    /// <summary>The last word of a file, or of an orderly stop, which proves that nothing before it is missing.</summary>
    /// <param name="NextSegment">The segment that goes on; 0 for an orderly stop.</param>
    public sealed record Close(long NextSegment) : LogOperation;
}

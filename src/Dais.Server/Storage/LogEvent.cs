namespace Dais.Server.Storage;

/// <summary>An event to append. The log does not look into its body.</summary>
/// <param name="Type">Which kind of event; the caller's numbering.</param>
/// <param name="Version">Version of the body's format, so that old bodies can be read for ever.</param>
/// <param name="At">When it happened, by the wall clock; kept to the microsecond, in UTC.</param>
/// <param name="Body">The event itself; copied by the log.</param>
/// <param name="CommandId">The client's id of the command it came from, by which a retry is recognised; null for none.</param>
public sealed record NewEvent(
    ushort Type, ushort Version, DateTimeOffset At, ReadOnlyMemory<byte> Body, string? CommandId = null);

/// <summary>An event that happened.</summary>
/// <param name="Seq">Its place in its stream, from 1.</param>
/// <param name="Type">Which kind of event.</param>
/// <param name="Version">Version of the body's format.</param>
/// <param name="At">When it happened, in UTC, to the microsecond.</param>
/// <param name="Body">The event itself; never changes.</param>
/// <param name="CommandId">The client's id of the command it came from, if any.</param>
public sealed record LogEvent(
    long Seq, ushort Type, ushort Version, DateTimeOffset At, ReadOnlyMemory<byte> Body, string? CommandId);

/// <summary>Events for one stream.</summary>
/// <param name="Stream">The stream; made by its first event.</param>
/// <param name="ExpectedHead">Its last event's number as the caller knows it; 0 for a stream that must not exist.</param>
/// <param name="Events">What to append. None: the stream's head is checked and the stream itself left alone.</param>
public sealed record StreamAppend(string Stream, long ExpectedHead, IReadOnlyList<NewEvent> Events)
{
    /// <summary>From when on the stream may be deleted (its room has ended); null while it lives. Every append with events sets it anew.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A stream and the number of its last event.</summary>
public readonly record struct StreamHead(string Stream, long Head);

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Every event is in the log.</summary>
    Appended,

    /// <summary>A head was not the expected one; nothing was written.</summary>
    Conflict,

    /// <summary>A stream holds as much as it may without a snapshot; nothing was written. Save one and try again.</summary>
    Full,
}

/// <summary>The outcome of an append.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="ActualHeads">After a conflict: the heads of all streams of the append, in its order. Otherwise empty.</param>
public sealed record AppendResult(AppendStatus Status, IReadOnlyList<StreamHead> ActualHeads)
{
    /// <summary>The one answer to every append that succeeds.</summary>
    public static AppendResult Appended { get; } = new(AppendStatus.Appended, []);

    /// <summary>The one answer to every append to a full stream.</summary>
    public static AppendResult Full { get; } = new(AppendStatus.Full, []);

    /// <summary>Whether every event is in the log.</summary>
    public bool IsAppended => Status == AppendStatus.Appended;
}

/// <summary>The folded state of a stream as of one of its events.</summary>
/// <param name="Seq">The last event that is part of the state.</param>
/// <param name="Version">Version of the state's format.</param>
/// <param name="State">The state; the log does not look into it.</param>
public sealed record Snapshot(long Seq, ushort Version, ReadOnlyMemory<byte> State);

/// <summary>A stream as needed to fold it.</summary>
/// <param name="Head">The number of its last event; 0 if there is no such stream.</param>
/// <param name="Snapshot">Its newest snapshot, if one was saved.</param>
/// <param name="Events">Every event after the snapshot, or from the first on, in order.</param>
public sealed record StreamState(long Head, Snapshot? Snapshot, IReadOnlyList<LogEvent> Events)
{
    /// <summary>The last event that the log has forgotten; 0 when it has all.</summary>
    public long ForgottenThrough { get; init; }

    /// <summary>The earlier snapshots from which events that are still held can be folded, oldest first.</summary>
    public IReadOnlyList<Snapshot> Older { get; init; } = [];
}

/// <summary>A stream in the list of streams.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="Head">The number of its last event.</param>
/// <param name="ExpiresAt">From when on it may be deleted; null while it lives.</param>
/// <param name="HeldBytes">What it takes in memory, roughly: its events and snapshots.</param>
public sealed record StreamEntry(string Stream, long Head, DateTimeOffset? ExpiresAt, long HeldBytes);

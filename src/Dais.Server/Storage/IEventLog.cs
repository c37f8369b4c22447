namespace Dais.Server.Storage;

/// <summary>
/// The durable order of everything that happens: one stream of numbered events per room (or host connection). An event is
/// seen by readers, and its append acknowledged, only when it is as durable as the log was told to be.
/// </summary>
/// <remarks>
/// Sequence numbers of a stream begin at 1 and have no gaps; a stream that does not exist has head 0. A deleted stream begins
/// again at 1, so whoever remembers positions across a deletion must remember which life of the stream they belong to.
/// <para>
/// Buffers: what is handed in is copied before the method returns its task, so the caller may reuse it at once. What is
/// handed out is never changed or reused by the log.
/// </para>
/// <para>
/// All members may be called from any thread. A log that has failed, or could not write, throws
/// <see cref="EventLogException"/> from then on and acknowledges nothing more.
/// </para>
/// </remarks>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>
    /// Appends to one or several streams, all or nothing. Refused when the head of any of them is not the expected one;
    /// the caller then reads what it missed and decides again.
    /// </summary>
    /// <remarks>
    /// Cancellation ends only the wait for a place in the queue. From then on the task tells the outcome, since an append
    /// given up half-way would be one of which nobody knows whether it happened. A caller that never learns the outcome
    /// (the process died) finds its command id in the stream, or does not.
    /// </remarks>
    /// <param name="appends">At least one; each stream at most once.</param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue.</param>
    /// <exception cref="ArgumentException">A limit of <see cref="EventLogLimits"/> is exceeded, or a stream is named twice.</exception>
    ValueTask<AppendResult> AppendAsync(IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken);

    /// <summary>What is needed to fold a stream's state: its newest snapshot and every event after that.</summary>
    ValueTask<StreamState> LoadAsync(string stream, CancellationToken cancellationToken);

    /// <summary>Events for somebody who already knows a stream up to a position: a client that resumes, a webhook's cursor.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">The last sequence number already known; 0 for none.</param>
    /// <param name="countMax">At most so many events.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The events from <paramref name="after"/> + 1 on, none if that is the head; null if the log no longer holds the next
    /// one or never had <paramref name="after"/>: then only <see cref="LoadAsync"/> helps.
    /// </returns>
    ValueTask<IReadOnlyList<LogEvent>?> ReadAsync(string stream, long after, int countMax, CancellationToken cancellationToken);

    /// <summary>Saves the folded state as of an event, and lets the log forget events nobody will ask for again.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="snapshot">The state; its version is the caller's.</param>
    /// <param name="keepAfter">
    /// Events after this number stay readable, earlier ones may be forgotten; at most the snapshot's number.
    /// The position of the slowest reader that must miss nothing. Earlier snapshots from this number on stay, too: what follows them
    /// can be folded.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue.</param>
    /// <returns>False if the log holds a newer snapshot, or does not have that event (the stream was deleted).</returns>
    ValueTask<bool> SaveSnapshotAsync(string stream, Snapshot snapshot, long keepAfter, CancellationToken cancellationToken);

    /// <summary>Deletes a stream, unless somebody appended to it since.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expectedHead">The head the caller decided on.</param>
    /// <param name="cancellationToken">Ends the wait for a place in the queue.</param>
    /// <returns>False if the head is another one, or there is no such stream.</returns>
    ValueTask<bool> DeleteAsync(string stream, long expectedHead, CancellationToken cancellationToken);

    /// <summary>The streams whose name begins with <paramref name="prefix"/> (compared by ordinal), in no particular order.</summary>
    IAsyncEnumerable<StreamEntry> ListAsync(string prefix, CancellationToken cancellationToken);
}

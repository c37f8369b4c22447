using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dais.Server.Storage;

/// <summary>
/// The streams in memory: heads, snapshots, and the events since. Knows which operations are allowed and what they change;
/// knows nothing of files, threads or time. Not safe for use by two threads at once.
/// </summary>
internal sealed class StreamIndex(EventLogLimits limits)
{
    /// <summary>What an event costs besides its body, roughly: object, references, numbers.</summary>
    public const int EventOverheadBytes = 96;

    private readonly Dictionary<string, Stream> _streams = [];

    /// <summary>How many streams there are.</summary>
    public int Count => _streams.Count;

    /// <summary>The number of a stream's last event; 0 if there is no such stream.</summary>
    public long HeadOf(string stream) => _streams.TryGetValue(stream, out var found) ? found.Head : 0;

    /// <summary>
    /// Whether an operation is allowed after those already accepted; the new heads are noted in <paramref name="accepted"/>.
    /// Nothing is changed until <see cref="TryApply"/>.
    /// </summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="accepted">Heads after operations that were accepted but are not applied yet.</param>
    public AppendResult Judge(LogOperation operation, Dictionary<string, long> accepted)
    {
        switch (operation)
        {
            case LogOperation.Append append:
                return JudgeAppend(append.Streams, accepted);
            case LogOperation.SaveSnapshot save:
                bool isNewest = !_streams.TryGetValue(save.Stream, out var stream)
                    || stream.Snapshot is null || stream.Snapshot.Seq <= save.Snapshot.Seq;
                long head = HeadAfter(save.Stream, accepted);
                return isNewest && save.Snapshot.Seq <= head ? AppendResult.Appended : ConflictOf(save.Stream, head);
            case LogOperation.Delete delete:
                long last = HeadAfter(delete.Stream, accepted);
                if (last == 0 || last != delete.ExpectedHead)
                {
                    return ConflictOf(delete.Stream, last);
                }

                accepted[delete.Stream] = 0;
                return AppendResult.Appended;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Carries out an operation.</summary>
    /// <returns>False, with nothing changed, if it does not continue what is here: only a damaged journal does that.</returns>
    public bool TryApply(LogOperation operation)
    {
        switch (operation)
        {
            case LogOperation.Append append:
                return TryApplyAppend(append.Streams);
            case LogOperation.SaveSnapshot save:
                return TryApplySnapshot(save);
            case LogOperation.Delete delete:
                return _streams.Remove(delete.Stream);
            case LogOperation.Restore restore:
                var stream = new Stream { ForgottenThrough = restore.ForgottenThrough, ExpiresAt = restore.ExpiresAt };
                return _streams.TryAdd(restore.Stream, stream);
            case LogOperation.Close:
                return true;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The newest snapshot of a stream and every event after it.</summary>
    public StreamState Load(string stream)
    {
        if (!_streams.TryGetValue(stream, out var found))
        {
            return new StreamState(0, null, []);
        }

        return new StreamState(found.Head, found.Snapshot, found.EventsAfter(found.Snapshot?.Seq ?? 0, int.MaxValue))
        {
            ForgottenThrough = found.ForgottenThrough,
            Older = found.Snapshots.Count > 1 ? found.Snapshots[..^1] : [],
        };
    }

    /// <summary>Events after a position, or null if the next one is not held.</summary>
    public IReadOnlyList<LogEvent>? Read(string stream, long after, int countMax)
    {
        if (!_streams.TryGetValue(stream, out var found))
        {
            return after == 0 ? [] : null;
        }

        return after >= found.ForgottenThrough && after <= found.Head ? found.EventsAfter(after, countMax) : null;
    }

    /// <summary>The streams whose name begins with <paramref name="prefix"/>.</summary>
    public List<StreamEntry> List(string prefix) =>
    [
        .. _streams
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(static pair => new StreamEntry(
                pair.Key, pair.Value.Head, pair.Value.ExpiresAt, pair.Value.HeldBytes + pair.Value.SnapshotBytes)),
    ];

    /// <summary>Everything held, stream by stream, as it is now.</summary>
    public List<HeldStream> Capture() =>
    [
        .. _streams.Select(static pair => new HeldStream(
            pair.Key, pair.Value.ForgottenThrough, pair.Value.ExpiresAt, [.. pair.Value.Snapshots], [.. pair.Value.Events])),
    ];

    private AppendResult JudgeAppend(IReadOnlyList<StreamAppend> streams, Dictionary<string, long> accepted)
    {
        bool isExpected = true;
        bool isFull = false;
        foreach (var append in streams)
        {
            isExpected &= HeadAfter(append.Stream, accepted) == append.ExpectedHead;
            isFull |= append.Events.Count > 0
                && _streams.TryGetValue(append.Stream, out var stream) && stream.HeldBytes >= limits.HeldBytesMax;
        }

        if (!isExpected)
        {
            return new AppendResult(
                AppendStatus.Conflict,
                [.. streams.Select(append => new StreamHead(append.Stream, HeadAfter(append.Stream, accepted)))]);
        }

        if (isFull)
        {
            return AppendResult.Full;
        }

        foreach (var append in streams)
        {
            accepted[append.Stream] = append.ExpectedHead + append.Events.Count;
        }

        return AppendResult.Appended;
    }

    private long HeadAfter(string stream, Dictionary<string, long> accepted) =>
        accepted.TryGetValue(stream, out long head) ? head : HeadOf(stream);

    private static AppendResult ConflictOf(string stream, long head) =>
        new(AppendStatus.Conflict, [new StreamHead(stream, head)]);

    private bool TryApplyAppend(IReadOnlyList<StreamAppend> streams)
    {
        foreach (var append in streams)
        {
            if (HeadOf(append.Stream) != append.ExpectedHead)
            {
                return false;
            }
        }

        foreach (var append in streams)
        {
            if (append.Events.Count > 0)
            {
                ref var stream = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, append.Stream, out _);
                stream ??= new Stream();
                stream.Add(append);
            }
        }

        return true;
    }

    private bool TryApplySnapshot(LogOperation.SaveSnapshot save)
    {
        if (!_streams.TryGetValue(save.Stream, out var stream) || save.Snapshot.Seq > stream.Head)
        {
            return false;
        }

        // Two snapshots accepted in one batch may come in any order; the newer one stays.
        if (stream.Snapshot is null || stream.Snapshot.Seq <= save.Snapshot.Seq)
        {
            stream.Add(save.Snapshot);
            stream.ForgetThrough(save.KeepAfter);
        }

        return true;
    }

    /// <summary>A stream's content at one moment.</summary>
    internal sealed record HeldStream(
        string Name, long ForgottenThrough, DateTimeOffset? ExpiresAt, Snapshot[] Snapshots, LogEvent[] Events);

    private sealed class Stream
    {
        public long ForgottenThrough { get; set; }

        public DateTimeOffset? ExpiresAt { get; set; }

        /// <summary>By place: the newest, and before it those from which held events can be folded.</summary>
        public List<Snapshot> Snapshots { get; } = [];

        public Snapshot? Snapshot => Snapshots.Count == 0 ? null : Snapshots[^1];

        public List<LogEvent> Events { get; } = [];

        public long HeldBytes { get; private set; }

        public long SnapshotBytes { get; private set; }

        public long Head => ForgottenThrough + Events.Count;

        public void Add(StreamAppend append)
        {
            foreach (var e in append.Events)
            {
                Events.Add(new LogEvent(Head + 1, e.Type, e.Version, e.At, e.Body, e.CommandId));
                HeldBytes += e.Body.Length + EventOverheadBytes;
            }

            ExpiresAt = append.ExpiresAt;
        }

        public void Add(Snapshot snapshot)
        {
            if (Snapshot?.Seq == snapshot.Seq)
            {
                SnapshotBytes -= Snapshots[^1].State.Length;
                Snapshots.RemoveAt(Snapshots.Count - 1);
            }

            Snapshots.Add(snapshot);
            SnapshotBytes += snapshot.State.Length;
        }

        public void ForgetThrough(long seq)
        {
            while (Snapshots.Count > 1 && Snapshots[0].Seq < seq)
            {
                SnapshotBytes -= Snapshots[0].State.Length;
                Snapshots.RemoveAt(0);
            }

            int count = (int)Math.Max(seq - ForgottenThrough, 0);
            foreach (var e in CollectionsMarshal.AsSpan(Events)[..count])
            {
                HeldBytes -= e.Body.Length + EventOverheadBytes;
            }

            Events.RemoveRange(0, count);
            ForgottenThrough += count;
        }

        public List<LogEvent> EventsAfter(long seq, int countMax)
        {
            int start = (int)(seq - ForgottenThrough);
            return Events.GetRange(start, Math.Min(Events.Count - start, countMax));
        }
    }
}

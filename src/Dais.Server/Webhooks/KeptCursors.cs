using Dais.Rooms;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>
/// Where the cursors of one room are kept: a stream of records, the last of which counts, and now and then a snapshot with the base a
/// restart begins from. Guarded by the room's feed.
/// </summary>
public sealed class KeptCursors(RoomId roomId, IEventLog log)
{
    /// <summary>What the name of a stream of cursors begins with; the room's id follows.</summary>
    public const string Prefix = "hooks:";

    /// <summary>Records are made good by a snapshot when there are so many.</summary>
    private const int RecordsMax = 200;

    private readonly string _name = Prefix + roomId.Value;
    private long _head;
    private int _records;

    /// <summary>How large the last snapshot is, in bytes.</summary>
    public int SnapshotBytes { get; private set; }

    /// <summary>Whether nothing was ever recorded.</summary>
    public bool IsEmpty => _head == 0;

    /// <summary>Whether there are so many records that a snapshot is due for their sake.</summary>
    public bool IsSnapshotDue => _records >= RecordsMax;

    /// <summary>Reads what is stored; of a room that <paramref name="isNew"/>, nothing is, and what there was is deleted.</summary>
    public async Task<StoredCursors> LoadAsync(bool isNew, CancellationToken cancellationToken)
    {
        var stored = await log.LoadAsync(_name, cancellationToken);
        if (isNew && stored.Head > 0)
        {
            await log.DeleteAsync(_name, stored.Head, CancellationToken.None);
            stored = new StreamState(0, null, []);
        }

        _head = stored.Head;
        _records = stored.Events.Count;
        SnapshotBytes = stored.Snapshot?.State.Length ?? 0;
        return CursorFormat.FromStored(roomId, stored);
    }

    /// <summary>What to append so that <paramref name="cursors"/> are known.</summary>
    public StreamAppend Record(IReadOnlyCollection<RoomCursor> cursors, DateTimeOffset at, DateTimeOffset? expiresAt)
    {
        byte[] body = CursorFormat.ToStored(cursors);
        return new StreamAppend(_name, _head, [new NewEvent(CursorFormat.EventType, CursorFormat.Version, at, body)])
        {
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>The record is in the log, or another head than ours was there: it is <paramref name="head"/> now.</summary>
    public void Recorded(bool isAppended, long head)
    {
        _head = head;
        _records += isAppended ? 1 : 0;
    }

    /// <summary>A snapshot of what is recorded.</summary>
    public Snapshot SnapshotOf(IReadOnlyCollection<RoomCursor> cursors, CursorBase known) =>
        new(_head, CursorFormat.Version, CursorFormat.ToStored(cursors, known));

    /// <summary>Stores <paramref name="snapshot"/>; false when the stream has gone. Not under the feed's guard.</summary>
    public ValueTask<bool> SaveAsync(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return log.SaveSnapshotAsync(_name, snapshot, snapshot.Seq, CancellationToken.None);
    }

    /// <summary><paramref name="snapshot"/> is stored.</summary>
    public void Saved(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SnapshotBytes = snapshot.State.Length;
        _records = 0;
    }
}

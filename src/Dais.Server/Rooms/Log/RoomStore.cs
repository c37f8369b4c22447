using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Storage;

namespace Dais.Server.Rooms.Log;

/// <summary>A room as the log has it.</summary>
/// <param name="Room">The room after its last event.</param>
/// <param name="Seq">The place of that event; 0 when there is none.</param>
/// <param name="SnapshotBytes">How long the last snapshot is.</param>
/// <param name="EventsSince">How many events came after it.</param>
/// <param name="BytesSince">How long they are together.</param>
/// <param name="Kept">What the log has of the time before it.</param>
public sealed record StoredRoom(Room Room, long Seq, int SnapshotBytes, int EventsSince, long BytesSince, KeptHistory Kept);

/// <summary>
/// One room's stream in the event log. Every room of an id has the same stream: when the id goes live again, its places go on
/// where they were, as long as the log remembers.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="id">The room.</param>
/// <param name="options">The options of a room.</param>
/// <param name="storage">How much of the room the log keeps, and how long.</param>
public sealed class RoomStore(IEventLog log, RoomId id, RoomOptions options, StorageOptions storage)
{
    /// <summary>What the name of every room's stream begins with; the room's id follows.</summary>
    public const string Prefix = "room:";

    private readonly string _name = Prefix + id.Value;

    /// <summary>Folds the room.</summary>
    /// <exception cref="EventLogException">The log has stopped, or holds what this server does not know.</exception>
    public async Task<StoredRoom> LoadAsync()
    {
        var found = await log.LoadAsync(_name, CancellationToken.None);
        var kept = await KeptAsync(found);
        var room = Room.Unstarted(id, options);
        long bytes = found.Events.Sum(stored => (long)stored.Body.Length);
        if (found.Events is [.., { Type: RoomEventFormat.EndedType }])
        {
            // Nothing of a life that is over is needed for the next, so a later format of it does not matter either.
            return new StoredRoom(room, found.Head, 0, found.Events.Count, bytes, kept);
        }

        if (found.Snapshot is { } snapshot)
        {
            room = RoomStateFormat.FromStored(id, options, snapshot);
        }

        foreach (var stored in found.Events)
        {
            room = room.Apply(RoomEventFormat.FromStored(stored));
        }

        return new StoredRoom(room, found.Head, found.Snapshot?.State.Length ?? 0, found.Events.Count, bytes, kept);
    }

    /// <summary>What is to be appended to this room's stream, for an append to several.</summary>
    /// <param name="head">The place of the last event so far.</param>
    /// <param name="events">What comes after it.</param>
    /// <param name="endedAt">When the room ended; null while it is live.</param>
    public StreamAppend ToAppend(long head, IReadOnlyList<NewEvent> events, DateTimeOffset? endedAt) =>
        new(_name, head, events) { ExpiresAt = endedAt + storage.Retention };

    /// <summary>Appends <paramref name="events"/> after <paramref name="head"/>, all or none.</summary>
    /// <param name="head">The place of the last event so far.</param>
    /// <param name="events">What comes after it.</param>
    /// <param name="endedAt">When the room ended; null while it is live.</param>
    /// <returns>False when something else was appended, or the stream deleted, meanwhile.</returns>
    public async ValueTask<bool> AppendAsync(long head, IReadOnlyList<NewEvent> events, DateTimeOffset? endedAt)
    {
        var result = await log.AppendAsync([ToAppend(head, events, endedAt)], CancellationToken.None);
        return result.Status switch
        {
            AppendStatus.Appended => true,
            AppendStatus.Conflict => false,
            _ => throw new InvalidOperationException("A room's stream is full, as if it had never had a snapshot."),
        };
    }

    /// <summary>
    /// Saves <paramref name="state"/> as of the event at <paramref name="seq"/>, and lets what happened through
    /// <paramref name="keepAfter"/> go.
    /// </summary>
    public async Task SaveSnapshotAsync(long seq, byte[] state, long keepAfter)
    {
        try
        {
            await log.SaveSnapshotAsync(_name, new Snapshot(seq, RoomStateFormat.Version, state), keepAfter, CancellationToken.None);
        }
        catch (Exception stopped) when (stopped is EventLogException or ObjectDisposedException)
        {
            // The next append says so to whoever waits for it; without a snapshot nothing is lost.
        }
    }

    private async Task<KeptHistory> KeptAsync(StreamState found)
    {
        var kept = new KeptHistory(storage.KeepEvents, found.ForgottenThrough);
        if (found.Snapshot is { } newest)
        {
            var events = await log.ReadAsync(_name, found.ForgottenThrough, int.MaxValue, CancellationToken.None) ?? [];
            int next = 0;
            foreach (var snapshot in found.Older.Append(newest))
            {
                long bytes = 0;
                for (; next < events.Count && events[next].Seq <= snapshot.Seq; next++)
                {
                    bytes += events[next].Body.Length + StreamIndex.EventOverheadBytes;
                }

                kept.Add(snapshot.Seq, bytes, snapshot.State.Length);
            }
        }

        return kept;
    }
}

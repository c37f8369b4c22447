using System.Text.Json;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Rest;

/// <summary>
/// The log of a room, as the notifications its events are. A live room's latest events are in memory as they were sent; older ones,
/// and those of a room that has ended, are made anew from the log: it holds what came since its last snapshot of the room, and more
/// when somebody else still needs it.
/// </summary>
public sealed class RoomHistory(RoomDirectory rooms, IEventLog events)
{
    private static readonly RoomOptions AnyOptions = new();

    /// <summary>Reads what happened after <paramref name="after"/>, at most <paramref name="limit"/> events; or gives why not.</summary>
    /// <exception cref="EventLogException">The log has stopped, or holds what this server does not know.</exception>
    public async Task<(RoomEventPage? Page, Problem? Refusal)> ReadAsync(
        string roomId, long after, int limit, CancellationToken cancellationToken)
    {
        if (await ReadRecentAsync(roomId, after, limit) is { } recent)
        {
            return (recent, null);
        }

        var id = new RoomId(roomId);
        var stored = await events.LoadAsync(RoomStore.Prefix + roomId, cancellationToken);
        if (stored.Head == 0)
        {
            return (null, Problem.Of(ErrorCodes.RoomNotFound));
        }

        if (after > stored.Head)
        {
            return (null, Problem.Of(ErrorCodes.InvalidParams, "after", $"The room's last event is {stored.Head}."));
        }

        var tail = new Tail(stored.Snapshot?.Seq ?? 0, stored.Snapshot, stored.Events);
        if (after < tail.Seq)
        {
            var older = await FindOlderAsync(id, tail.Seq, cancellationToken);
            if (older is null || after < older.Seq)
            {
                var forgotten = Problem.Of(RestErrors.EventsForgotten);
                return (null, forgotten with { OldestSeq = (older ?? tail).Seq + 1 });
            }

            tail = older;
        }

        return (tail.Read(id, after, limit), null);
    }

    private async Task<RoomEventPage?> ReadRecentAsync(string roomId, long after, int limit)
    {
        if (rooms.Find(roomId) is not { } runner)
        {
            return null;
        }

        RoomEventPage? page = null;
        await runner.InvokeAsync(room => room.Afterwards(() =>
        {
            if (after <= room.LastSeq && room.TryReadRecent(after, limit, out var found, out bool hasMore))
            {
                page = new RoomEventPage(
                    [.. found.Select(held => EntryOf(held.Message))], hasMore ? found[^1].Seq : room.LastSeq, hasMore);
            }
        }));
        return page;
    }

    /// <summary>
    /// Events from before the snapshot, if any are held: they make sense from the beginning of a life of the room on.
    /// </summary>
    private async Task<Tail?> FindOlderAsync(RoomId id, long snapshotSeq, CancellationToken cancellationToken)
    {
        string stream = RoomStore.Prefix + id.Value;
        long forgotten = snapshotSeq;
        for (long low = 0; low < forgotten;)
        {
            long middle = low + ((forgotten - low) / 2);
            if (await events.ReadAsync(stream, middle, 1, cancellationToken) is null)
            {
                low = middle + 1;
            }
            else
            {
                forgotten = middle;
            }
        }

        var held = await events.ReadAsync(stream, forgotten, int.MaxValue, cancellationToken) ?? [];
        int start = held.ToList().FindIndex(each => each.Type == RoomEventFormat.StartedType);
        return start < 0 ? null : new Tail(held[start].Seq - 1, null, [.. held.Skip(start)]);
    }

    private static RoomEventEntry EntryOf(ReadOnlyMemory<byte> message)
    {
        using var document = JsonDocument.Parse(message);
        var parameters = document.RootElement.GetProperty("params"u8);
        return new RoomEventEntry(
            parameters.GetProperty("seq"u8).GetInt64(),
            parameters.GetProperty("at"u8).GetInt64(),
            parameters.GetProperty("type"u8).GetString()!,
            parameters.GetProperty("data"u8).Clone());
    }

    /// <summary>The end of a stream, from where the room is known.</summary>
    /// <param name="Seq">The last event before it.</param>
    /// <param name="Snapshot">The room there; null when nothing has happened yet.</param>
    /// <param name="Events">What happened since.</param>
    private sealed record Tail(long Seq, Snapshot? Snapshot, IReadOnlyList<LogEvent> Events)
    {
        public RoomEventPage Read(RoomId id, long after, int limit)
        {
            var room = Snapshot is null ? Room.Unstarted(id, AnyOptions) : RoomStateFormat.FromStored(id, AnyOptions, Snapshot);
            var found = new List<RoomEventEntry>();
            long last = after;
            foreach (var stored in Events)
            {
                if (found.Count == limit)
                {
                    return new RoomEventPage([.. found], last, HasMore: true);
                }

                var happened = RoomEventFormat.FromStored(stored);
                room = room.Apply(happened);
                if (stored.Seq <= after)
                {
                    continue;
                }

                last = stored.Seq;
                var at = new WallClockTime(stored.At.ToUnixTimeMilliseconds());
                if (RoomNotifications.Of(happened, room, stored.Seq, at) is { } notification)
                {
                    found.Add(EntryOf(notification.Message));
                }
            }

            return new RoomEventPage([.. found], last, HasMore: false);
        }
    }
}

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
/// and those of a room that has ended, are made anew from the log, beginning with the last state of the room it has before them.
/// </summary>
public sealed class RoomHistory(RoomDirectory rooms, IEventLog events)
{
    /// <summary>How many stored events are looked at at once.</summary>
    private const int ChunkMax = 1_000;

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
        string stream = RoomStore.Prefix + roomId;
        var stored = await events.LoadAsync(stream, cancellationToken);
        if (stored.Head == 0)
        {
            return (null, Problem.Of(ErrorCodes.RoomNotFound));
        }

        if (after > stored.Head)
        {
            return (null, Problem.Of(ErrorCodes.InvalidParams, "after", $"The last event of the room is {stored.Head}."));
        }

        var begin = await FindBaseAsync(stored, stream, after, cancellationToken);
        if (after < begin.Seq)
        {
            return (null, Problem.Of(RestErrors.EventsForgotten) with { OldestSeq = begin.Seq + 1 });
        }

        return (await FoldAsync(id, stream, begin, stored.Head, after, limit, cancellationToken), null);
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

    /// <summary>Where to begin for what came after <paramref name="after"/>; where the log begins to make sense, if that is later.</summary>
    private async Task<Base> FindBaseAsync(StreamState stored, string stream, long after, CancellationToken cancellationToken)
    {
        // 1. The newest state of the room that is not too late.
        Snapshot[] snapshots = stored.Snapshot is { } newest ? [.. stored.Older, newest] : [];
        if (snapshots.LastOrDefault(snapshot => snapshot.Seq <= after) is { } known)
        {
            return new Base(known.Seq, known);
        }

        // 2. The beginning of a life of the room.
        if (stored.ForgottenThrough == 0)
        {
            return new Base(0, null);
        }

        long end = snapshots.Length > 0 ? snapshots[0].Seq : stored.Head;
        for (long seq = stored.ForgottenThrough; seq < end;)
        {
            if (await events.ReadAsync(stream, seq, ChunkMax, cancellationToken) is not { Count: > 0 } chunk)
            {
                break;
            }

            if (chunk.FirstOrDefault(each => each.Type == RoomEventFormat.StartedType && each.Seq <= end) is { } started)
            {
                return new Base(started.Seq - 1, null);
            }

            seq = chunk[^1].Seq;
        }

        // 3. The oldest state there is.
        return snapshots.Length > 0 ? new Base(snapshots[0].Seq, snapshots[0]) : new Base(stored.Head, null);
    }

    private async Task<RoomEventPage> FoldAsync(
        RoomId id, string stream, Base begin, long head, long after, int limit, CancellationToken cancellationToken)
    {
        var room = begin.Snapshot is { } snapshot ? RoomStateFormat.FromStored(id, AnyOptions, snapshot) : Room.Unstarted(id, AnyOptions);
        var found = new List<RoomEventEntry>();
        long last = begin.Seq;
        while (await events.ReadAsync(stream, last, ChunkMax, cancellationToken) is { Count: > 0 } chunk)
        {
            foreach (var stored in chunk)
            {
                if (found.Count == limit)
                {
                    return new RoomEventPage([.. found], last, HasMore: true);
                }

                // Nothing of a life that is over matters to the next.
                var happened = RoomEventFormat.FromStored(stored);
                room = (happened is RoomEvent.Started ? Room.Unstarted(id, AnyOptions) : room).Apply(happened);
                last = stored.Seq;
                var at = new WallClockTime(stored.At.ToUnixTimeMilliseconds());
                if (last > after && RoomNotifications.Of(happened, room, last, at) is { } notification)
                {
                    found.Add(EntryOf(notification.Message));
                }
            }
        }

        // What was let go while it was read is refused with the next page.
        return new RoomEventPage([.. found], Math.Max(last, after), HasMore: last < head);
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

    /// <summary>Where a stream can be folded from.</summary>
    /// <param name="Seq">The last event before.</param>
    /// <param name="Snapshot">The room there; null when nothing has happened yet.</param>
    private readonly record struct Base(long Seq, Snapshot? Snapshot);
}

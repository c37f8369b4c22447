using Dais.Rooms;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>Reads what the log has of one room: its stream, and what was known of it at some place.</summary>
public sealed class RoomReader(RoomId roomId, IEventLog log)
{
    /// <summary>What the log counts for an event besides its body.</summary>
    private const int EventOverheadBytes = 96;

    private const int PageSize = 64;

    private const int MeasuredAtOnce = 1_000;

    /// <summary>The stream's name.</summary>
    public string Name => RoomStore.Prefix + roomId.Value;

    /// <summary>What the log counts for <paramref name="events"/>.</summary>
    public static long BytesOf(IEnumerable<NewEvent> events) => events.Sum(each => each.Body.Length + EventOverheadBytes);

    /// <summary>The next events; null when the log does not hold them.</summary>
    public async ValueTask<RoomPage?> PageAsync(long after, CancellationToken cancellationToken)
    {
        var stored = await log.ReadAsync(Name, after, PageSize, cancellationToken);
        if (stored is null || stored.Count == 0)
        {
            return null;
        }

        PlacedEvent[] events = [.. stored.Select(PlacedOf)];

        // The last ones of a full page are read again with what follows, so that each decision is seen to its end.
        return new RoomPage(events, events.Length < PageSize ? events.Length : events.Length - NoticeFold.LookaheadMax);
    }

    /// <summary>The room as the log has it now.</summary>
    public async Task<CursorBase> LoadRoomAsync(CancellationToken cancellationToken)
    {
        var stored = await log.LoadAsync(Name, cancellationToken);
        var fold = NoticeFold.Unstarted(roomId);
        if (stored.Snapshot is { } snapshot)
        {
            fold = fold with { Room = RoomStateFormat.FromStored(roomId, fold.Room.Options, snapshot) };
        }

        foreach (var each in stored.Events)
        {
            fold = fold.After(PlacedOf(each), []);
        }

        return new CursorBase(stored.Head, fold);
    }

    /// <summary>What is known where whoever is at <paramref name="lowest"/> can begin; later when the log has forgotten what they need.</summary>
    /// <param name="lowest">The position.</param>
    /// <param name="isOver">Whether the room has ended there: then nothing needs to be known.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task<CursorBase> FindBaseAsync(long lowest, bool isOver, CancellationToken cancellationToken)
    {
        if (isOver)
        {
            return new CursorBase(lowest, NoticeFold.Unstarted(roomId));
        }

        if (await log.ReadAsync(Name, 0, 1, cancellationToken) is not null)
        {
            return new CursorBase(0, NoticeFold.Unstarted(roomId));
        }

        var stored = await log.LoadAsync(Name, cancellationToken);
        if (stored.Snapshot is { } snapshot && snapshot.Seq <= lowest && stored.Events is not [.., { Type: RoomEventFormat.EndedType }])
        {
            var fold = NoticeFold.Unstarted(roomId);
            return new CursorBase(
                snapshot.Seq, fold with { Room = RoomStateFormat.FromStored(roomId, fold.Room.Options, snapshot) });
        }

        return await LoadRoomAsync(cancellationToken);
    }

    /// <summary>How much there is after <paramref name="seq"/>, in bytes, and the last event.</summary>
    public async Task<(long Bytes, long Last)> MeasureAsync(long seq, CancellationToken cancellationToken)
    {
        long bytes = 0;
        long last = seq;
        while (await log.ReadAsync(Name, last, MeasuredAtOnce, cancellationToken) is { Count: > 0 } events)
        {
            bytes += events.Sum(each => each.Body.Length + EventOverheadBytes);
            last = events[^1].Seq;
        }

        return (bytes, last);
    }

    private static PlacedEvent PlacedOf(LogEvent each) =>
        new(each.Seq, new WallClockTime(each.At.ToUnixTimeMilliseconds()), RoomEventFormat.FromStored(each));
}

/// <summary>Events of a room, one after another.</summary>
/// <param name="Events">The events.</param>
/// <param name="Usable">How many of them can be told of; the others show how the last of these ends.</param>
public sealed record RoomPage(PlacedEvent[] Events, int Usable);

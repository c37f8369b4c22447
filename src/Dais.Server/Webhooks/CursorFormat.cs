using System.Buffers.Binary;
using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Webhooks;

/// <summary>How far an endpoint is in a room's stream.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Seq">The last event all of whose notices are delivered or parked.</param>
/// <param name="Done">How many notices of the next one are too.</param>
public sealed record RoomCursor(string EndpointId, long Seq, int Done);

/// <summary>What is known of a room at a position that no cursor is before, so that a restart can begin there.</summary>
/// <param name="Seq">The position.</param>
/// <param name="Fold">What is known.</param>
public sealed record CursorBase(long Seq, NoticeFold Fold);

/// <summary>What a room's cursor stream holds: its newest record, and the base of its snapshot.</summary>
/// <param name="Cursors">The cursors.</param>
/// <param name="Base">The base; null when there is none yet.</param>
public sealed record StoredCursors(ImmutableArray<RoomCursor> Cursors, CursorBase? Base);

/// <summary>Cursors as the log stores them. An event is a record of all cursors of a room; a snapshot has the base behind it.</summary>
/// <remarks>
/// <code>
/// event     cursors: each endpoint (text), seq, done
/// snapshot  length of the head 4 | head: cursors, base's seq, clock, last uid, version of the room or -1 | the room
/// </code>
/// A room that has ended, or was never started, is not stored: nothing of it is needed.
/// </remarks>
public static class CursorFormat
{
    /// <summary>The one kind of event.</summary>
    public const ushort EventType = 1;

    /// <summary>The version of events and snapshots.</summary>
    public const ushort Version = 1;

    private const int NoRoom = -1;

    /// <summary>The body of an event.</summary>
    public static byte[] ToStored(IReadOnlyCollection<RoomCursor> cursors)
    {
        var to = new RecordWriter();
        Write(to, cursors);
        return to.ToArray();
    }

    /// <summary>The state of a snapshot.</summary>
    public static byte[] ToStored(IReadOnlyCollection<RoomCursor> cursors, CursorBase known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var room = known.Fold.Room;
        byte[] state = room.IsLive ? RoomStateFormat.ToStored(room) : [];
        var to = new RecordWriter();
        Write(to, cursors);
        to.Number(known.Seq);
        to.Number(known.Fold.Clock);
        to.Number(known.Fold.LastUid);
        to.Number(room.IsLive ? RoomStateFormat.Version : NoRoom);
        byte[] head = to.ToArray();
        byte[] all = new byte[sizeof(int) + head.Length + state.Length];
        BinaryPrimitives.WriteInt32LittleEndian(all, head.Length);
        head.CopyTo(all, sizeof(int));
        state.CopyTo(all, sizeof(int) + head.Length);
        return all;
    }

    /// <summary>What <paramref name="stored"/>, the stream of <paramref name="room"/>, holds.</summary>
    /// <exception cref="EventLogException">It is of a version this server does not know, or makes no sense.</exception>
    public static StoredCursors FromStored(RoomId room, StreamState stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        try
        {
            var found = stored.Snapshot is { } snapshot ? ReadSnapshot(room, snapshot) : new StoredCursors([], null);
            return stored.Events is [.., var newest]
                ? found with { Cursors = ReadCursors(Known(newest.Version, newest.Body)) }
                : found;
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentException)
        {
            throw new EventLogException(
                $"The event log holds webhook cursors that make no sense ({damage.Message}) "
                + "Restore the data path from a backup, or move it away to begin with nothing.",
                damage);
        }
    }

    private static RecordReader Known(ushort version, ReadOnlyMemory<byte> body) => version == Version
        ? new RecordReader(body)
        : throw new InvalidDataException("A newer version of Dais wrote them.");

    private static StoredCursors ReadSnapshot(RoomId room, Snapshot snapshot)
    {
        int length = snapshot.State.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(snapshot.State.Span);
        if (length < 0 || length > snapshot.State.Length - sizeof(int))
        {
            throw new InvalidDataException("It ends too early.");
        }

        var head = Known(snapshot.Version, snapshot.State.Slice(sizeof(int), length));
        var cursors = ReadCursors(head);
        long seq = head.Number();
        long clock = head.Number();
        uint lastUid = (uint)head.Number();
        long version = head.Number();
        head.End();
        var fold = NoticeFold.Unstarted(room, clock, lastUid);
        if (version != NoRoom)
        {
            var state = new Snapshot(seq, (ushort)version, snapshot.State[(sizeof(int) + length)..]);
            fold = fold with { Room = RoomStateFormat.FromStored(room, fold.Room.Options, state) };
        }

        return new StoredCursors(cursors, new CursorBase(seq, fold));
    }

    private static void Write(RecordWriter to, IReadOnlyCollection<RoomCursor> cursors) => to.Each(cursors, static (each, cursor) =>
    {
        each.Text(cursor.EndpointId);
        each.Number(cursor.Seq);
        each.Number(cursor.Done);
    });

    private static ImmutableArray<RoomCursor> ReadCursors(RecordReader from) =>
        [.. from.Each(static each => new RoomCursor(each.Text(), each.Number(), each.Whole()))];
}

using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Server.Storage;

namespace Dais.Server.Rooms.Log;

/// <summary>A whole room as the log's snapshots store it, field by field. Its id and the server's options are not part of it.</summary>
public static class RoomStateFormat
{
    /// <summary>The version that is written.</summary>
    public const ushort Version = 3;

    /// <summary>Before there were messages.</summary>
    private const ushort Silent = 2;

    /// <summary>Before rooms could be connected.</summary>
    private const ushort Unconnected = 1;

    /// <summary>The state of <paramref name="room"/>.</summary>
    public static byte[] ToStored(Room room)
    {
        var to = new RecordWriter();
        StoredEnums.Phase.Write(to, room.Phase);
        to.Write(room.Owner);
        to.Write(room.Settings);
        to.Write(room.CreatedAt);
        to.WriteOptional(room.HostReturnBy);

        // In an order of their own, so that the same room is always the same bytes.
        to.Each([.. room.Members.Values.OrderBy(member => member.JoinNumber)], StoredValues.Write);
        to.Each([.. room.Admins.OrderBy(admin => admin.Value, StringComparer.Ordinal)], StoredValues.Write);
        to.Each(room.Seats, StoredValues.Write);
        to.Each(InOrder(room.Applications), StoredValues.Write);
        to.Each(InOrder(room.Invitations), StoredValues.Write);
        to.Each(room.Stage, StoredValues.Write);
        to.Write(room.Canvas);
        to.Number(room.JoinCount);
        to.Bool(room.AudienceChanged);
        to.Write(room.AudienceCountedAt);
        to.Each(InOrder(room.SentHostRequests), StoredConnections.Write);
        to.Each(InOrder(room.ReceivedHostRequests), StoredConnections.Write);
        to.WriteOptional(room.Connection);
        to.WriteMessages(room);
        return to.ToArray();
    }

    /// <summary>The room called <paramref name="id"/> as <paramref name="snapshot"/> holds it.</summary>
    /// <exception cref="EventLogException">It is of a version this server does not know, or makes no sense.</exception>
    public static Room FromStored(RoomId id, RoomOptions options, Snapshot snapshot)
    {
        if (snapshot.Version is not (Version or Silent or Unconnected))
        {
            throw new EventLogException(
                $"The event log holds a room in version {snapshot.Version}, which this version of Dais does not know. "
                + "Start the version that wrote it, or move the data path away to begin with nothing.");
        }

        try
        {
            var from = new RecordReader(snapshot.State);
            var room = Read(from, Room.Unstarted(id, options));
            room = snapshot.Version >= Silent ? ReadConnections(from, room) : room;
            room = snapshot.Version >= Version ? from.ReadMessages(room) : room;
            from.End();
            return room;
        }
        catch (Exception damage) when (damage is InvalidDataException or ArgumentException)
        {
            throw new EventLogException(
                $"The event log holds a room that makes no sense ({damage.Message}) "
                + "Restore the data path from a backup, or move it away to begin with nothing.",
                damage);
        }
    }

    // The initialisers run in the order they are written in, which is the order of the fields.
    private static Room Read(RecordReader from, Room unstarted)
    {
        var begun = unstarted with
        {
            Phase = StoredEnums.Phase.Read(from),
            Owner = from.User(),
            Settings = from.RoomSettings(),
            CreatedAt = from.Time(),
            HostReturnBy = from.OptionalTime(),
        };
        return begun.WithMembers(from.Each(StoredValues.Member)) with
        {
            Admins = [.. from.Each(StoredValues.UserId)],
            Seats = [.. from.Each(StoredValues.Seat)],
            Applications = Requests(from),
            Invitations = Requests(from),
            Stage = [.. from.Each(StoredValues.StageEntry)],
            Canvas = from.Canvas(),
            JoinCount = from.Number(),
            AudienceChanged = from.Bool(),
            AudienceCountedAt = from.Time(),
        };
    }

    private static Room ReadConnections(RecordReader from, Room room) => room with
    {
        SentHostRequests = from.Each(StoredConnections.HostRequest).ToImmutableDictionary(request => request.To.RoomId),
        ReceivedHostRequests = from.Each(StoredConnections.HostRequest).ToImmutableDictionary(request => request.From.RoomId),
        Connection = from.OptionalConnection(),
    };

    private static HostRequest[] InOrder(ImmutableDictionary<RoomId, HostRequest> requests) =>
        [.. requests.OrderBy(request => request.Key, RoomId.Order).Select(request => request.Value)];

    private static SeatRequest[] InOrder(ImmutableDictionary<UserId, SeatRequest> requests) =>
        [.. requests.Values.OrderBy(request => request.User.Id.Value, StringComparer.Ordinal)];

    private static ImmutableDictionary<UserId, SeatRequest> Requests(RecordReader from) =>
        from.Each(StoredValues.SeatRequest).ToImmutableDictionary(request => request.User.Id);
}

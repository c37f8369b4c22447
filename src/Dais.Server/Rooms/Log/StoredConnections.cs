using Dais.Rooms;
using Dais.Rooms.Connections;

namespace Dais.Server.Rooms.Log;

/// <summary>The values that stored connections of rooms are made of, field by field.</summary>
internal static class StoredConnections
{
    internal static void Write(this RecordWriter to, RoomId id) => to.Text(id.Value);

    internal static RoomId RoomId(this RecordReader from) => new(from.Text());

    internal static void Write(this RecordWriter to, RoomHost room)
    {
        to.Write(room.RoomId);
        to.Write(room.Host);
    }

    internal static RoomHost RoomHost(this RecordReader from) => new(from.RoomId(), from.User());

    internal static void Write(this RecordWriter to, DepartedHost departed)
    {
        to.Write(departed.Host);
        StoredEnums.HostLeave.Write(to, departed.Reason);
    }

    internal static DepartedHost DepartedHost(this RecordReader from) => new(from.RoomHost(), StoredEnums.HostLeave.Read(from));

    internal static void Write(this RecordWriter to, HostRequest request)
    {
        to.Text(request.Id.Value);
        to.Write(request.From);
        to.Write(request.To);
        to.Number(request.LayoutTemplateId);
        to.Text(request.ExtraInfo);
        to.Write(request.CreatedAt);
        to.Write(request.ExpiresAt);
    }

    internal static HostRequest HostRequest(this RecordReader from) => new(
        new RequestId(from.Text()),
        from.RoomHost(),
        from.RoomHost(),
        from.Whole(),
        from.Text(),
        from.Time(),
        from.Time());

    internal static void Write(this RecordWriter to, ConnectedRoom room)
    {
        to.Write(room.RoomId);
        to.Write(room.Facts.User);
        to.WriteOptional(room.Facts.SeatIndex);
        StoredEnums.Device.Write(to, room.Facts.Microphone);
        StoredEnums.Device.Write(to, room.Facts.Camera);
        to.WriteOptional(room.Slot);
    }

    internal static ConnectedRoom ConnectedRoom(this RecordReader from) => new(
        from.RoomId(),
        new HostFacts(from.User(), from.OptionalWhole(), StoredEnums.Device.Read(from), StoredEnums.Device.Read(from)),
        from.OptionalWhole());

    internal static void WriteOptional(this RecordWriter to, HostConnection? connection)
    {
        to.Bool(connection is not null);
        if (connection is not null)
        {
            to.Text(connection.Id.Value);
            to.Number(connection.LayoutTemplateId);
            to.Number(connection.Version);
            to.Each(connection.Members, Write);
            to.Each(connection.MutedRooms, Write);
        }
    }

    internal static HostConnection? OptionalConnection(this RecordReader from) => from.Bool()
        ? new HostConnection(
            new LinkId(from.Text()),
            from.Whole(),
            from.Number(),
            [.. from.Each(ConnectedRoom)],
            [.. from.Each(RoomId)])
        : null;

    private static void WriteOptional(this RecordWriter to, int? value)
    {
        to.Bool(value is not null);
        if (value is { } given)
        {
            to.Number(given);
        }
    }

    private static int? OptionalWhole(this RecordReader from) => from.Bool() ? from.Whole() : null;
}

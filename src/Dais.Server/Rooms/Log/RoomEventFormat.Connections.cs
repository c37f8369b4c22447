using Dais.Rooms;

namespace Dais.Server.Rooms.Log;

public static partial class RoomEventFormat
{
    private static ushort? WriteConnections(RecordWriter to, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.HostRequested requested:
                to.Write(requested.Request);
                return 30;
            case RoomEvent.HostRequestEnded ended:
                to.Write(ended.Request);
                StoredEnums.Outcome.Write(to, ended.Outcome);
                StoredEnums.Error.WriteOptional(to, ended.Error);
                return 31;
            case RoomEvent.ConnectionChanged changed:
                to.WriteOptional(changed.Connection);
                to.Each(changed.Joined, StoredConnections.Write);
                to.Each(changed.Left, StoredConnections.Write);
                return 32;
            case RoomEvent.RemoteHostUpdated updated:
                to.Write(updated.Remote);
                return 33;
            default:
                return null;
        }
    }

    private static RoomEvent? ReadConnections(ushort type, RecordReader from) => type switch
    {
        30 => new RoomEvent.HostRequested(from.HostRequest()),
        31 => new RoomEvent.HostRequestEnded(
            from.HostRequest(), StoredEnums.Outcome.Read(from), StoredEnums.Error.ReadOptional(from)),
        32 => new RoomEvent.ConnectionChanged(
            from.OptionalConnection(),
            [.. from.Each(StoredConnections.RoomHost)],
            [.. from.Each(StoredConnections.DepartedHost)]),
        33 => new RoomEvent.RemoteHostUpdated(from.ConnectedRoom()),
        _ => null,
    };
}

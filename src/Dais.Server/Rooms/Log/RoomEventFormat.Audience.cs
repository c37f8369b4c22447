using Dais.Rooms;

namespace Dais.Server.Rooms.Log;

public static partial class RoomEventFormat
{
    private static ushort? WriteAudience(RecordWriter to, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.MemberJoined joined:
                to.Write(joined.Member);
                StoredEnums.Announcement.Write(to, joined.To);
                return 10;
            case RoomEvent.MemberReplaced replaced:
                to.Write(replaced.User);
                to.Write(replaced.Replaced);
                to.Write(replaced.Connection);
                StoredEnums.Platform.Write(to, replaced.Platform);
                return 11;
            case RoomEvent.MemberDisconnected disconnected:
                to.Write(disconnected.User);
                to.Write(disconnected.ReturnBy);
                return 12;
            case RoomEvent.MemberReturned returned:
                to.Write(returned.User);
                to.Write(returned.Connection);
                StoredEnums.Platform.Write(to, returned.Platform);
                return 13;
            case RoomEvent.MemberLeft left:
                to.Write(left.Member);
                StoredEnums.MemberLeave.Write(to, left.Reason);
                to.WriteOptional(left.By);
                to.Write(left.At);
                StoredEnums.Announcement.Write(to, left.To);
                return 14;
            case RoomEvent.AudienceCounted counted:
                to.Number(counted.Count);
                to.Write(counted.At);
                return 15;
            case RoomEvent.RoleChanged changed:
                to.Write(changed.User);
                StoredEnums.Role.Write(to, changed.Role);
                return 16;
            case RoomEvent.DevicesChanged devices:
                to.Write(devices.User);
                StoredEnums.Device.Write(to, devices.Microphone);
                StoredEnums.Device.Write(to, devices.Camera);
                return 17;
            default:
                return null;
        }
    }

    private static RoomEvent? ReadAudience(ushort type, RecordReader from) => type switch
    {
        10 => new RoomEvent.MemberJoined(from.Member(), StoredEnums.Announcement.Read(from)),
        11 => new RoomEvent.MemberReplaced(
            from.User(), from.ConnectionId(), from.ConnectionId(), StoredEnums.Platform.Read(from)),
        12 => new RoomEvent.MemberDisconnected(from.User(), from.Time()),
        13 => new RoomEvent.MemberReturned(from.User(), from.ConnectionId(), StoredEnums.Platform.Read(from)),
        14 => new RoomEvent.MemberLeft(
            from.Member(),
            StoredEnums.MemberLeave.Read(from),
            from.OptionalUser(),
            from.Time(),
            StoredEnums.Announcement.Read(from)),
        15 => new RoomEvent.AudienceCounted(from.Whole(), from.Time()),
        16 => new RoomEvent.RoleChanged(from.User(), StoredEnums.Role.Read(from)),
        17 => new RoomEvent.DevicesChanged(from.User(), StoredEnums.Device.Read(from), StoredEnums.Device.Read(from)),
        _ => null,
    };
}

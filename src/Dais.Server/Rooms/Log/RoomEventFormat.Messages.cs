using Dais.Rooms;

namespace Dais.Server.Rooms.Log;

public static partial class RoomEventFormat
{
    private static ushort? WriteMessages(RecordWriter to, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.MessageSent sent:
                to.Write(sent.Message);
                to.Write(sent.FreeAt);
                return 40;
            case RoomEvent.MessageDisabledChanged changed:
                to.Write(changed.User);
                to.Bool(changed.Disabled);
                return 41;
            case RoomEvent.PresenceChanged changed:
                to.Write(changed.User);
                to.Write(changed.State);
                StoredEnums.Announcement.Write(to, changed.To);
                return 42;
            default:
                return null;
        }
    }

    private static RoomEvent? ReadMessages(ushort type, RecordReader from) => type switch
    {
        40 => new RoomEvent.MessageSent(from.Message(), from.Time()),
        41 => new RoomEvent.MessageDisabledChanged(from.User(), from.Bool()),
        42 => new RoomEvent.PresenceChanged(from.User(), from.Pairs(), StoredEnums.Announcement.Read(from)),
        _ => null,
    };
}

using Dais.Rooms;

namespace Dais.Server.Rooms.Log;

public static partial class RoomEventFormat
{
    private static ushort? WriteSeats(RecordWriter to, RoomEvent happened)
    {
        switch (happened)
        {
            case RoomEvent.SeatTaken taken:
                to.Write(taken.User);
                to.Number(taken.SeatIndex);
                to.Number(taken.Slot);
                return 20;
            case RoomEvent.SeatLeft left:
                to.Write(left.User);
                to.Number(left.SeatIndex);
                StoredEnums.SeatLeave.Write(to, left.Reason);
                to.WriteOptional(left.By);
                return 21;
            case RoomEvent.SeatsMoved moved:
                to.Each(moved.Moves, StoredValues.Write);
                to.WriteOptional(moved.By);
                return 22;
            case RoomEvent.SeatLockChanged changed:
                to.Number(changed.SeatIndex);
                to.Bool(changed.Locked);
                to.WriteOptional(changed.By);
                return 23;
            case RoomEvent.Applied applied:
                to.Write(applied.Request);
                return 24;
            case RoomEvent.ApplicationEnded ended:
                to.Write(ended.Request);
                StoredEnums.Outcome.Write(to, ended.Outcome);
                to.WriteOptional(ended.By);
                StoredEnums.Error.WriteOptional(to, ended.Error);
                return 25;
            case RoomEvent.Invited invited:
                to.Write(invited.Request);
                return 26;
            case RoomEvent.InvitationEnded ended:
                to.Write(ended.Request);
                StoredEnums.Outcome.Write(to, ended.Outcome);
                to.WriteOptional(ended.By);
                StoredEnums.Error.WriteOptional(to, ended.Error);
                return 27;
            default:
                return null;
        }
    }

    private static RoomEvent? ReadSeats(ushort type, RecordReader from) => type switch
    {
        20 => new RoomEvent.SeatTaken(from.User(), from.Whole(), from.Whole()),
        21 => new RoomEvent.SeatLeft(from.User(), from.Whole(), StoredEnums.SeatLeave.Read(from), from.OptionalUser()),
        22 => new RoomEvent.SeatsMoved([.. from.Each(StoredValues.SeatMove)], from.OptionalUser()),
        23 => new RoomEvent.SeatLockChanged(from.Whole(), from.Bool(), from.OptionalUser()),
        24 => new RoomEvent.Applied(from.SeatRequest()),
        25 => new RoomEvent.ApplicationEnded(
            from.SeatRequest(), StoredEnums.Outcome.Read(from), from.OptionalUser(), StoredEnums.Error.ReadOptional(from)),
        26 => new RoomEvent.Invited(from.SeatRequest()),
        27 => new RoomEvent.InvitationEnded(
            from.SeatRequest(), StoredEnums.Outcome.Read(from), from.OptionalUser(), StoredEnums.Error.ReadOptional(from)),
        _ => null,
    };
}

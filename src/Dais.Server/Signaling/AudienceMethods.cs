using System.Globalization;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about the members of a room.</summary>
public static class AudienceMethods
{
    private const int PageDefault = 50;

    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.AudienceList, static call => call.InRoomAsync(call.Params.RoomId, List));
        table.Add(Methods.AudienceKick, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.KickMember(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.AudienceSetAdmin, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.SetAdmin(call.Session.UserId, new UserId(call.Params.UserId), call.Params.IsAdmin)));
        table.Add(Methods.AudienceSetMessageDisabled, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.SetMessageDisabled(call.Session.UserId, new UserId(call.Params.UserId), call.Params.Disabled)));
    }

    private static void List(ClientCall<AudienceListParams, AudienceListResult> call, LiveRoom room)
    {
        if (room.State.MemberOf(call.Session.UserId) is null)
        {
            call.Refuse(ErrorCodes.UserNotInRoom);
            return;
        }

        long before = long.MaxValue;
        if (call.Params.Cursor.Length > 0
            && !long.TryParse(call.Params.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            call.Refuse(new CallRefusal(ErrorCodes.InvalidParams, "cursor"));
            return;
        }

        int size = call.Params.Count == 0 ? PageDefault : call.Params.Count;
        var members = room.State.Audience(size + 1, before);
        string next = members.Length > size ? members[size - 1].JoinNumber.ToString(CultureInfo.InvariantCulture) : "";
        call.Reply(new AudienceListResult(
            [
                .. members.Take(size).Select(member => room.State.ToWire(member)),
            ],
            room.State.AudienceCount,
            next));
    }
}

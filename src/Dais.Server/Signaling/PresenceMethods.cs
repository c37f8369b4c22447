using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about what members let others know of them, and where users are.</summary>
public static class PresenceMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.PresenceSetState, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.SetPresence(call.Session.UserId, call.Params.State.WithComparers(StringComparer.Ordinal))));
        table.Add(Methods.PresenceGetState, static call => call.InRoomAsync(call.Params.RoomId, GetState));
        table.Add(Methods.PresenceWhereIs, WhereIs);
    }

    private static void GetState(ClientCall<RoomUserParams, PresenceState> call, LiveRoom room)
    {
        if (room.State.MemberOf(call.Session.UserId) is null || room.State.MemberOf(new UserId(call.Params.UserId)) is not { } member)
        {
            call.Refuse(ErrorCodes.UserNotInRoom);
            return;
        }

        call.Reply(new PresenceState(member.User.ToWire(), room.State.PresenceStates.Of(member.User.Id)));
    }

    private static ValueTask WhereIs(ClientCall<PresenceWhereIsParams, PresenceWhereIsResult> call)
    {
        var user = call.Session.UserId;
        if (call.Params.UserId is { } other && other != user.Value)
        {
            call.Refuse(ErrorCodes.NoPermission);
        }
        else
        {
            call.Reply(new PresenceWhereIsResult(call.Session.Signaling.Rooms.Places.Of(user)));
        }

        return ValueTask.CompletedTask;
    }
}

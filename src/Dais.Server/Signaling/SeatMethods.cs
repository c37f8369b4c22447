using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about seats and who comes on stage.</summary>
public static class SeatMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.SeatApply, static call => call.InRoomAsync(call.Params.RoomId, Apply));
        table.Add(Methods.SeatCancelApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.CancelApplication(call.Session.UserId)));
        table.Add(Methods.SeatAcceptApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.AcceptApplication(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.SeatRejectApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.RejectApplication(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.SeatLeave, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.LeaveSeat(call.Session.UserId)));
        table.Add(Methods.SeatKick, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.KickOffSeat(call.Session.UserId, new UserId(call.Params.UserId))));
    }

    private static void Apply(ClientCall<SeatApplyParams, SeatApplyResult> call, LiveRoom room)
    {
        var decision = room.Execute(new RoomCommand.ApplyForSeat(
            call.Session.UserId,
            call.Params.SeatIndex,
            TimeSpan.FromSeconds(call.Params.Timeout),
            new RequestId(RandomIds.Id()),
            call.Params.ExtraInfo));
        if (decision.Error is { } error)
        {
            call.Refuse(error.ToWire());
            return;
        }

        call.Reply(new SeatApplyResult(decision.Request?.Value, decision.Seated));
    }
}

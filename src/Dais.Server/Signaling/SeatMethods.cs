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
        AddApplications(table);
        AddInvitations(table);
        AddSeats(table);
        AddOrders(table);
    }

    private static void AddApplications(MethodTable.Builder table)
    {
        table.Add(Methods.SeatApply, static call => call.InRoomAsync(call.Params.RoomId, Apply));
        table.Add(Methods.SeatCancelApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.CancelApplication(call.Session.UserId)));
        table.Add(Methods.SeatAcceptApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.AcceptApplication(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.SeatRejectApplication, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.RejectApplication(call.Session.UserId, new UserId(call.Params.UserId))));
    }

    private static void AddInvitations(MethodTable.Builder table)
    {
        table.Add(Methods.SeatInvite, static call => call.InRoomAsync(call.Params.RoomId, Invite));
        table.Add(Methods.SeatCancelInvitation, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.CancelInvitation(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.SeatAcceptInvitation, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.AcceptInvitation(call.Session.UserId)));
        table.Add(Methods.SeatRejectInvitation, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.RejectInvitation(call.Session.UserId)));
    }

    private static void AddSeats(MethodTable.Builder table)
    {
        table.Add(Methods.SeatTake, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.TakeSeat(call.Session.UserId, call.Params.SeatIndex)));
        table.Add(Methods.SeatLeave, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.LeaveSeat(call.Session.UserId)));
        table.Add(Methods.SeatKick, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.KickOffSeat(call.Session.UserId, new UserId(call.Params.UserId))));
        table.Add(Methods.SeatMove, static call => call.ExecuteAsync(call.Params.RoomId, new RoomCommand.MoveSeat(
            call.Session.UserId,
            call.Params.UserId is { } user ? new UserId(user) : call.Session.UserId,
            call.Params.SeatIndex,
            call.Params.Policy.ToDomain())));
    }

    private static void AddOrders(MethodTable.Builder table)
    {
        table.Add(Methods.SeatLock, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.LockSeat(call.Session.UserId, call.Params.SeatIndex, Locked: true)));
        table.Add(Methods.SeatUnlock, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.LockSeat(call.Session.UserId, call.Params.SeatIndex, Locked: false)));
        table.Add(Methods.SeatSetDevice, static call => call.ExecuteAsync(call.Params.RoomId, new RoomCommand.OrderDevices(
            call.Session.UserId,
            new UserId(call.Params.UserId),
            call.Params.Microphone.ToDomain(),
            call.Params.Camera.ToDomain())));
        table.Add(Methods.SeatSetMode, static call => call.ExecuteAsync(call.Params.RoomId, new RoomCommand.Update(
            call.Session.UserId, new RoomChanges { SeatMode = call.Params.SeatMode.ToDomain() })));
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

    private static void Invite(ClientCall<SeatInviteParams, SeatInviteResult> call, LiveRoom room)
    {
        var decision = room.Execute(new RoomCommand.InviteToSeat(
            call.Session.UserId,
            new UserId(call.Params.UserId),
            call.Params.SeatIndex,
            TimeSpan.FromSeconds(call.Params.Timeout),
            new RequestId(RandomIds.Id()),
            call.Params.ExtraInfo));
        if (decision.Error is { } error)
        {
            call.Refuse(error.ToWire());
            return;
        }

        call.Reply(new SeatInviteResult(decision.Request!.Value.Value, decision.Seated));
    }
}

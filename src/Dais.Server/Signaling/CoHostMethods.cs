using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about hosts of different rooms.</summary>
public static class CoHostMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.CoHostRequest, static call => call.ExecuteAsync(call.Params.RoomId, RequestOf(call), Reply));
        table.Add(Methods.CoHostCancel, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.CancelConnectionRequest(call.Session.UserId, new RoomId(call.Params.TargetRoomId))));
        table.Add(Methods.CoHostAccept, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.AcceptConnection(
                call.Session.UserId, new RoomId(call.Params.FromRoomId), new LinkId(RandomIds.Id()))));
        table.Add(Methods.CoHostReject, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.RejectConnection(call.Session.UserId, new RoomId(call.Params.FromRoomId))));
        table.Add(Methods.CoHostExit, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.ExitConnection(call.Session.UserId)));
        table.Add(Methods.CoHostCandidates, static call => call.InRoomAsync(call.Params.RoomId, List));
        table.Add(Methods.CoHostMuteRemoteAudio, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.MuteRemoteAudio(
                call.Session.UserId, new RoomId(call.Params.RemoteRoomId), call.Params.Muted)));
    }

    private static RoomCommand.RequestConnection RequestOf(ClientCall<CoHostRequestParams, CoHostRequestResult> call) => new(
        call.Session.UserId,
        [
            .. call.Params.TargetRoomIds.Select(target => new HostRequestTarget(
                new RoomId(target), new RequestId(RandomIds.Id()))),
        ],
        call.Params.LayoutTemplateId,
        TimeSpan.FromSeconds(call.Params.Timeout),
        call.Params.ExtraInfo,
        new LinkId(RandomIds.Id()));

    private static void Reply(ClientCall<CoHostRequestParams, CoHostRequestResult> call, Decision decision)
    {
        if (decision.Error is { } error)
        {
            call.Refuse(error.ToWire());
            return;
        }

        call.Reply(new CoHostRequestResult(decision.Results.ToImmutableSortedDictionary(
            result => result.Key.Value, result => (int)result.Value, StringComparer.Ordinal)));
    }

    private static void List(ClientCall<CoHostCandidatesParams, CoHostCandidatesResult> call, LiveRoom room)
    {
        var state = room.State;
        if (state.MemberOf(call.Session.UserId) is not { } member)
        {
            call.Refuse(ErrorCodes.UserNotInRoom);
            return;
        }

        if (!member.MayModerate)
        {
            call.Refuse(ErrorCodes.NoPermission);
            return;
        }

        if (call.Session.Signaling.Rooms.List(call.Params.Cursor, fits: IsCandidate) is not { } page)
        {
            call.Refuse(new CallRefusal(ErrorCodes.InvalidParams, "cursor"));
            return;
        }

        call.Reply(new CoHostCandidatesResult(
            [.. page.Rooms.Select(info => new CoHostCandidate(info.RoomId, info.Owner, info.AudienceCount))], page.Cursor));

        bool IsCandidate(RoomInfo info)
        {
            var id = new RoomId(info.RoomId);
            return id != state.Id && !state.SentHostRequests.ContainsKey(id) && state.Connection?.MemberOf(id) is null;
        }
    }
}

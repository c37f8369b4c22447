using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Signaling;

/// <summary>The methods about rooms as a whole.</summary>
public static class RoomMethods
{
    /// <summary>
    /// A start that meets a room just ending tries again; more often than this it does not happen by chance.
    /// </summary>
    private const int StartAttemptsMax = 3;

    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.RoomStart, StartAsync);
        table.Add(Methods.RoomJoin, JoinAsync);
        table.Add(Methods.RoomLeave, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.Leave(call.Session.UserId, call.Session.ConnectionId)));
        table.Add(Methods.RoomEnd, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.EndRoom(call.Session.UserId)));
        table.Add(Methods.RoomUpdate, static call => call.ExecuteAsync(
            call.Params.RoomId, new RoomCommand.Update(call.Session.UserId, ChangesOf(call.Params))));
        table.Add(Methods.RoomList, List);
    }

    private static async ValueTask StartAsync(ClientCall<RoomStartParams, RoomEntered> call)
    {
        string roomId = call.Params.RoomId;
        if (!call.Session.Caller.MayStart(roomId))
        {
            call.Refuse(ErrorCodes.NoPermission);
            return;
        }

        for (int attempt = 0; attempt < StartAttemptsMax; attempt++)
        {
            if (call.Session.Signaling.Rooms.FindOrCreate(roomId) is not { } runner)
            {
                call.Refuse(ErrorCodes.LimitReached);
                return;
            }

            if (await runner.InvokeAsync(room => call.Run(Start, room)))
            {
                return;
            }
        }

        call.Refuse(ErrorCodes.InternalError);
    }

    private static void Start(ClientCall<RoomStartParams, RoomEntered> call, LiveRoom room)
    {
        var session = call.Session;
        var owner = session.Caller.User.ToDomain();
        var platform = (ClientPlatform)session.Caller.Platform;
        bool isLive = room.State.IsLive;
        if (isLive && room.State.Owner.Id != owner.Id)
        {
            call.Refuse(ErrorCodes.RoomIdTaken);
            return;
        }

        var refusal = room.Enter(session, call.From.Connection, isLive
            ? new RoomCommand.Join(owner, session.ConnectionId, platform)
            : new RoomCommand.Start(owner, SettingsOf(call.Params), session.ConnectionId, platform));
        if (refusal is null)
        {
            call.Reply(room.EnteredBy(session));
            return;
        }

        if (!room.State.IsLive)
        {
            room.Abandon();
        }

        call.Refuse(refusal);
    }

    private static ValueTask JoinAsync(ClientCall<RoomJoinParams, RoomEntered> call)
    {
        if (!call.Session.Caller.MayEnter(call.Params.RoomId))
        {
            call.Refuse(ErrorCodes.BadToken);
            return ValueTask.CompletedTask;
        }

        return call.InRoomAsync(call.Params.RoomId, Join);
    }

    private static void Join(ClientCall<RoomJoinParams, RoomEntered> call, LiveRoom room)
    {
        // 1. A bad offer refuses the whole call, before anybody hears of the join.
        var session = call.Session;
        Negotiated<SubscriberAnswer>? answered = null;
        if (call.Params.Offer is { } offer
            && (answered = room.Media.AnswerSubscriber(session.UserId, offer, out var badOffer)) is null)
        {
            call.Refuse(badOffer!);
            return;
        }

        // 2. The room decides.
        if (room.Enter(session, call.From.Connection, JoinOf(session)) is { } refusal)
        {
            call.Refuse(refusal);
            return;
        }

        // 3. What was prepared is used, unless the client wants another connection. The worker waits for the client before the client has the answer.
        bool isPrepared = answered is null && room.Media.Admit(session);
        bool isOpen = answered is not null && room.Media.Open(session.UserId, answered);
        room.Media.DropPrepared(session);
        call.Reply(room.EnteredBy(session, isOpen ? answered!.Answer.Sdp : null, isPrepared));
    }

    /// <summary>How the client of <paramref name="session"/> asks to be let in.</summary>
    public static RoomCommand.Join JoinOf(ClientSession session)
    {
        var identity = session.Caller;
        return new(identity.User.ToDomain(), session.ConnectionId, (ClientPlatform)identity.Platform, identity.IsAdmin);
    }

    private static ValueTask List(ClientCall<RoomListParams, RoomListResult> call)
    {
        if (call.Session.Signaling.Rooms.List(call.Params.Cursor, call.Params.Count) is { } page)
        {
            call.Reply(page);
        }
        else
        {
            call.Refuse(new CallRefusal(ErrorCodes.InvalidParams, "cursor"));
        }

        return ValueTask.CompletedTask;
    }

    private static RoomSettings SettingsOf(RoomStartParams start) => new()
    {
        Name = start.Name,
        Notice = start.Notice,
        CoverUrl = start.CoverUrl,
        SeatLayoutTemplateId = start.SeatLayoutTemplateId,
        MaxSeats = start.MaxSeats,
        SeatMode = start.SeatMode.ToDomain(),
        KeepOwnerOnSeat = start.KeepOwnerOnSeat,
        IsPublic = start.IsPublic,
        AllowGuestsWhileConnected = start.AllowGuestsWhileConnected,
        Metadata = Ordinal(start.Metadata) ?? new RoomSettings().Metadata,
        MessagesDisabled = start.MessagesDisabled,
    };

    private static RoomChanges ChangesOf(RoomUpdateParams update) => new()
    {
        Name = update.Name,
        Notice = update.Notice,
        CoverUrl = update.CoverUrl,
        SeatLayoutTemplateId = update.SeatLayoutTemplateId,
        Metadata = Ordinal(update.Metadata),
        MessagesDisabled = update.MessagesDisabled,
    };

    /// <summary>Keys are compared as bytes, whatever the reader of the JSON compares them by.</summary>
    private static ImmutableSortedDictionary<string, string>? Ordinal(ImmutableSortedDictionary<string, string>? metadata) =>
        metadata?.WithComparers(StringComparer.Ordinal);
}

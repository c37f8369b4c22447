using Dais.Protocol;
using Dais.Rooms;
using Dais.Rtc.Rtp;
using Dais.Server.Media;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The methods about media: each offer of a browser gets the server's answer.</summary>
public static class MediaMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.MediaSubscribe, static call => call.InRoomAsync(call.Params.RoomId, Subscribe));
        table.Add(Methods.MediaPrepare, PrepareAsync);
        table.Add(Methods.MediaPublish, static call => call.InRoomAsync(call.Params.RoomId, Publish));
        table.Add(Methods.MediaUnpublish, static call => call.InRoomAsync(call.Params.RoomId, Unpublish));
        table.Add(Methods.MediaSetMuted, static call => call.ExecuteAsync(
            call.Params.RoomId,
            new RoomCommand.SetDevices(call.Session.UserId, !call.Params.Microphone, !call.Params.Camera)));
        table.Add(Methods.MediaPrefer, static call => call.InRoomAsync(call.Params.RoomId, Prefer));
    }

    private static void Subscribe(ClientCall<MediaOfferParams, MediaAnswer> call, LiveRoom room)
    {
        if (!IsMember(call, room))
        {
            return;
        }

        var user = call.Session.UserId;
        if (room.Media.AnswerSubscriber(user, call.Params.Offer, out var refusal) is not { } answered)
        {
            call.Refuse(refusal!);
            return;
        }

        Answer(call, room.Media.Open(user, answered), answered.Answer.Sdp);
    }

    private static async ValueTask PrepareAsync(ClientCall<MediaOfferParams, MediaAnswer> call)
    {
        var session = call.Session;
        if (!session.Caller.MayEnter(call.Params.RoomId))
        {
            call.Refuse(ErrorCodes.BadToken);
            return;
        }

        await call.InRoomAsync(call.Params.RoomId, Prepare);
        while (session.PreparedRooms.TryFindExcess(out var oldest))
        {
            if (!await oldest.InvokeAsync(room => room.Media.DropPrepared(session)))
            {
                session.PreparedRooms.Remove(oldest);
            }
        }
    }

    private static void Prepare(ClientCall<MediaOfferParams, MediaAnswer> call, LiveRoom room)
    {
        var session = call.Session;
        if (room.SessionOf(session.UserId) == session && room.State.MemberOf(session.UserId) is not null)
        {
            // It is let in already: there is nothing to wait for.
            Subscribe(call, room);
        }
        else if (room.TryEnter(session, call.From.Connection, RoomMethods.JoinOf(session)) is { } notNow)
        {
            call.Refuse(notNow);
        }
        else if (room.Media.AnswerPreparation(session, call.Params.Offer, out var badOffer) is { } answered)
        {
            Answer(call, room.Media.Prepare(session, call.From.Connection, answered), answered.Answer.Sdp);
        }
        else
        {
            call.Refuse(badOffer!);
        }
    }

    private static void Publish(ClientCall<MediaOfferParams, MediaAnswer> call, LiveRoom room)
    {
        if (!IsMember(call, room))
        {
            return;
        }

        var user = call.Session.UserId;
        if (room.Media.AnswerPublisher(user, call.Params.Offer, out var refusal) is not { } answered)
        {
            call.Refuse(refusal!);
            return;
        }

        bool isOpen = room.Media.Open(user, answered);
        if (isOpen && answered.Change == TransportChange.New)
        {
            // A locked device stays locked; its packets are not forwarded, and the answer is the same.
            room.Execute(new RoomCommand.SetDevices(
                user, RoomMedia.Has(answered.Answer, TrackKind.Audio), RoomMedia.Has(answered.Answer, TrackKind.Video)));
        }

        Answer(call, isOpen, answered.Answer.Sdp);
    }

    private static void Unpublish(ClientCall<RoomParams, EmptyResult> call, LiveRoom room)
    {
        // The others hear that nothing comes any more before it stops coming.
        var decision = room.Execute(new RoomCommand.SetDevices(call.Session.UserId, Microphone: false, Camera: false));
        if (decision.Error is null)
        {
            room.Media.Unpublish(call.Session.UserId);
        }

        call.ReplyTo(decision);
    }

    private static void Prefer(ClientCall<MediaPreferParams, EmptyResult> call, LiveRoom room)
    {
        if (!IsMember(call, room))
        {
            return;
        }

        room.Media.Prefer(call.Session.UserId, call.Params.Slots);
        call.Reply(new EmptyResult());
    }

    private static bool IsMember<TParams, TResult>(ClientCall<TParams, TResult> call, LiveRoom room)
        where TParams : class, IParams
        where TResult : class
    {
        if (room.State.MemberOf(call.Session.UserId) is not null)
        {
            return true;
        }

        call.Refuse(ErrorCodes.UserNotInRoom);
        return false;
    }

    private static void Answer(ClientCall<MediaOfferParams, MediaAnswer> call, bool isOpen, string sdp)
    {
        if (isOpen)
        {
            call.Reply(new MediaAnswer(sdp));
        }
        else
        {
            call.Refuse(ErrorCodes.LimitReached);
        }
    }
}

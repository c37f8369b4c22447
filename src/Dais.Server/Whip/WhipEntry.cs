using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rtc.Rtp;
using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using SeatRequest = Dais.Rooms.Guests.SeatRequest;

namespace Dais.Server.Whip;

/// <summary>How a session comes into a room, in the room's loop: nothing has happened when it is refused.</summary>
internal static class WhipEntry
{
    /// <summary>Lets a client publish; gives the answer, or why not.</summary>
    public static (string? Answer, Problem? Refusal) Publish(LiveRoom room, WhipSession session, WhipOffer offer)
    {
        // 1. A bad offer is refused before anybody hears of its sender.
        var user = session.Session.UserId;
        var answered = room.Media.AnswerPublisher(user, offer.Sdp, out var badOffer, isNew: true);
        if ((answered is null ? WhipOffer.Refuse(badOffer!) : offer.RefusalUnlessWhole(answered.Answer.Tracks.DistinctBy(track => track.Mid).Count())) is { } unusable)
        {
            return Refuse(room, unusable);
        }

        // 2. A place on stage.
        if (TakePlace(room, session, offer) is { } refusal)
        {
            return Refuse(room, refusal);
        }

        // 3. The worker waits for the client before the client has the answer.
        if (!room.Media.Open(user, answered!, session))
        {
            room.Drop(session.Session, session.Session.Connection, mayReturn: false);
            return (null, Problem.Of(ErrorCodes.LimitReached));
        }

        session.Begin(room.Owner, answered!.Transport, answered.Answer.Sdp);
        room.Execute(new RoomCommand.SetDevices(
            user, RoomMedia.Has(answered.Answer, TrackKind.Audio), RoomMedia.Has(answered.Answer, TrackKind.Video)));
        return (answered.Answer.Sdp, null);
    }

    /// <summary>Lets a client watch; gives the answer, or why not.</summary>
    public static (string? Answer, Problem? Refusal) Watch(LiveRoom room, WhipSession session, WhipOffer offer)
    {
        if (offer.Seat >= room.State.Seats.Length)
        {
            return (null, Problem.Of(ErrorCodes.NoSuchSeat, "seat"));
        }

        var answered = room.Media.AnswerViewer(offer.Sdp, out var badOffer);
        int taken = answered?.Answer.Slots is [var slot] ? (slot.Audio is null ? 0 : 1) + (slot.Video is null ? 0 : 1) : 0;
        if ((answered is null ? WhipOffer.Refuse(badOffer!) : offer.RefusalUnlessWhole(taken)) is { } unusable)
        {
            return (null, unusable);
        }

        var user = session.Session.UserId;
        bool isHere = room.SessionOf(user) is { } present && (present.HasSignaling || room.State.MemberOf(user)?.ReturnBy is null);
        if (!isHere && room.Enter(session.Session, session.Session.Connection, JoinOf(session)) is { } refusal)
        {
            return (null, WhipOffer.Refuse(refusal));
        }

        if (!room.Media.Open(user, new StageView(offer.Seat), answered!, session))
        {
            room.Drop(session.Session, session.Session.Connection, mayReturn: false);
            return (null, Problem.Of(ErrorCodes.LimitReached));
        }

        session.Begin(room.Owner, answered!.Transport, answered.Answer.Sdp);
        return (answered.Answer.Sdp, null);
    }

    private static Problem? TakePlace(LiveRoom room, WhipSession session, WhipOffer offer)
    {
        var client = session.Session;
        var user = client.UserId;
        var state = room.State;
        bool mayStart = client.Caller.MayStart(offer.RoomId);
        if (!state.IsLive)
        {
            // 1. The host goes live.
            return !mayStart
                ? Problem.Of(ErrorCodes.RoomNotFound)
                : ProblemOf(room.Enter(client, client.Connection, new RoomCommand.Start(
                    client.Caller.User.ToDomain(), new RoomSettings(), client.ConnectionId, ClientPlatform.Other)));
        }

        // 2. The host or somebody on stage; or somebody who asks for a seat they can have.
        bool isOwner = state.Owner.Id == user;
        int? seat = offer.Seat ?? (isOwner ? SeatRequest.AnySeat : null);
        if (isOwner && !mayStart)
        {
            return Problem.Of(ErrorCodes.NoPermission, detail: "The token does not let its user host.");
        }

        if (state.SeatOf(user) is null)
        {
            if (seat is null)
            {
                return Problem.Of(ErrorCodes.NoPermission, detail: "The user is not on stage; ?seat=any asks for a seat in rooms that let everybody sit down.");
            }

            if (room.TrySit(user, JoinOf(session), seat.Value) is { } error)
            {
                return Problem.Of(error.ToWire(), error == RoomError.NoSuchSeat ? "seat" : null);
            }
        }

        // 3. Whoever is here with a connection that is told things stays here by that one.
        if (room.SessionOf(user) is not { HasSignaling: true }
            && room.Enter(client, client.Connection, JoinOf(session)) is { } refusal)
        {
            return ProblemOf(refusal);
        }

        return room.State.SeatOf(user) is null && room.Execute(new RoomCommand.TakeSeat(user, seat!.Value)).Error is { } late
            ? Problem.Of(late.ToWire())
            : null;
    }

    private static RoomCommand.Join JoinOf(WhipSession session)
    {
        var client = session.Session;
        return new RoomCommand.Join(client.Caller.User.ToDomain(), client.ConnectionId, ClientPlatform.Other, client.Caller.IsAdmin);
    }

    private static Problem? ProblemOf(CallRefusal? refusal) =>
        refusal is null ? null : Problem.Of(refusal.Code, refusal.Field, refusal.Detail);

    private static (string? Answer, Problem? Refusal) Refuse(LiveRoom room, Problem refusal)
    {
        if (!room.State.IsLive)
        {
            room.Abandon();
        }

        return (null, refusal);
    }
}

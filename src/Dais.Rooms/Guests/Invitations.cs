using Dais.Rooms.Audience;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Guests;

/// <summary>Being asked to a seat.</summary>
internal static class Invitations
{
    internal static RoomError? Invite(Draft draft, RoomCommand.InviteToSeat command)
    {
        var room = draft.Room;
        if (Permissions.RequireModerator(room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        if (room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (room.SeatOf(command.User) is not null)
        {
            return RoomError.AlreadySeated;
        }

        if (room.Applications.TryGetValue(command.User, out var application))
        {
            // They crossed: both sides want the same, so inviting is accepting.
            return Seating.CheckWish(room, application, command.SeatIndex)
                ?? Applications.Accept(draft, application, application.SeatOr(command.SeatIndex), by);
        }

        if (room.Invitations.TryGetValue(command.User, out var open))
        {
            draft.Request = open.Id;
            return null;
        }

        if (Seating.Find(room, command.User, command.SeatIndex, out _) is { } obstacle)
        {
            return obstacle;
        }

        if (RequestLimits.Check(room, room.Invitations.Count, command.ExtraInfo) is { } limit)
        {
            return limit;
        }

        draft.Happen(new RoomEvent.Invited(new SeatRequest(
            command.RequestId,
            member.User,
            by,
            command.SeatIndex,
            draft.Now,
            RequestLimits.Deadline(draft.Now, command.Timeout),
            command.ExtraInfo)));
        draft.Request = command.RequestId;
        return null;
    }

    internal static RoomError? Cancel(Draft draft, RoomCommand.CancelInvitation command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        return End(draft, command.User, RequestOutcome.Cancelled, by) ? null : RoomError.NoSuchRequest;
    }

    internal static RoomError? Accept(Draft draft, RoomCommand.AcceptInvitation command)
    {
        if (draft.Room.MemberOf(command.User) is null)
        {
            return RoomError.UserNotInRoom;
        }

        return draft.Room.Invitations.TryGetValue(command.User, out var request)
            ? Accept(draft, request, request.SeatIndex)
            : RoomError.NoSuchRequest;
    }

    internal static RoomError? Reject(Draft draft, RoomCommand.RejectInvitation command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        return End(draft, command.User, RequestOutcome.Rejected, member.User) ? null : RoomError.NoSuchRequest;
    }

    /// <summary>Seats an invitee, or ends the invitation as failed when there is no seat.</summary>
    /// <param name="draft">The decision.</param>
    /// <param name="request">The invitation.</param>
    /// <param name="seatIndex">The seat.</param>
    internal static RoomError? Accept(Draft draft, SeatRequest request, int seatIndex)
    {
        draft.Request = request.Id;
        if (Seating.Find(draft.Room, request.User.Id, seatIndex, out int seat) is { } obstacle)
        {
            draft.Happen(new RoomEvent.InvitationEnded(request, RequestOutcome.Failed, request.User, obstacle));
            return obstacle;
        }

        Seating.Take(draft, request.User, seat);
        draft.SettleStage();
        draft.Happen(new RoomEvent.InvitationEnded(request, RequestOutcome.Accepted, request.User, null));
        return null;
    }

    internal static void Expire(Draft draft, SeatRequest request)
    {
        if (draft.Room.Invitations.TryGetValue(request.User.Id, out var open) && open.Id == request.Id)
        {
            draft.Happen(new RoomEvent.InvitationEnded(request, RequestOutcome.TimedOut, null, null));
        }
    }

    /// <summary>Ends a user's invitation, if there is one.</summary>
    internal static bool End(Draft draft, UserId user, RequestOutcome outcome, User? by)
    {
        if (!draft.Room.Invitations.TryGetValue(user, out var request))
        {
            return false;
        }

        draft.Happen(new RoomEvent.InvitationEnded(request, outcome, by, null));
        return true;
    }
}

using Dais.Rooms.Audience;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Guests;

/// <summary>Asking for a seat.</summary>
internal static class Applications
{
    internal static RoomError? Apply(Draft draft, RoomCommand.ApplyForSeat command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (room.SeatOf(command.User) is not null)
        {
            return RoomError.AlreadySeated;
        }

        if (room.Invitations.TryGetValue(command.User, out var invitation))
        {
            // They crossed: both sides want the same, so asking is accepting.
            return Seating.CheckWish(room, invitation, command.SeatIndex)
                ?? Invitations.Accept(draft, invitation, invitation.SeatOr(command.SeatIndex));
        }

        if (room.Settings.SeatMode == SeatMode.Free || member.MayModerate)
        {
            return SeatAtOnce(draft, member.User, command.SeatIndex, member.User);
        }

        if (room.Applications.TryGetValue(command.User, out var open))
        {
            draft.Request = open.Id;
            return null;
        }

        if (Seating.Find(room, command.User, command.SeatIndex, out _) is { } obstacle)
        {
            return obstacle;
        }

        if (RequestLimits.Check(room, room.Applications.Count, command.ExtraInfo) is { } limit)
        {
            return limit;
        }

        draft.Happen(new RoomEvent.Applied(new SeatRequest(
            command.RequestId,
            member.User,
            null,
            command.SeatIndex,
            draft.Now,
            RequestLimits.Deadline(draft.Now, command.Timeout),
            command.ExtraInfo)));
        draft.Request = command.RequestId;
        return null;
    }

    internal static RoomError? Cancel(Draft draft, RoomCommand.CancelApplication command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        return End(draft, command.User, RequestOutcome.Cancelled, member.User) ? null : RoomError.NoSuchRequest;
    }

    internal static RoomError? Accept(Draft draft, RoomCommand.AcceptApplication command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        return draft.Room.Applications.TryGetValue(command.User, out var request)
            ? Accept(draft, request, request.SeatIndex, by)
            : RoomError.NoSuchRequest;
    }

    /// <summary>Seats an applicant, or ends the application as failed when there is no seat.</summary>
    internal static RoomError? Accept(Draft draft, SeatRequest request, int seatIndex, User? by)
    {
        draft.Request = request.Id;
        if (Seating.Find(draft.Room, request.User.Id, seatIndex, out int seat) is { } obstacle)
        {
            draft.Happen(new RoomEvent.ApplicationEnded(request, RequestOutcome.Failed, by, obstacle));
            return obstacle;
        }

        Seating.Take(draft, request.User, seat);
        draft.SettleStage();
        draft.Happen(new RoomEvent.ApplicationEnded(request, RequestOutcome.Accepted, by, null));
        return null;
    }

    internal static RoomError? Reject(Draft draft, RoomCommand.RejectApplication command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        return End(draft, command.User, RequestOutcome.Rejected, by) ? null : RoomError.NoSuchRequest;
    }

    internal static void Expire(Draft draft, SeatRequest request)
    {
        // Another deadline of the same moment may have ended it already.
        if (draft.Room.Applications.TryGetValue(request.User.Id, out var open) && open.Id == request.Id)
        {
            draft.Happen(new RoomEvent.ApplicationEnded(request, RequestOutcome.TimedOut, null, null));
        }
    }

    /// <summary>Ends a user's application, if there is one.</summary>
    internal static bool End(Draft draft, UserId user, RequestOutcome outcome, User? by)
    {
        if (!draft.Room.Applications.TryGetValue(user, out var request))
        {
            return false;
        }

        draft.Happen(new RoomEvent.ApplicationEnded(request, outcome, by, null));
        return true;
    }

    /// <summary>Seats someone who needs nobody's leave; what they asked for before is settled by it.</summary>
    /// <param name="draft">The decision.</param>
    /// <param name="user">Whom to seat.</param>
    /// <param name="seatIndex">Where; <see cref="SeatRequest.AnySeat"/> for the lowest free seat.</param>
    /// <param name="by">Whose doing it is; null for the backend's.</param>
    internal static RoomError? SeatAtOnce(Draft draft, User user, int seatIndex, User? by)
    {
        if (Seating.Find(draft.Room, user.Id, seatIndex, out int seat) is { } obstacle)
        {
            return obstacle;
        }

        Seating.Take(draft, user, seat);
        draft.SettleStage();
        End(draft, user.Id, RequestOutcome.AlreadySeated, by);
        Invitations.End(draft, user.Id, RequestOutcome.AlreadySeated, by);
        return null;
    }
}

using Dais.Rooms.Audience;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Guests;

/// <summary>Being asked to a seat.</summary>
internal static class Invitations
{
    /// <summary>Seats an invitee, or ends the invitation as failed when there is no seat.</summary>
    /// <param name="draft">The decision.</param>
    /// <param name="request">The invitation.</param>
    /// <param name="wish">The seat the invitee wants, when the invitation leaves it open.</param>
    internal static RoomError? Accept(Draft draft, SeatRequest request, int wish)
    {
        draft.Request = request.Id;
        int wanted = request.SeatIndex == SeatRequest.AnySeat ? wish : request.SeatIndex;
        if (Seating.Find(draft.Room, request.User.Id, wanted, out int seat) is { } obstacle)
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

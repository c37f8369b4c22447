using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;

namespace Dais.Rooms.Lifecycle;

/// <summary>Everything that happens because time passes.</summary>
internal static class Deadlines
{
    internal static WallClockTime Next(Room room)
    {
        if (!room.IsLive)
        {
            return WallClockTime.Never;
        }

        var next = WallClockTime.Min(AudienceCount.NextAnnouncement(room), room.HostReturnBy ?? WallClockTime.Never);
        foreach (var (_, request) in room.Applications)
        {
            next = WallClockTime.Min(next, request.ExpiresAt);
        }

        foreach (var (_, request) in room.Invitations)
        {
            next = WallClockTime.Min(next, request.ExpiresAt);
        }

        foreach (var (_, request) in room.SentHostRequests)
        {
            next = WallClockTime.Min(next, request.ExpiresAt);
        }

        foreach (var (place, _) in room.Away)
        {
            return WallClockTime.Min(next, place.ReturnBy);
        }

        return next;
    }

    internal static RoomError? Pass(Draft draft)
    {
        if (draft.Room.NextDeadline > draft.Now)
        {
            return null;
        }

        foreach (var (_, expire) in Due(draft.Room, draft.Now).OrderBy(due => due.At))
        {
            expire(draft);
            if (!draft.Room.IsLive)
            {
                return null;
            }
        }

        draft.MayCountAudience = true;
        return null;
    }

    /// <summary>Ends requests that have run out, before a command that may come just ahead of the tick can answer them.</summary>
    internal static void ExpireRequests(Draft draft)
    {
        if (draft.Room.NextDeadline > draft.Now)
        {
            return;
        }

        foreach (var request in InOrder(draft.Room.Applications.Values, draft.Now))
        {
            Applications.Expire(draft, request);
        }

        foreach (var request in InOrder(draft.Room.Invitations.Values, draft.Now))
        {
            Invitations.Expire(draft, request);
        }
    }

    /// <summary>What is due, in an order that depends on nothing but the room.</summary>
    private static IEnumerable<(WallClockTime At, Action<Draft> Expire)> Due(Room room, WallClockTime now)
    {
        if (room.HostReturnBy is { } hostReturnBy && hostReturnBy <= now)
        {
            yield return (hostReturnBy, draft => RoomLife.Finish(draft, RoomEndReason.HostTimeout, null));
        }

        foreach (var request in InOrder(room.Applications.Values, now))
        {
            yield return (request.ExpiresAt, draft => Applications.Expire(draft, request));
        }

        foreach (var request in InOrder(room.Invitations.Values, now))
        {
            yield return (request.ExpiresAt, draft => Invitations.Expire(draft, request));
        }

        foreach (var request in HostRequests.Expired(room, now))
        {
            yield return (request.ExpiresAt, draft => HostRequests.Expire(draft, request));
        }

        foreach (var (place, user) in room.Away)
        {
            if (place.ReturnBy > now)
            {
                yield break;
            }

            var member = room.Members[user];
            yield return (place.ReturnBy, draft => Presence.Remove(draft, member, MemberLeaveReason.ConnectionLost, null));
        }
    }

    private static IOrderedEnumerable<SeatRequest> InOrder(IEnumerable<SeatRequest> requests, WallClockTime now) =>
        requests.Where(request => request.ExpiresAt <= now).OrderBy(request => request.Id.Value, StringComparer.Ordinal);
}

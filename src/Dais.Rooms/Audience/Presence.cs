using Dais.Rooms.Guests;
using Dais.Rooms.Lifecycle;
using Dais.Rooms.Seats;

namespace Dais.Rooms.Audience;

/// <summary>Coming and going.</summary>
internal static class Presence
{
    internal static RoomError? Join(Draft draft, RoomCommand.Join command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.User.Id) is { } member)
        {
            ComeAgain(draft, member, command);
            return null;
        }

        bool isOwner = command.User.Id == room.Owner.Id;
        if (!isOwner && room.AudienceCount >= room.Options.Limits.MembersMax)
        {
            return RoomError.RoomFull;
        }

        var role = isOwner ? Role.Host
            : command.AsAdmin || room.Admins.Contains(command.User.Id) ? Role.Admin
            : Role.Audience;
        Enter(draft, command.User, role, command.Connection, command.Platform);
        return null;
    }

    internal static RoomError? Leave(Draft draft, RoomCommand.Leave command)
    {
        if (draft.Room.MemberOf(command.User) is not { } member || member.Connection != command.Connection)
        {
            return RoomError.UserNotInRoom;
        }

        Remove(draft, member, MemberLeaveReason.Left, null);
        return null;
    }

    internal static RoomError? Disconnect(Draft draft, RoomCommand.Disconnect command)
    {
        var member = draft.Room.MemberOf(command.User);
        if (member is null || member.Connection != command.Connection || member.ReturnBy is not null)
        {
            return null;
        }

        var reason = command.MayReturn ? MemberLeaveReason.ConnectionLost : MemberLeaveReason.Left;
        LoseConnection(draft, member, GraceOf(draft.Room, member, command.MayReturn), reason);
        return null;
    }

    internal static RoomError? Restart(Draft draft, RoomCommand.Restart command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.User) is { } member)
        {
            // It was not their connection that failed, so nobody loses an open request by it.
            bool isAwaited = room.Applications.ContainsKey(command.User) || room.Invitations.ContainsKey(command.User);
            var grace = GraceOf(room, member, mayReturn: isAwaited);
            if (grace > TimeSpan.Zero)
            {
                // What they published ended with the server; a locked device stays locked.
                Devices.SwitchOff(draft, member);
            }

            LoseConnection(draft, member, grace, MemberLeaveReason.ConnectionLost);
        }
        else if (command.User == room.Owner.Id && !RoomLife.WaitsLonger(room, draft.Now))
        {
            // The owner had left. Nobody could come back while the server was down, so that time does not count.
            RoomLife.LoseHost(draft);
        }

        return null;
    }

    internal static RoomError? Kick(Draft draft, RoomCommand.KickMember command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out var by) is { } refusal)
        {
            return refusal;
        }

        if (draft.Room.MemberOf(command.User) is not { } member)
        {
            return RoomError.UserNotInRoom;
        }

        if (member.Role == Role.Host)
        {
            return RoomError.NoPermission;
        }

        if (Permissions.RequirePower(draft.Room, command.Actor, member) is { } tooWeak)
        {
            return tooWeak;
        }

        Remove(draft, member, MemberLeaveReason.Kicked, by);
        return null;
    }

    /// <summary>Someone who is not here comes in.</summary>
    internal static void Enter(Draft draft, User user, Role role, ConnectionId connection, ClientPlatform platform)
    {
        var member = new Member(user, role, connection, platform, draft.Now, draft.Room.JoinCount + 1);
        draft.Happen(new RoomEvent.MemberJoined(member, AudienceCount.AnnouncementTo(draft.Room, role, draft.Room.Members.Count + 1)));
        draft.MayCountAudience = true;
        if (role == Role.Host)
        {
            RoomLife.SeatHost(draft);
            RoomLife.RegainHost(draft);
        }
    }

    /// <summary>A member is no longer here: the seat, the open requests and then the member go.</summary>
    internal static void Remove(Draft draft, Member member, MemberLeaveReason reason, User? by)
    {
        var user = member.User;
        if (draft.Room.SeatOf(user.Id) is { } seat)
        {
            draft.Happen(new RoomEvent.SeatLeft(user, seat.Index, SeatReason(reason), by));
        }

        var endedBy = by ?? (reason == MemberLeaveReason.Left ? user : null);
        draft.SettleStage();
        Applications.End(draft, user.Id, RequestOutcome.Cancelled, endedBy);
        Invitations.End(draft, user.Id, RequestOutcome.Cancelled, endedBy);
        draft.Happen(new RoomEvent.MemberLeft(
            member, reason, by, draft.Now, AudienceCount.AnnouncementTo(draft.Room, member.Role, draft.Room.Members.Count)));
        draft.MayCountAudience = true;
        if (member.Role == Role.Host && draft.Room.Phase == RoomPhase.Live)
        {
            RoomLife.LoseHost(draft);
        }
    }

    private static void ComeAgain(Draft draft, Member member, RoomCommand.Join command)
    {
        if (member.ReturnBy is not null)
        {
            draft.Happen(new RoomEvent.MemberReturned(member.User, command.Connection, command.Platform));
        }
        else if (member.Connection != command.Connection)
        {
            draft.Happen(new RoomEvent.MemberReplaced(member.User, member.Connection, command.Connection, command.Platform));
        }

        if (member.Role == Role.Host)
        {
            RoomLife.RegainHost(draft);
        }
    }

    /// <summary>A member's connection is gone: the place is kept for the grace; without one, they leave.</summary>
    private static void LoseConnection(Draft draft, Member member, TimeSpan grace, MemberLeaveReason reason)
    {
        if (grace <= TimeSpan.Zero)
        {
            Remove(draft, member, reason, null);
            return;
        }

        draft.Happen(new RoomEvent.MemberDisconnected(member.User, draft.Now + grace));
        if (member.Role == Role.Host)
        {
            RoomLife.LoseHost(draft);
        }
    }

    /// <summary>How long a place is kept whose member has lost their connection.</summary>
    private static TimeSpan GraceOf(Room room, Member member, bool mayReturn)
    {
        if (member.Role == Role.Host)
        {
            return room.Options.HostGrace;
        }

        return room.SeatOf(member.User.Id) is not null ? room.Options.SeatGrace
            : mayReturn ? room.Options.AudienceGrace
            : TimeSpan.Zero;
    }

    private static SeatLeaveReason SeatReason(MemberLeaveReason reason) => reason switch
    {
        MemberLeaveReason.Left => SeatLeaveReason.RoomLeft,
        MemberLeaveReason.Kicked => SeatLeaveReason.Kicked,
        _ => SeatLeaveReason.TimedOut,
    };
}

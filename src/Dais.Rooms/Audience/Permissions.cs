namespace Dais.Rooms.Audience;

/// <summary>Who may do what. An actor who is null is the application's backend, which may do everything.</summary>
internal static class Permissions
{
    /// <summary>Refuses everybody but the host, admins and the backend.</summary>
    /// <param name="room">The room.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="by">Who acts, for the events; null for the backend.</param>
    internal static RoomError? RequireModerator(Room room, UserId? actor, out User? by)
    {
        by = null;
        if (actor is not { } user)
        {
            return null;
        }

        var member = room.MemberOf(user);
        by = member?.User;
        return member switch
        {
            null => RoomError.UserNotInRoom,
            { MayModerate: true } => null,
            _ => RoomError.NoPermission,
        };
    }

    /// <summary>Refuses everybody but the host and the backend.</summary>
    internal static RoomError? RequireHost(Room room, UserId? actor, out User? by)
    {
        by = actor == room.Owner.Id ? room.Owner : null;
        return actor is null || actor == room.Owner.Id ? null : RoomError.NoPermission;
    }

    /// <summary>Refuses acting against the host, and admins acting against each other.</summary>
    internal static RoomError? RequirePower(Room room, UserId? actor, Member target)
    {
        bool allowed = actor is null
            || actor == target.User.Id
            || target.Role == Role.Audience
            || (target.Role == Role.Admin && actor == room.Owner.Id);
        return allowed ? null : RoomError.NoPermission;
    }
}

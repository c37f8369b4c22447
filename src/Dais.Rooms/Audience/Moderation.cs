namespace Dais.Rooms.Audience;

/// <summary>Naming admins.</summary>
internal static class Moderation
{
    internal static RoomError? SetAdmin(Draft draft, RoomCommand.SetAdmin command)
    {
        if (Permissions.RequireHost(draft.Room, command.Actor, out _) is { } refusal)
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

        var role = command.IsAdmin ? Role.Admin : Role.Audience;
        if (role == member.Role)
        {
            return null;
        }

        if (command.IsAdmin && draft.Room.Admins.Count >= draft.Room.Options.Limits.AdminsMax)
        {
            return RoomError.LimitReached;
        }

        draft.Happen(new RoomEvent.RoleChanged(member.User, role));
        return null;
    }
}

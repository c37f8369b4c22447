using System.Collections.Immutable;
using System.Text;
using Dais.Rooms.Audience;

namespace Dais.Rooms.Messages;

/// <summary>Who may write what, to whom, and how fast.</summary>
internal static class Writing
{
    internal static RoomError? Send(Draft draft, RoomCommand.SendMessage command)
    {
        var room = draft.Room;
        if (room.MemberOf(command.Sender) is not { } sender)
        {
            return RoomError.UserNotInRoom;
        }

        if (!Fits(command.Content, room.Options.Limits))
        {
            return RoomError.TooLarge;
        }

        if (MayWrite(room, sender) is { } refusal)
        {
            return refusal;
        }

        if (Recipients(room, command.To, out var to) is { } nobody)
        {
            return nobody;
        }

        // Last, so that a message refused for another reason counts for nothing.
        if (room.Pace.Next(sender.User.Id, draft.Now, room.Options, out var retryAfter) is not { } freeAt)
        {
            draft.RetryAfter = retryAfter;
            return RoomError.RateLimited;
        }

        var message = new RoomMessage(
            command.Id, command.Head + draft.EventCount + 1, draft.Now, sender.User, command.Content, to);
        draft.Happen(new RoomEvent.MessageSent(message, freeAt));
        return null;
    }

    internal static RoomError? Announce(Draft draft, RoomCommand.Announce command)
    {
        var room = draft.Room;
        if (!Fits(command.Content, room.Options.Limits))
        {
            return RoomError.TooLarge;
        }

        if (Recipients(room, command.To, out var to) is { } refusal)
        {
            return refusal;
        }

        var message = new RoomMessage(
            command.Id, command.Head + draft.EventCount + 1, draft.Now, command.From, command.Content, to);
        draft.Happen(new RoomEvent.MessageSent(message, room.Pace.Of(command.From.Id, draft.Now)));
        return null;
    }

    internal static RoomError? SetDisabled(Draft draft, RoomCommand.SetMessageDisabled command)
    {
        if (Permissions.RequireModerator(draft.Room, command.Actor, out _) is { } refusal)
        {
            return refusal;
        }

        // Whoever may not write and has left can be allowed to again.
        bool isDisabled = draft.Room.MessageDisabled.Contains(command.User);
        var member = draft.Room.MemberOf(command.User);
        if (member is null && !(isDisabled && !command.Disabled))
        {
            return RoomError.UserNotInRoom;
        }

        if (member?.Role == Role.Host)
        {
            return RoomError.NoPermission;
        }

        if (member is not null && Permissions.RequirePower(draft.Room, command.Actor, member) is { } tooWeak)
        {
            return tooWeak;
        }

        if (command.Disabled == isDisabled)
        {
            return null;
        }

        if (command.Disabled && draft.Room.MessageDisabled.Count >= draft.Room.Options.Limits.MessageDisabledMax)
        {
            return RoomError.LimitReached;
        }

        draft.Happen(new RoomEvent.MessageDisabledChanged(member?.User ?? new User(command.User, "", ""), command.Disabled));
        return null;
    }

    private static RoomError? Recipients(Room room, ImmutableArray<UserId> wanted, out ImmutableArray<UserId> found)
    {
        found = [];
        if (wanted.Length > room.Options.Limits.MessageRecipientsMax)
        {
            return RoomError.LimitReached;
        }

        found = [.. wanted.Where(room.Members.ContainsKey).Distinct()];
        return found.IsEmpty && !wanted.IsEmpty ? RoomError.UserNotInRoom : null;
    }

    private static bool Fits(MessageContent content, RoomLimits limits) =>
        (content.Text ?? "").Length <= limits.MessageTextLengthMax
        && Encoding.UTF8.GetByteCount(content.Data ?? "") <= limits.MessageDataBytesMax;

    private static RoomError? MayWrite(Room room, Member sender) =>
        room.Settings.MessagesDisabled && !sender.MayModerate ? RoomError.MessagesDisabled
        : room.MessageDisabled.Contains(sender.User.Id) ? RoomError.MessageDisabled
        : null;
}

using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Messages;

namespace Dais.Rooms;

public abstract partial record RoomEvent
{
    /// <summary>Someone wrote: `message`, to all or to those it is for.</summary>
    /// <param name="Message">What they wrote.</param>
    /// <param name="FreeAt">Their instant in <see cref="SendingPace"/>.</param>
    public sealed record MessageSent(RoomMessage Message, WallClockTime FreeAt) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with
        {
            Messages = room.Messages.With(Message),
            Pace = room.Pace.With(Message.From.Id, FreeAt, Message.At),
        };
    }

    /// <summary>A host or admin has forbidden someone to write, or allowed it again: `member.messageDisabledChanged`.</summary>
    public sealed record MessageDisabledChanged(User User, bool Disabled) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with
        {
            MessageDisabled = Disabled ? room.MessageDisabled.Add(User.Id) : room.MessageDisabled.Remove(User.Id),
        };
    }

    /// <summary>What a member lets others know of them has changed: `presence.changed`, to those the announcement names.</summary>
    /// <param name="User">Who.</param>
    /// <param name="State">All of it, as it is now.</param>
    /// <param name="To">Who is told.</param>
    public sealed record PresenceChanged(User User, ImmutableSortedDictionary<string, string> State, Announcement To) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { PresenceStates = room.PresenceStates.With(User.Id, State) };
    }
}

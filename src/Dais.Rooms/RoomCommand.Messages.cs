using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Messages;

namespace Dais.Rooms;

public abstract partial record RoomCommand
{
    /// <summary>A member writes.</summary>
    /// <param name="Sender">Who.</param>
    /// <param name="Id">The id of the message.</param>
    /// <param name="Content">What.</param>
    /// <param name="To">To whom: those of them who are here, at least one; empty for everybody.</param>
    /// <param name="Head">The place of the room's last event so far: the message keeps its own.</param>
    public sealed record SendMessage(
        UserId Sender, MessageId Id, MessageContent Content, ImmutableArray<UserId> To, long Head) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Writing.Send(draft, this);
    }

    /// <summary>The application's backend writes, in whoever's name it likes; neither pace nor muting holds for it.</summary>
    /// <param name="From">In whose name; they need not be here.</param>
    /// <param name="Id">The id of the message.</param>
    /// <param name="Content">What.</param>
    /// <param name="To">To whom: those of them who are here, at least one; empty for everybody.</param>
    /// <param name="Head">The place of the room's last event so far: the message keeps its own.</param>
    public sealed record Announce(
        User From, MessageId Id, MessageContent Content, ImmutableArray<UserId> To, long Head) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Writing.Announce(draft, this);
    }

    /// <summary>A host or admin forbids a member to write, or allows it again; it holds when they leave and come back.</summary>
    public sealed record SetMessageDisabled(UserId? Actor, UserId User, bool Disabled) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Writing.SetDisabled(draft, this);
    }

    /// <summary>A member changes what the others know of them.</summary>
    /// <param name="User">Who.</param>
    /// <param name="Changes">Values to set; a null or empty one removes its key.</param>
    public sealed record SetPresence(UserId User, ImmutableSortedDictionary<string, string?> Changes) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => PresenceStates.Set(draft, this);
    }
}

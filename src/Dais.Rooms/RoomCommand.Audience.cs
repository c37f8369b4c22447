using Dais.Rooms.Audience;

namespace Dais.Rooms;

public abstract partial record RoomCommand
{
    /// <summary>A user comes in, comes back, or comes with a newer connection.</summary>
    /// <param name="User">Who it is.</param>
    /// <param name="Connection">Through which connection.</param>
    /// <param name="Platform">What the client runs on.</param>
    /// <param name="AsAdmin">Whether the user's token makes them an admin.</param>
    public sealed record Join(User User, ConnectionId Connection, ClientPlatform Platform, bool AsAdmin = false) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Presence.Join(draft, this);
    }

    /// <summary>A member leaves; through a connection that is no longer theirs, refused.</summary>
    public sealed record Leave(UserId User, ConnectionId Connection) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Presence.Leave(draft, this);
    }

    /// <summary>A member's connection is lost; nothing happens when the member has a newer one.</summary>
    /// <param name="User">Whose.</param>
    /// <param name="Connection">Which.</param>
    /// <param name="MayReturn">Whether the client may come back by itself. One that said goodbye does not: the seat and the
    /// room wait for their user all the same, as the page may just be loading again, but nothing else does.</param>
    public sealed record Disconnect(UserId User, ConnectionId Connection, bool MayReturn = true) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Presence.Disconnect(draft, this);
    }

    /// <summary>The server has started again, and every connection of before is lost. Sent for the owner and every member, the
    /// owner first, before anything else: whoever had a seat or an open request has the whole grace from now, whoever had none has left.</summary>
    public sealed record Restart(UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Presence.Restart(draft, this);
    }

    /// <summary>A host or admin removes a member.</summary>
    public sealed record KickMember(UserId? Actor, UserId User) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Presence.Kick(draft, this);
    }

    /// <summary>The host makes a member an admin, or no longer.</summary>
    public sealed record SetAdmin(UserId? Actor, UserId User, bool IsAdmin) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Moderation.SetAdmin(draft, this);
    }

    /// <summary>A member publishes a device or stops, or mutes it or no longer. A locked device stays locked: asking for
    /// nothing but that is refused.</summary>
    /// <param name="User">Who.</param>
    /// <param name="Microphone">Whether the microphone is on; null for as it is.</param>
    /// <param name="Camera">Whether the camera is on; null for as it is.</param>
    public sealed record SetDevices(UserId User, bool? Microphone, bool? Camera) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Devices.Set(draft, this);
    }
}

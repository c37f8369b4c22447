using Dais.Rooms.Audience;
using Dais.Rooms.Lifecycle;

namespace Dais.Rooms;

/// <summary>What can be asked of a room. An actor who is null is the application's backend, which may do everything.</summary>
public abstract partial record RoomCommand
{
    private RoomCommand() { }

    /// <summary>Decides what follows, as events of the draft.</summary>
    internal abstract RoomError? Decide(Draft draft);

    /// <summary>The owner goes live.</summary>
    public sealed record Start(User Owner, RoomSettings Settings, ConnectionId Connection, ClientPlatform Platform) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RoomLife.Start(draft, this);
    }

    /// <summary>A host or admin changes what the room shows.</summary>
    public sealed record Update(UserId? Actor, RoomChanges Changes) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RoomLife.Update(draft, this);
    }

    /// <summary>The host, or the backend, ends the room.</summary>
    public sealed record EndRoom(UserId? Actor) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RoomLife.End(draft, this);
    }

    /// <summary>Time has passed: send it when <see cref="Room.NextDeadline"/> is reached.</summary>
    public sealed record Tick : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Deadlines.Pass(draft);
    }
}

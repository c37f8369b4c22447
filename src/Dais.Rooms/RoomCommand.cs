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

    /// <summary>The backend opens a room for an owner who is not here yet: it is live, with the host away.</summary>
    /// <param name="Owner">Whose room it is to be.</param>
    /// <param name="Settings">What the owner decides about it.</param>
    /// <param name="HostWait">How long it waits for the owner to come in; zero for as long as the backend leaves it. From then on
    /// the host's grace counts.</param>
    public sealed record Open(User Owner, RoomSettings Settings, TimeSpan HostWait) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RoomLife.Open(draft, this);
    }

    /// <summary>A host or admin changes what the room shows; how members come on stage, only the host.</summary>
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

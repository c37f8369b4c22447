using System.Collections.Immutable;
using Dais.Rooms.Connections;

namespace Dais.Rooms;

public abstract partial record RoomCommand
{
    /// <summary>A host or admin asks other rooms to connect; one that has asked already is accepted.</summary>
    /// <param name="Actor">Who asks.</param>
    /// <param name="Targets">The rooms to ask, each with the id of the request if it becomes one.</param>
    /// <param name="LayoutTemplateId">How the stage is to be drawn while the rooms are connected.</param>
    /// <param name="Timeout">How long the requests stay open; zero for as long as the rooms live.</param>
    /// <param name="ExtraInfo">Anything the other hosts should see with it.</param>
    /// <param name="NewLink">The id of the connection, if a new one comes of it.</param>
    public sealed record RequestConnection(
        UserId? Actor,
        ImmutableArray<HostRequestTarget> Targets,
        int LayoutTemplateId,
        TimeSpan Timeout,
        string ExtraInfo,
        LinkId NewLink) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => HostRequests.Make(draft, this);
    }

    /// <summary>A host or admin takes a request back.</summary>
    /// <param name="Actor">Who.</param>
    /// <param name="Target">The room that was asked.</param>
    public sealed record CancelConnectionRequest(UserId? Actor, RoomId Target) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => HostRequests.Cancel(draft, this);
    }

    /// <summary>A host or admin accepts another room's request: the rooms are connected.</summary>
    /// <param name="Actor">Who.</param>
    /// <param name="From">The room that asked.</param>
    /// <param name="NewLink">The id of the connection, if a new one comes of it.</param>
    public sealed record AcceptConnection(UserId? Actor, RoomId From, LinkId NewLink) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => HostRequests.Accept(draft, this);
    }

    /// <summary>A host or admin declines another room's request.</summary>
    /// <param name="Actor">Who.</param>
    /// <param name="From">The room that asked.</param>
    public sealed record RejectConnection(UserId? Actor, RoomId From) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => HostRequests.Reject(draft, this);
    }

    /// <summary>A host or admin has the room leave its connection.</summary>
    public sealed record ExitConnection(UserId? Actor) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Links.Exit(draft, this);
    }

    /// <summary>The application's backend ends the room's connection for all of its rooms.</summary>
    public sealed record EndConnection : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => Links.End(draft);
    }

    /// <summary>A host or admin silences a connected room for everybody in this one, or no longer.</summary>
    public sealed record MuteRemoteAudio(UserId? Actor, RoomId Remote, bool Muted) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RemoteHosts.Mute(draft, this);
    }

    /// <summary>What is shown of a connected room's host has changed. Nothing happens when it has not, or when that room is not
    /// connected with this one.</summary>
    /// <remarks>Whoever sends it looks at that room when this one decides, not when it was told of the change: what is shown is
    /// then never older than what the connection was made with.</remarks>
    /// <param name="Remote">The other room.</param>
    /// <param name="Facts">Its <see cref="Room.HostFacts"/>.</param>
    public sealed record RemoteHostChanged(RoomId Remote, HostFacts Facts) : RoomCommand
    {
        internal override RoomError? Decide(Draft draft) => RemoteHosts.Change(draft, this);
    }
}

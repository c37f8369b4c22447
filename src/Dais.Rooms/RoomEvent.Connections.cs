using System.Collections.Immutable;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;

namespace Dais.Rooms;

public abstract partial record RoomEvent
{
    /// <summary>This room asks another to connect, or is asked: `coHost.requested`, in both.</summary>
    public sealed record HostRequested(HostRequest Request) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => Request.From.RoomId == room.Id
            ? room with { SentHostRequests = room.SentHostRequests.Add(Request.To.RoomId, Request) }
            : room with { ReceivedHostRequests = room.ReceivedHostRequests.Add(Request.From.RoomId, Request) };
    }

    /// <summary>A request to connect has ended: `coHost.requestEnded`, in both rooms; in one that ends, its end tells it.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Error">Why the rooms could not be connected, when it failed.</param>
    public sealed record HostRequestEnded(HostRequest Request, RequestOutcome Outcome, RoomError? Error) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => Request.From.RoomId == room.Id
            ? room with { SentHostRequests = room.SentHostRequests.Remove(Request.To.RoomId) }
            : room with { ReceivedHostRequests = room.ReceivedHostRequests.Remove(Request.From.RoomId) };
    }

    /// <summary>The rooms this one is connected with, or which of them it hears, have changed: `coHost.changed`.</summary>
    /// <param name="Connection">The connection now; null when there is none any more.</param>
    /// <param name="Joined">Who came, this room not counted.</param>
    /// <param name="Left">Who went; this room among them when it is the one.</param>
    public sealed record ConnectionChanged(
        HostConnection? Connection, ImmutableArray<RoomHost> Joined, ImmutableArray<DepartedHost> Left) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Connection = Connection };
    }

    /// <summary>What is shown of a connected room's host has changed; no notification but that of the stage.</summary>
    /// <param name="Remote">That room as this one knows it now.</param>
    public sealed record RemoteHostUpdated(ConnectedRoom Remote) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { Connection = room.Connection!.WithMember(Remote) };
    }
}

using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>The media worker as one of its rooms talks to it: what others may notice it is told when the log has what it follows from.</summary>
internal sealed class RoomWorker(MediaPlane plane, Rooms.LiveRoom room, Rooms.RoomRunner owner)
{
    /// <summary>The worker's number.</summary>
    public int Number { get; } = plane.HomeOf(room.State.Id.Value);

    /// <summary>A participant nobody is yet.</summary>
    public ParticipantId NewParticipant() => new(plane.NextId());

    /// <summary>Hands the worker <paramref name="command"/> now; false when it is not taken.</summary>
    public bool TryPost(SfuCommand command) => plane.TryPost(Number, command);

    /// <summary>Tells the worker what an answered offer means for the transport there was <paramref name="before"/>; false when it is not taken.</summary>
    /// <param name="before">The transport the offer was compared with; ends when there is a new one.</param>
    /// <param name="change">What the offer means.</param>
    /// <param name="transport">The transport as it is after the answer.</param>
    /// <param name="open">Gives the command that makes a new one.</param>
    public bool Tell(MediaTransport? before, TransportChange change, MediaTransport transport, Func<SfuCommand> open)
    {
        switch (change)
        {
            case TransportChange.None:
                return true;
            case TransportChange.IceRestart:
                return TryPost(new SfuCommand.RestartIce(transport.Id, transport.Parameters.LocalIce, transport.Parameters.RemoteIce));
            default:
                plane.Watch(transport.Id, owner);
                if (!TryPost(open()))
                {
                    plane.Unwatch(transport.Id);
                    return false;
                }

                Close(before);
                return true;
        }
    }

    /// <summary>Ends a transport, if there is one.</summary>
    public void Close(MediaTransport? transport)
    {
        if (transport is not null)
        {
            plane.Unwatch(transport.Id);
            room.Afterwards(() => TryPost(new SfuCommand.CloseTransport(transport.Id)));
        }
    }
}

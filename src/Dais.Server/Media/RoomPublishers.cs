using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Sfu;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Media;

/// <summary>
/// What the members of a room publish: their transports, whoever lives by one, and what other rooms know of it. Lives in the room's loop.
/// </summary>
internal sealed class RoomPublishers(MediaPlane plane, RoomWorker worker, LiveRoom room)
{
    /// <summary>Tells the worker of an answered offer to publish; false when it does not take it.</summary>
    /// <param name="user">Who publishes.</param>
    /// <param name="participant">Their media.</param>
    /// <param name="answered">The answer.</param>
    /// <param name="owner">Who lives by the transport; null for somebody's WebSocket session.</param>
    public bool Open(UserId user, RoomParticipant participant, Negotiated<PublisherAnswer> answered, IMediaOwner? owner)
    {
        var transport = answered.Transport;
        if (!worker.Tell(participant.Publisher, answered.Change, transport, () => new SfuCommand.OpenPublisher(
            transport.Id, participant.Id, transport.Parameters, answered.Answer.Tracks)))
        {
            return false;
        }

        participant.Publisher = transport;
        if (answered.Change == TransportChange.New)
        {
            participant.Tracks = answered.Answer.Tracks;
            Announce(user, participant);
            var older = participant.PublisherOwner;
            participant.PublisherOwner = owner;
            older?.Ended(room, null);
        }

        return true;
    }

    /// <summary>Ends what somebody publishes, if anything.</summary>
    public void Close(UserId user, RoomParticipant participant)
    {
        Withdraw(user, participant);
        worker.Close(participant.Publisher);
        Leave(participant)?.Ended(room, null);
    }

    /// <summary>What somebody published by has ended by itself; <paramref name="thenShow"/> shows the stage without it.</summary>
    public void Lose(UserId user, RoomParticipant participant, TransportCloseReason reason, Action thenShow)
    {
        Withdraw(user, participant);
        var owner = Leave(participant);
        room.Execute(new RoomCommand.SetDevices(user, Microphone: false, Camera: false));
        thenShow();
        owner?.Ended(room, reason);
    }

    private static IMediaOwner? Leave(RoomParticipant participant)
    {
        participant.Publisher = null;
        var owner = participant.PublisherOwner;
        participant.PublisherOwner = null;
        return owner;
    }

    private void Announce(UserId user, RoomParticipant participant)
    {
        var name = new PublisherName(room.State.Id, user);
        var transport = new PublishedTransport(
            participant.Publisher!.Id, new RemotePublisher(worker.Number, participant.Id, participant.Tracks));
        room.Afterwards(() => plane.Publishers.Announce(name, transport));
    }

    private void Withdraw(UserId user, RoomParticipant participant)
    {
        if (participant.Publisher is { } publisher)
        {
            var name = new PublisherName(room.State.Id, user);
            room.Afterwards(() => plane.Publishers.Withdraw(name, publisher.Id));
        }
    }
}

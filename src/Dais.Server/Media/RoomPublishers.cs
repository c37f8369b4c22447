using System.Buffers;
using System.Collections.Immutable;
using Dais.Protocol;
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
            participant.WantedRids = participant.WantedRids is null ? null : RidsOf(participant.Tracks);
        }

        // The client may have begun to send all again with its offer, or have missed what it was told before.
        TellWanted(user, participant);
        return true;
    }

    /// <summary>Tells a publisher again which of its encodings are watched, if it was told any.</summary>
    public void TellWanted(UserId user, RoomParticipant participant)
    {
        if (participant.WantedRids is { } rids)
        {
            var output = new ArrayBufferWriter<byte>();
            JsonRpcWriter.WriteLayersWanted(output, new MediaLayersWantedParams(room.State.Id.Value, rids));
            room.TellAlone(user, output.WrittenMemory);
        }
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
        participant.WantedRids = null;
        var owner = participant.PublisherOwner;
        participant.PublisherOwner = null;
        return owner;
    }

    /// <summary>All encodings of a picture that comes in several, for nobody watches a new transport yet; null without such a one.</summary>
    private static ImmutableArray<string>? RidsOf(ImmutableArray<PublishedTrack> tracks)
    {
        ImmutableArray<string> rids = [.. tracks.Select(track => track.Rid).OfType<string>()];
        return rids.IsEmpty ? null : rids;
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

using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Sfu;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Media;

/// <summary>
/// Transports of clients who may join a room soon. To the worker each is a subscriber without a stage, so nothing is sent on it; to the room it
/// is nobody. Lives in the room's loop.
/// </summary>
internal sealed class RoomPreparations(RoomWorker worker, RoomStage stage, PreparedTransports counted, RoomRunner owner, TimeProvider time)
{
    /// <summary>So long a client has for joining.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ClientSession, Preparation> _preparations = [];

    /// <summary>What <paramref name="session"/> has prepared; null for nothing.</summary>
    public MediaTransport? Find(ClientSession session) => _preparations.GetValueOrDefault(session)?.Transport;

    /// <summary>Tells the worker of an answered offer of <paramref name="session"/>, made by <paramref name="connection"/>; false when it does not take it.</summary>
    public bool Open(ClientSession session, Connection connection, Negotiated<SubscriberAnswer> answered)
    {
        var before = _preparations.GetValueOrDefault(session);
        var transport = answered.Transport;
        if (!worker.Tell(before?.Transport, answered.Change, transport, () => new SfuCommand.OpenSubscriber(
            transport.Id, worker.NewParticipant(), transport.Parameters, Stage: null, answered.Answer.Slots)))
        {
            return false;
        }

        if (before is null)
        {
            session.PreparedRooms.Add(owner);
            counted.Opened();
        }
        else
        {
            before.Expiry.Dispose();
        }

        var expiry = time.CreateTimer(
            _ => _ = owner.InvokeAsync(room => room.Media.ExpirePrepared(session, transport.Id)).AsTask(), null, Life, Timeout.InfiniteTimeSpan);
        stage.Freshen();
        _preparations[session] = new Preparation(transport, connection, expiry);
        return true;
    }

    /// <summary>Hands out what <paramref name="session"/> has prepared, for it has joined; null for nothing.</summary>
    public MediaTransport? Take(ClientSession session) => Leave(session, PreparationEnd.Joined)?.Transport;

    /// <summary>Drops what <paramref name="session"/> has prepared.</summary>
    /// <param name="session">The session.</param>
    /// <param name="by">Only what was prepared by this connection; null for whatever there is.</param>
    public void Drop(ClientSession session, Connection? by = null)
    {
        if (_preparations.TryGetValue(session, out var preparation) && (by is null || preparation.Connection == by))
        {
            worker.Close(Leave(session, PreparationEnd.Dropped)!.Transport);
        }
    }

    /// <summary>The time of a transport is over, if it still waits.</summary>
    public void Expire(ClientSession session, TransportId id)
    {
        if (Find(session)?.Id == id)
        {
            worker.Close(Leave(session, PreparationEnd.Expired)!.Transport);
        }
    }

    /// <summary>A transport ended by itself; false when it is none of these.</summary>
    public bool Forget(TransportId id)
    {
        foreach (var (session, preparation) in _preparations)
        {
            if (preparation.Transport.Id == id)
            {
                Leave(session, PreparationEnd.Dropped);
                return true;
            }
        }

        return false;
    }

    /// <summary>Drops what <paramref name="user"/> has prepared, by whichever session.</summary>
    public void Remove(UserId user)
    {
        foreach (var session in _preparations.Keys.Where(session => session.UserId == user).ToArray())
        {
            Drop(session);
        }
    }

    /// <summary>Drops all: the room is over.</summary>
    public void CloseAll()
    {
        foreach (var session in _preparations.Keys.ToArray())
        {
            Drop(session);
        }
    }

    private Preparation? Leave(ClientSession session, PreparationEnd end)
    {
        if (_preparations.Remove(session, out var preparation))
        {
            preparation.Expiry.Dispose();
            session.PreparedRooms.Remove(owner);
            counted.Ended(end);
        }

        return preparation;
    }

    private sealed record Preparation(MediaTransport Transport, Connection Connection, ITimer Expiry);
}

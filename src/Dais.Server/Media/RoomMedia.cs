using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Server.Hosting;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Sfu;
using Dais.Sfu.Negotiation;

namespace Dais.Server.Media;

/// <summary>
/// The media of one room: who has which transports, and what the room's worker is told when the stage changes. Lives in
/// the room's loop.
/// </summary>
/// <remarks>
/// A transport is opened at once: nobody knows of it before the answer. Everything others notice (who is on stage, whose
/// transport ends) the worker is told when the log has what it follows from.
/// </remarks>
public sealed class RoomMedia
{
    private readonly MediaPlane _plane;
    private readonly ServerLog _log;
    private readonly LiveRoom _room;
    private readonly RoomWorker _worker;
    private readonly RoomOffers _offers;
    private readonly Dictionary<UserId, RoomParticipant> _participants = [];
    private readonly RemotePublishers _remotes;
    private readonly RoomStage _stage;
    private readonly RoomViews _views;
    private readonly RoomPreparations _preparations;
    private readonly RoomPublishers _publishers;

    /// <summary>Who is in the room and waits for the stage, because the worker did not take word of it.</summary>
    private readonly HashSet<UserId> _unseeing = [];

    /// <summary>The media of <paramref name="room"/>, whose loop is <paramref name="owner"/>.</summary>
    public RoomMedia(MediaPlane plane, LiveRoom room, RoomRunner owner, TimeProvider time, ServerLog log)
    {
        _plane = plane;
        _room = room;
        _log = log;
        _worker = new RoomWorker(plane, room, owner);
        _offers = new RoomOffers(plane, _worker.Number);
        _publishers = new RoomPublishers(plane, _worker, room);
        _remotes = new RemotePublishers(plane.Publishers, owner);
        _stage = new RoomStage(_worker, room, _remotes, user => _participants.GetValueOrDefault(user)?.Publisher);
        _views = new RoomViews(plane, room, owner, _worker.Number, _stage.SlotOf);
        _preparations = new RoomPreparations(_worker, _stage, plane.Prepared, owner, time);
    }

    /// <summary>
    /// Answers an offer to subscribe of <paramref name="user"/>; the worker hears of it by
    /// <see cref="Open(UserId, Negotiated{SubscriberAnswer})"/>.
    /// </summary>
    public Negotiated<SubscriberAnswer>? AnswerSubscriber(UserId user, string offer, out CallRefusal? refusal) =>
        _offers.AnswerSubscriber(_participants.GetValueOrDefault(user)?.Subscriber, offer, out refusal);

    /// <summary>Answers the offer of a viewer who is to see one person; it is always a new transport.</summary>
    public Negotiated<SubscriberAnswer>? AnswerViewer(string offer, out CallRefusal? refusal) =>
        _offers.AnswerSubscriber(null, offer, out refusal, slotsMax: 1);

    /// <summary>
    /// Answers an offer to publish of <paramref name="user"/>. One that is known to be of a new connection
    /// (<paramref name="isNew"/>) is not compared with what there was: a client may use one certificate for several.
    /// </summary>
    public Negotiated<PublisherAnswer>? AnswerPublisher(UserId user, string offer, out CallRefusal? refusal, bool isNew = false) =>
        _offers.AnswerPublisher(isNew ? null : _participants.GetValueOrDefault(user), offer, out refusal);

    /// <summary>
    /// Answers an offer to receive of <paramref name="session"/>, which is not in the room; the worker hears of it by <see cref="Prepare"/>.
    /// </summary>
    public Negotiated<SubscriberAnswer>? AnswerPreparation(ClientSession session, string offer, out CallRefusal? refusal) =>
        _offers.AnswerSubscriber(_preparations.Find(session), offer, out refusal);

    /// <summary>Tells the worker of an answered offer to subscribe; false when it does not take it.</summary>
    public bool Open(UserId user, Negotiated<SubscriberAnswer> answered)
    {
        var participant = ParticipantOf(user);
        var transport = answered.Transport;
        if (!_worker.Tell(participant.Subscriber, answered.Change, transport, () => new SfuCommand.OpenSubscriber(
            transport.Id, participant.Id, transport.Parameters, _stage.Id, answered.Answer.Slots)))
        {
            return false;
        }

        participant.Subscriber = transport;
        if (answered.Change == TransportChange.New)
        {
            _stage.Freshen();
        }

        return true;
    }

    /// <summary>Tells the worker of a viewer who is to see one person; false when it does not take them.</summary>
    public bool Open(UserId user, StageView view, Negotiated<SubscriberAnswer> answered, IMediaOwner viewer) =>
        _views.Open(user, view, answered, viewer);

    /// <summary>Tells the worker of an answered offer to publish; false when it does not take it.</summary>
    /// <param name="user">Who publishes.</param>
    /// <param name="answered">The answer.</param>
    /// <param name="owner">Who lives by the transport; null for somebody's WebSocket session.</param>
    public bool Open(UserId user, Negotiated<PublisherAnswer> answered, IMediaOwner? owner = null)
    {
        if (!_publishers.Open(user, ParticipantOf(user), answered, owner))
        {
            return false;
        }

        ShowStage();
        return true;
    }

    /// <summary>Tells the worker of a client that may join soon, by <paramref name="connection"/>; false when it does not take it.</summary>
    public bool Prepare(ClientSession session, Connection connection, Negotiated<SubscriberAnswer> answered) =>
        _preparations.Open(session, connection, answered);

    /// <summary>
    /// <paramref name="session"/> has joined: what it has prepared shows the stage from the moment the log has that. False when there is nothing.
    /// </summary>
    public bool Admit(ClientSession session)
    {
        if (_preparations.Take(session) is not { } transport)
        {
            return false;
        }

        var participant = ParticipantOf(session.UserId);
        _worker.Close(participant.Subscriber);
        participant.Subscriber = transport;
        ShowStageTo(session.UserId);
        return true;
    }

    /// <summary>Drops what <paramref name="session"/> has prepared, if anything.</summary>
    /// <param name="session">The session.</param>
    /// <param name="by">Only what was prepared by this connection; null for whatever there is.</param>
    public void DropPrepared(ClientSession session, Connection? by = null) => _preparations.Drop(session, by);

    /// <summary>The time of a prepared transport is over.</summary>
    public void ExpirePrepared(ClientSession session, TransportId id) => _preparations.Expire(session, id);

    /// <summary>Tells the worker how <paramref name="user"/> shows some slots; it holds for the transport they subscribe with now.</summary>
    public void Prefer(UserId user, ImmutableArray<SlotWish> wishes)
    {
        if (_participants.GetValueOrDefault(user)?.Subscriber is { } subscriber)
        {
            // A wish that is not taken is no harm: more is sent than is of use.
            _worker.TryPost(new SfuCommand.Prefer(
                subscriber.Id, [.. wishes.Select(wish => new SlotPreference(wish.Slot, wish.MaxHeight, wish.Paused))]));
        }
    }

    /// <summary>Ends what <paramref name="user"/> publishes.</summary>
    public void Unpublish(UserId user)
    {
        if (_participants.TryGetValue(user, out var participant))
        {
            _publishers.Close(user, participant);
            ShowStage();
        }
    }

    /// <summary>Gives a transport that somebody owns new ICE credentials (RFC 8445 §2.4); null when it is gone, or the worker does not take them.</summary>
    /// <param name="id">The transport.</param>
    /// <param name="remote">The client's new credentials.</param>
    public IceCredentials? RestartIce(TransportId id, IceCredentials remote)
    {
        var view = _views.Find(id);
        var participant = view is null ? _participants.Values.FirstOrDefault(each => each.Publisher?.Id == id) : null;
        if ((view ?? participant?.Publisher) is not { } before)
        {
            return null;
        }

        var restarted = before.WithNewIce(remote);
        if (!_worker.Tell(before, TransportChange.IceRestart, restarted, static () => throw new InvalidOperationException()))
        {
            return null;
        }

        if (participant is not null)
        {
            participant.Publisher = restarted;
        }
        else
        {
            _views.Update(restarted);
        }

        return restarted.Parameters.LocalIce;
    }

    /// <summary>Ends a transport that somebody owns; nothing happens when it is over.</summary>
    public void Close(TransportId id)
    {
        if (_views.Close(id))
        {
            return;
        }

        foreach (var (user, participant) in _participants)
        {
            if (participant.Publisher?.Id == id)
            {
                // The others hear that nothing comes any more before it stops coming.
                _room.Execute(new RoomCommand.SetDevices(user, Microphone: false, Camera: false));
                Unpublish(user);
                return;
            }
        }
    }

    /// <summary>
    /// Someone who goes on in the room for the user of <paramref name="leaving"/>, by a transport that is still there; null for nobody.
    /// </summary>
    public IMediaOwner? HeirOf(ClientSession leaving)
    {
        var heir = _participants.GetValueOrDefault(leaving.UserId)?.PublisherOwner;
        heir = heir?.Session == leaving ? null : heir;
        return heir ?? _views.ViewerOf(leaving.UserId, except: leaving);
    }

    /// <summary>Ends both transports of <paramref name="user"/>, who is no longer in the room.</summary>
    public void Remove(UserId user)
    {
        _views.Remove(user);
        _preparations.Remove(user);
        if (_participants.Remove(user, out var participant))
        {
            _publishers.Close(user, participant);
            _worker.Close(participant.Subscriber);
            ShowStage();
        }
    }

    /// <summary>Tells the worker who is on stage, when that differs from what it was told last.</summary>
    public void ShowStage()
    {
        _stage.Show();
        _views.ShowStage();
        foreach (var user in _unseeing.Count == 0 ? [] : _unseeing.ToArray())
        {
            ShowStageTo(user);
        }
    }

    /// <summary>Somebody may watch soon who does not yet: pictures are to begin at once then.</summary>
    public void Freshen() => _stage.Freshen();

    /// <summary>Someone of another room who is on the stage here publishes with another transport than before, or no longer.</summary>
    public void HandleRemoteChange()
    {
        _remotes.Refresh();
        ShowStage();
    }

    /// <summary>Ends everything: the room is over.</summary>
    public void CloseAll()
    {
        _views.CloseAll();
        _preparations.CloseAll();
        foreach (var (user, participant) in _participants)
        {
            _publishers.Close(user, participant);
            _worker.Close(participant.Subscriber);
        }

        _participants.Clear();
        _stage.Close();
    }

    /// <summary>Takes note of what the worker says.</summary>
    public void Handle(SfuEvent happened)
    {
        switch (happened)
        {
            case SfuEvent.TransportConnected connected:
                _log.TransportConnected(connected.Id.Value, _room.Number);
                break;
            case SfuEvent.TransportClosed closed:
                _log.TransportClosed(closed.Id.Value, _room.Number, closed.Reason.ToString());
                Forget(closed.Id, closed.Reason);
                break;
            case SfuEvent.LayersWanted wanted:
                TellWanted(wanted);
                break;
        }
    }

    /// <summary>Tells <paramref name="user"/> again which of the encodings of their picture are watched, if they were told any: they may have missed it.</summary>
    public void RepeatWanted(UserId user)
    {
        if (_participants.TryGetValue(user, out var participant))
        {
            _publishers.TellWanted(user, participant);
        }
    }

    /// <summary>Tells a publisher which of the encodings of its picture are watched.</summary>
    private void TellWanted(SfuEvent.LayersWanted wanted)
    {
        foreach (var (user, participant) in _participants)
        {
            if (participant.Publisher?.Id == wanted.Id)
            {
                participant.WantedRids = wanted.Rids;
                _publishers.TellWanted(user, participant);
                return;
            }
        }
    }

    /// <summary>
    /// A transport ended by itself. Whoever published by it sends nothing more, and the others are told so.
    /// </summary>
    private void Forget(TransportId id, TransportCloseReason reason)
    {
        _plane.Unwatch(id);
        if (_views.Forget(id, reason) || _preparations.Forget(id))
        {
            return;
        }

        foreach (var (user, participant) in _participants)
        {
            if (participant.Subscriber?.Id == id)
            {
                participant.Subscriber = null;
                return;
            }

            if (participant.Publisher?.Id == id)
            {
                _publishers.Lose(user, participant, reason, ShowStage);
                return;
            }
        }
    }

    /// <summary>Somebody who is in the room is shown the stage by a transport that was opened without one.</summary>
    private void ShowStageTo(UserId user)
    {
        _unseeing.Remove(user);
        if (_participants.GetValueOrDefault(user) is not { Subscriber: { } subscriber } participant)
        {
            return;
        }

        _room.Afterwards(() =>
        {
            if (!_worker.TryPost(new SfuCommand.Watch(subscriber.Id, participant.Id, _stage.Id)))
            {
                // It is told again with the next change.
                _unseeing.Add(user);
            }
        });
    }

    private RoomParticipant ParticipantOf(UserId user)
    {
        if (!_participants.TryGetValue(user, out var participant))
        {
            _participants[user] = participant = new RoomParticipant(_worker.NewParticipant());
        }

        return participant;
    }

    /// <summary>Whether <paramref name="answer"/> has a track of <paramref name="kind"/>.</summary>
    public static bool Has(PublisherAnswer answer, TrackKind kind) => answer.Tracks.Any(track => track.Kind == kind);
}

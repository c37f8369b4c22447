using System.Buffers;
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
using Domain = Dais.Rooms;
using StageEntry = Dais.Rooms.Layouts.StageEntry;

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
    private readonly RoomRunner _owner;
    private readonly ServerLog _log;
    private readonly LiveRoom _room;
    private readonly int _worker;
    private readonly StageId _stage;
    private readonly Dictionary<UserId, Participant> _participants = [];
    private readonly RemotePublishers _remotes;
    private readonly RoomViews _views;
    private ImmutableArray<StageSlot>? _told = [];

    /// <summary>The media of <paramref name="room"/>, whose loop is <paramref name="owner"/>.</summary>
    public RoomMedia(MediaPlane plane, LiveRoom room, RoomRunner owner, ServerLog log)
    {
        _plane = plane;
        _room = room;
        _owner = owner;
        _log = log;
        _worker = plane.HomeOf(room.State.Id.Value);
        _stage = new StageId(room.Number);
        _remotes = new RemotePublishers(plane.Publishers, owner);
        _views = new RoomViews(plane, room, owner, _worker, SlotOf);
    }

    /// <summary>
    /// Answers an offer to subscribe of <paramref name="user"/>; the worker hears of it by
    /// <see cref="Open(UserId, Negotiated{SubscriberAnswer})"/>.
    /// </summary>
    public Negotiated<SubscriberAnswer>? AnswerSubscriber(UserId user, string offer, out CallRefusal? refusal)
    {
        var answered = MediaTransport.Negotiate(
            _participants.GetValueOrDefault(user)?.Subscriber,
            Template(),
            NewTransportId,
            (local, ssrcBase) => SubscriberNegotiation.TryAnswer(offer, local, ssrcBase, out var answer, out string? problem)
                ? (answer, answer!.Transport, problem)
                : (null, null, problem),
            out string? sentence);
        refusal = answered is null ? BadOffer(sentence) : null;
        return answered;
    }

    /// <summary>Answers the offer of a viewer who is to see one person; it is always a new transport.</summary>
    public Negotiated<SubscriberAnswer>? AnswerViewer(string offer, out CallRefusal? refusal)
    {
        var answered = MediaTransport.Negotiate(
            null,
            Template(),
            NewTransportId,
            (local, ssrcBase) =>
                SubscriberNegotiation.TryAnswer(offer, local, ssrcBase, out var answer, out string? problem, slotsMax: 1)
                    ? (answer, answer!.Transport, problem)
                    : (null, null, problem),
            out string? sentence);
        refusal = answered is null ? BadOffer(sentence) : null;
        return answered;
    }

    /// <summary>
    /// Answers an offer to publish of <paramref name="user"/>. One that is known to be of a new connection
    /// (<paramref name="isNew"/>) is not compared with what there was: a client may use one certificate for several.
    /// </summary>
    public Negotiated<PublisherAnswer>? AnswerPublisher(UserId user, string offer, out CallRefusal? refusal, bool isNew = false)
    {
        var before = isNew ? null : _participants.GetValueOrDefault(user);
        var answered = MediaTransport.Negotiate(
            before?.Publisher,
            Template(),
            NewTransportId,
            (local, _) => PublisherNegotiation.TryAnswer(offer, local, out var answer, out string? problem)
                ? (answer, answer!.Transport, problem)
                : (null, null, problem),
            out string? sentence);
        bool hasNewTracks = answered is { Change: not TransportChange.New }
            && answered.Answer.Tracks.Any(track => !before!.Tracks.Contains(track));
        refusal = answered is null ? BadOffer(sentence)
            : hasNewTracks
                ? BadOffer("A connection keeps the tracks it was first offered with; publish others over a new connection.")
            : null;
        return refusal is null ? answered : null;
    }

    /// <summary>Tells the worker of an answered offer to subscribe; false when it does not take it.</summary>
    public bool Open(UserId user, Negotiated<SubscriberAnswer> answered)
    {
        var participant = ParticipantOf(user);
        var transport = answered.Transport;
        if (!Tell(participant.Subscriber, answered.Change, transport, () => new SfuCommand.OpenSubscriber(
            transport.Id, participant.Id, transport.Parameters, _stage, answered.Answer.Slots)))
        {
            return false;
        }

        participant.Subscriber = transport;
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
        var participant = ParticipantOf(user);
        var transport = answered.Transport;
        if (!Tell(participant.Publisher, answered.Change, transport, () => new SfuCommand.OpenPublisher(
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
            older?.Ended(_room, null);
        }

        ShowStage();
        return true;
    }

    /// <summary>Tells the worker how <paramref name="user"/> shows some slots; it holds for the transport they subscribe with now.</summary>
    public void Prefer(UserId user, ImmutableArray<SlotWish> wishes)
    {
        if (_participants.GetValueOrDefault(user)?.Subscriber is { } subscriber)
        {
            // A wish that is not taken is no harm: more is sent than is of use.
            _plane.TryPost(_worker, new SfuCommand.Prefer(
                subscriber.Id, [.. wishes.Select(wish => new SlotPreference(wish.Slot, wish.MaxHeight, wish.Paused))]));
        }
    }

    /// <summary>Ends what <paramref name="user"/> publishes.</summary>
    public void Unpublish(UserId user)
    {
        if (_participants.TryGetValue(user, out var participant))
        {
            ClosePublisher(user, participant);
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
        if (!Tell(before, TransportChange.IceRestart, restarted, static () => throw new InvalidOperationException()))
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
        if (_participants.Remove(user, out var participant))
        {
            ClosePublisher(user, participant);
            Close(participant.Subscriber);
            ShowStage();
        }
    }

    /// <summary>Tells the worker who is on stage, when that differs from what it was told last.</summary>
    public void ShowStage()
    {
        var stage = _room.State.Stage;
        _remotes.Follow([.. stage.Where(IsRemote)]);
        _views.ShowStage();
        ImmutableArray<StageSlot> slots = [.. stage.Select(SlotOf).OfType<StageSlot>()];
        if (_told is { } told && slots.SequenceEqual(told))
        {
            return;
        }

        _told = slots;
        _room.Afterwards(() =>
        {
            if (!_plane.TryPost(_worker, new SfuCommand.SetStage(_stage, slots)))
            {
                // It is told again with the next change.
                _told = null;
            }
        });
    }

    /// <summary>Someone of another room who is on the stage here publishes with another transport than before, or no longer.</summary>
    public void HandleRemoteChange()
    {
        _remotes.Refresh();
        ShowStage();
    }

    /// <summary>Ends everything: the room is over.</summary>
    public void CloseAll()
    {
        _remotes.Follow([]);
        _views.CloseAll();
        foreach (var (user, participant) in _participants)
        {
            ClosePublisher(user, participant);
            Close(participant.Subscriber);
        }

        _participants.Clear();
        _room.Afterwards(() => _plane.TryPost(_worker, new SfuCommand.CloseStage(_stage)));
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

    /// <summary>Tells a publisher which of the encodings of its picture are watched.</summary>
    private void TellWanted(SfuEvent.LayersWanted wanted)
    {
        foreach (var (user, participant) in _participants)
        {
            if (participant.Publisher?.Id == wanted.Id)
            {
                var output = new ArrayBufferWriter<byte>();
                JsonRpcWriter.WriteLayersWanted(output, new MediaLayersWantedParams(_room.State.Id.Value, wanted.Rids));
                _room.TellAlone(user, output.WrittenMemory);
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
        if (_views.Forget(id, reason))
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
                Withdraw(user, participant);
                participant.Publisher = null;
                var owner = participant.PublisherOwner;
                participant.PublisherOwner = null;
                _room.Execute(new RoomCommand.SetDevices(user, Microphone: false, Camera: false));
                ShowStage();
                owner?.Ended(_room, reason);
                return;
            }
        }
    }

    private bool IsRemote(StageEntry entry) => entry.RoomId != _room.State.Id;

    /// <summary>What the worker is to show of someone on stage; null when they publish nothing.</summary>
    private StageSlot? SlotOf(StageEntry entry)
    {
        bool hasAudio = entry.Microphone == Domain.Audience.DeviceState.On;
        bool hasVideo = entry.Camera == Domain.Audience.DeviceState.On;
        if (!IsRemote(entry))
        {
            return _participants.GetValueOrDefault(entry.User.Id)?.Publisher is { } own
                ? new StageSlot(entry.Slot, own.Id, hasAudio, hasVideo)
                : null;
        }

        bool isHeard = hasAudio && _room.State.Connection?.IsMuted(entry.RoomId) != true;
        return _remotes.Find(entry) is { } remote
            ? new StageSlot(entry.Slot, remote.Id, isHeard, hasVideo, remote.Facts.Worker == _worker ? null : remote.Facts)
            : null;
    }

    private void Announce(UserId user, Participant participant)
    {
        var name = new PublisherName(_room.State.Id, user);
        var transport = new PublishedTransport(
            participant.Publisher!.Id, new RemotePublisher(_worker, participant.Id, participant.Tracks));
        _room.Afterwards(() => _plane.Publishers.Announce(name, transport));
    }

    private void Withdraw(UserId user, Participant participant)
    {
        if (participant.Publisher is { } publisher)
        {
            var name = new PublisherName(_room.State.Id, user);
            _room.Afterwards(() => _plane.Publishers.Withdraw(name, publisher.Id));
        }
    }

    private void ClosePublisher(UserId user, Participant participant)
    {
        Withdraw(user, participant);
        Close(participant.Publisher);
        participant.Publisher = null;
        var owner = participant.PublisherOwner;
        participant.PublisherOwner = null;
        owner?.Ended(_room, null);
    }

    private bool Tell(MediaTransport? before, TransportChange change, MediaTransport transport, Func<SfuCommand> open)
    {
        switch (change)
        {
            case TransportChange.None:
                return true;
            case TransportChange.IceRestart:
                return _plane.TryPost(
                    _worker, new SfuCommand.RestartIce(transport.Id, transport.Parameters.LocalIce, transport.Parameters.RemoteIce));
            default:
                _plane.Watch(transport.Id, _owner);
                if (!_plane.TryPost(_worker, open()))
                {
                    _plane.Unwatch(transport.Id);
                    return false;
                }

                Close(before);
                return true;
        }
    }

    private void Close(MediaTransport? transport)
    {
        if (transport is not null)
        {
            _plane.Unwatch(transport.Id);
            _room.Afterwards(() => _plane.TryPost(_worker, new SfuCommand.CloseTransport(transport.Id)));
        }
    }

    private Participant ParticipantOf(UserId user)
    {
        if (!_participants.TryGetValue(user, out var participant))
        {
            _participants[user] = participant = new Participant(new ParticipantId(_plane.NextId()));
        }

        return participant;
    }

    private LocalTransport Template() => new(
        new IceCredentials("", ""), _plane.Fingerprint, _plane.Worker(_worker).Candidates)
    {
        TcpCandidates = _plane.Worker(_worker).TcpCandidates,
    };

    private TransportId NewTransportId() => new(_plane.NextId());

    private static CallRefusal BadOffer(string? sentence) => new(ErrorCodes.InvalidParams, "offer", sentence);

    private sealed class Participant(ParticipantId id)
    {
        public ParticipantId Id { get; } = id;

        public MediaTransport? Publisher { get; set; }

        /// <summary>Who lives by it; null for somebody's WebSocket session.</summary>
        public IMediaOwner? PublisherOwner { get; set; }

        public ImmutableArray<PublishedTrack> Tracks { get; set; } = [];

        public MediaTransport? Subscriber { get; set; }
    }

    /// <summary>Whether <paramref name="answer"/> has a track of <paramref name="kind"/>.</summary>
    public static bool Has(PublisherAnswer answer, TrackKind kind) => answer.Tracks.Any(track => track.Kind == kind);
}

using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Sfu;
using Dais.Sfu.Negotiation;
using StageEntry = Dais.Rooms.Layouts.StageEntry;

namespace Dais.Server.Media;

/// <summary>
/// The viewers of a room who see one person each. To the worker each view is a stage of its own with one place on it, so that such a
/// viewer is a subscriber as any other. Lives in the room's loop.
/// </summary>
internal sealed class RoomViews(MediaPlane plane, LiveRoom room, RoomRunner owner, int worker, Func<StageEntry, StageSlot?> slotOf)
{
    /// <summary>How many views one user may have at once.</summary>
    private const int ViewsPerUserMax = 16;

    private readonly Dictionary<StageView, Shown> _shown = [];
    private readonly Dictionary<TransportId, View> _views = [];
    private readonly Dictionary<UserId, List<View>> _viewsOf = [];

    /// <summary>Tells the worker of a viewer; false when it does not take it, or the user has too many.</summary>
    public bool Open(UserId user, StageView of, Negotiated<SubscriberAnswer> answered, IMediaOwner viewer)
    {
        if (_viewsOf.TryGetValue(user, out var others) && others.Count >= ViewsPerUserMax)
        {
            return false;
        }

        var transport = answered.Transport;
        bool isShown = _shown.TryGetValue(of, out var shown);

        // Rooms have the numbers above zero as their stages'.
        shown ??= new Shown(new StageId(-plane.NextId()));
        plane.Watch(transport.Id, owner);

        // A participant of their own: a host who watches the live that viewers see is shown their own picture.
        if (!plane.TryPost(worker, new SfuCommand.OpenSubscriber(
            transport.Id, new ParticipantId(plane.NextId()), transport.Parameters, shown.Stage, answered.Answer.Slots)))
        {
            plane.Unwatch(transport.Id);
            return false;
        }

        shown.Viewers++;
        Add(new View(user, of, viewer, transport));
        if (!isShown)
        {
            _shown[of] = shown;
            Show(of, shown);
        }

        return true;
    }

    /// <summary>The viewer's transport; null when there is none of that id.</summary>
    public MediaTransport? Find(TransportId id) => _views.GetValueOrDefault(id)?.Transport;

    /// <summary>Takes note of what the viewer's transport has become.</summary>
    public void Update(MediaTransport transport) => _views[transport.Id].Transport = transport;

    /// <summary>Someone by whom <paramref name="user"/> watches, other than <paramref name="except"/>.</summary>
    public IMediaOwner? ViewerOf(UserId user, ClientSession except) =>
        _viewsOf.GetValueOrDefault(user)?.Find(view => view.Viewer.Session != except)?.Viewer;

    /// <summary>The stage may have changed.</summary>
    public void ShowStage()
    {
        foreach (var (of, shown) in _shown)
        {
            Show(of, shown);
        }
    }

    /// <summary>Ends one view; false when there is none of that id.</summary>
    public bool Close(TransportId id)
    {
        if (!_views.TryGetValue(id, out var view))
        {
            return false;
        }

        plane.Unwatch(id);
        room.Afterwards(() => plane.TryPost(worker, new SfuCommand.CloseTransport(id)));
        Leave(view);
        view.Viewer.Ended(room, null);
        return true;
    }

    /// <summary>A transport ended by itself; false when it is no viewer's.</summary>
    public bool Forget(TransportId id, TransportCloseReason reason)
    {
        if (!_views.TryGetValue(id, out var view))
        {
            return false;
        }

        Leave(view);
        view.Viewer.Ended(room, reason);
        return true;
    }

    /// <summary>Ends the views of <paramref name="user"/>, who is no longer in the room.</summary>
    public void Remove(UserId user)
    {
        foreach (var view in _viewsOf.GetValueOrDefault(user, []).ToArray())
        {
            Close(view.Transport.Id);
        }
    }

    /// <summary>Ends all views: the room is over.</summary>
    public void CloseAll()
    {
        foreach (var id in _views.Keys.ToArray())
        {
            Close(id);
        }
    }

    private void Add(View view)
    {
        _views[view.Transport.Id] = view;
        if (!_viewsOf.TryGetValue(view.User, out var ofUser))
        {
            _viewsOf[view.User] = ofUser = [];
        }

        ofUser.Add(view);
    }

    private void Leave(View view)
    {
        _views.Remove(view.Transport.Id);
        var ofUser = _viewsOf[view.User];
        ofUser.Remove(view);
        if (ofUser.Count == 0)
        {
            _viewsOf.Remove(view.User);
        }

        var shown = _shown[view.Of];
        if (--shown.Viewers == 0)
        {
            _shown.Remove(view.Of);
            room.Afterwards(() => plane.TryPost(worker, new SfuCommand.CloseStage(shown.Stage)));
        }
    }

    private void Show(StageView of, Shown shown)
    {
        ImmutableArray<StageSlot> slots = Find(of) is { } entry && slotOf(entry) is { } slot ? [slot with { Slot = 0 }] : [];
        if (shown.Told is { } told && slots.SequenceEqual(told))
        {
            return;
        }

        shown.Told = slots;
        room.Afterwards(() =>
        {
            if (!plane.TryPost(worker, new SfuCommand.SetStage(shown.Stage, slots)))
            {
                // It is told again with the next change.
                shown.Told = null;
            }
        });
    }

    private StageEntry? Find(StageView of)
    {
        var stage = room.State.Stage;
        var own = stage.Where(entry => entry.RoomId == room.State.Id);
        return of.SeatIndex is { } seat
            ? own.FirstOrDefault(entry => entry.SeatIndex == seat)
            : own.FirstOrDefault(entry => entry.User.Id == room.State.Owner.Id) ?? stage.FirstOrDefault();
    }

    private sealed class Shown(StageId stage)
    {
        public StageId Stage { get; } = stage;

        public ImmutableArray<StageSlot>? Told { get; set; }

        public int Viewers { get; set; }
    }

    private sealed class View(UserId user, StageView of, IMediaOwner viewer, MediaTransport transport)
    {
        public UserId User { get; } = user;

        public StageView Of { get; } = of;

        public IMediaOwner Viewer { get; } = viewer;

        public MediaTransport Transport { get; set; } = transport;
    }
}

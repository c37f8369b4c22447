using System.Collections.Immutable;
using Dais.Client.Connecting;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>
/// A room this client is in. Its state changes and its observers are called in the order of the server's events, one at a time: first the
/// state, then the event. An observer must not block; it may start calls, and await them elsewhere.
/// </summary>
public sealed partial class Room
{
    /// <summary>How many events a stream holds for its reader unless the caller says otherwise.</summary>
    public const int DefaultEventCapacity = 1024;

    private readonly RoomHome _home;
    private readonly TaskCompletionSource<RoomCloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<Action<RoomNotification>> _observers = [];
    private volatile RoomState _state;

    internal Room(RoomHome home, RoomState state)
    {
        _home = home;
        _state = state;
        RoomId = state.Room.RoomId;
    }

    /// <summary>The room's id.</summary>
    public string RoomId { get; }

    /// <summary>The room as it is now.</summary>
    public RoomState State => _state;

    /// <summary>Done when the room is over for this client, with the reason.</summary>
    public Task<RoomCloseReason> Closed => _closed.Task;

    /// <summary>
    /// Calls <paramref name="observer"/> for every event from now on, after the state has changed, in order, until what this returns is
    /// disposed. The last event is <see cref="RoomNotification.Closed"/>.
    /// </summary>
    public IDisposable Observe(Action<RoomNotification> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (all, added) => all.Add(added), observer);
        return new Observation(() => ImmutableInterlocked.Update(ref _observers, static (all, gone) => all.Remove(gone), observer));
    }

    /// <summary>Calls <paramref name="observer"/> for every event of one type from now on; see <see cref="Observe"/>.</summary>
    /// <typeparam name="TNotification">The type, such as <see cref="RoomNotification.SeatApplied"/>.</typeparam>
    public IDisposable On<TNotification>(Action<TNotification> observer)
        where TNotification : RoomNotification
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Observe(happened =>
        {
            if (happened is TNotification wanted)
            {
                observer(wanted);
            }
        });
    }

    /// <summary>
    /// The events from now on as a stream for one reader, which ends behind <see cref="RoomNotification.Closed"/>. When the reader falls
    /// behind by more than <paramref name="capacity"/>, the stream says so (<see cref="RoomNotification.Overflowed"/>) and goes on.
    /// </summary>
    public IAsyncEnumerable<RoomNotification> ReadEvents(int capacity = DefaultEventCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        IDisposable? observation = null;
        var stream = new RoomEventStream(RoomId, capacity, () => observation?.Dispose());
        observation = Observe(stream.Add);
        if (State.Closed is { } reason)
        {
            stream.Add(new RoomNotification.Closed(reason) { RoomId = RoomId });
        }

        return stream;
    }

    /// <summary>Leaves the room. When the host does, the room ends after the host's grace.</summary>
    public async Task LeaveAsync(CancellationToken cancellation = default)
    {
        try
        {
            await CallAsync(Methods.RoomLeave, new RoomParams(RoomId), cancellation).ConfigureAwait(false);
        }
        finally
        {
            await _home.Queue.RunAsync(() => Close(RoomCloseReason.Left)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the room for everybody (host).</summary>
    public Task EndAsync(CancellationToken cancellation = default) =>
        CallAsync(Methods.RoomEnd, new RoomParams(RoomId), cancellation);

    /// <summary>Changes what the room shows (host, admin); what is absent stays.</summary>
    public Task UpdateAsync(RoomUpdateParams changes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return CallAsync(Methods.RoomUpdate, changes with { RoomId = RoomId }, cancellation);
    }

    /// <summary>The members of the room; the result's cursor gives the next page, an empty one ends.</summary>
    public Task<AudienceListResult> ListAudienceAsync(string cursor = "", int count = 0, CancellationToken cancellation = default) =>
        CallAsync(Methods.AudienceList, new AudienceListParams(RoomId, cursor, count), cancellation);

    /// <summary>Removes a member from the room (host, admin).</summary>
    public Task KickFromRoomAsync(string userId, CancellationToken cancellation = default) =>
        CallAsync(Methods.AudienceKick, new RoomUserParams(RoomId, userId), cancellation);

    /// <summary>Makes a member an admin, or no longer (host).</summary>
    public Task SetAdminAsync(string userId, bool isAdmin, CancellationToken cancellation = default) =>
        CallAsync(Methods.AudienceSetAdmin, new AudienceSetAdminParams(RoomId, userId, isAdmin), cancellation);

    /// <summary>Takes an event: changes the state, then tells the observers. On the queue.</summary>
    internal void Handle(RoomNotification happened)
    {
        if (_state.Closed is not null || (happened is not (RoomNotification.Synced or RoomNotification.MessagesLoaded) && happened.Seq <= _state.Seq))
        {
            return;
        }

        _state = _state.Apply(happened);
        CatchUpOnMessages(happened);
        Tell(happened);
        if (_state.Closed is { } reason)
        {
            Release(reason);
        }
    }

    /// <summary>The room is over for this client. On the queue; once closed it stays so.</summary>
    internal void Close(RoomCloseReason reason)
    {
        if (_state.Closed is null)
        {
            _state = _state.Apply(new RoomNotification.Closed(reason));
            Release(reason);
        }
    }

    private void Release(RoomCloseReason reason)
    {
        _home.Forget(this);
        Tell(new RoomNotification.Closed(reason) { RoomId = RoomId, Seq = _state.Seq, At = _home.Time.GetUtcNow() });
        StopMedia();
        _closed.TrySetResult(reason);
    }

    private void Tell(RoomNotification happened)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer(happened);
            }
            catch (Exception exception)
            {
                _home.ObserverFailed(exception);
            }
        }
    }

    private Task<TResult> CallAsync<TParams, TResult>(
        Method<TParams, TResult> method, TParams parameters, CancellationToken cancellation)
        where TParams : class, IParams
        where TResult : class =>
        State.Closed is null
            ? _home.Connection.CallAsync(method, parameters, null, cancellation)
            : Task.FromException<TResult>(DaisException.Over());

    private sealed class Observation(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}

/// <summary>What a room needs of the client it belongs to.</summary>
internal sealed record RoomHome
{
    public required Connection Connection { get; init; }

    public required SerialQueue Queue { get; init; }

    public required TimeProvider Time { get; init; }

    public required Action<Room> Forget { get; init; }

    public required Action<Exception> ObserverFailed { get; init; }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Dais.Client.Connecting;
using Dais.Client.Live;
using Dais.Client.Media;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>
/// A user's connection to a Dais server, and the rooms it is in. The connection comes back by itself, and with it the rooms: the session
/// resumes, or the rooms are joined again.
/// </summary>
public sealed class DaisClient : IAsyncDisposable
{
    private readonly DaisClientOptions _options;
    private readonly SerialQueue _queue;
    private readonly Connection _connection;
    private readonly ConcurrentDictionary<string, Room> _rooms = new();
    private readonly ConcurrentDictionary<string, PreparedSubscription> _prepared = new();
    private readonly List<TaskCompletionSource<SessionOpenResult>> _waiting = [];
    private readonly CancellationTokenSource _disposed = new();
    private volatile SessionOpenResult? _session;
    private string? _token;

    /// <summary>A client that connects when <see cref="ConnectAsync"/> is called.</summary>
    public DaisClient(DaisClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _token = options.Token;
        _queue = new SerialQueue(exception => ObserverFailed?.Invoke(exception));
        _connection = new Connection(options, _queue, new ConnectionHome
        {
            Credentials = Credentials,
            RenewTokenAsync = RenewTokenAsync,
            Opened = HandleOpened,
            Closed = HandleClosed,
            Notified = HandleNotification,
            StatusChanged = status => StatusChanged?.Invoke(status),
        });
    }

    /// <summary>The connection's status has changed.</summary>
    public event Action<ConnectionStatus>? StatusChanged;

    /// <summary>This client is in another room; raised before the room's first event.</summary>
    public event Action<Room>? RoomEntered;

    /// <summary>An observer of this client or one of its rooms threw; the others were told all the same.</summary>
    public event Action<Exception>? ObserverFailed;

    /// <summary>Where the connection stands.</summary>
    public ConnectionStatus Status => _connection.Status;

    /// <summary>The session, once it was opened: the last one, while the connection is lost.</summary>
    public SessionOpenResult? Session => _session;

    /// <summary>Who this client is, as the server says it; empty before the first session.</summary>
    public string UserId => _session?.UserId ?? "";

    /// <summary>The rooms this client is in.</summary>
    public ImmutableArray<Room> Rooms => [.. _rooms.Values];

    internal LiveStoreTable Stores { get; } = new();

    /// <summary>The room with this id, when this client is in it.</summary>
    public Room? FindRoom(string roomId) => _rooms.GetValueOrDefault(roomId);

    /// <summary>
    /// Opens the session; done when it is open. Tries again with growing delay until then, unless the server refuses for good.
    /// </summary>
    /// <exception cref="DaisException">The server refused, or the client was closed.</exception>
    public Task<SessionOpenResult> ConnectAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        var opened = new TaskCompletionSource<SessionOpenResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
        {
            if (Status == ConnectionStatus.Open)
            {
                opened.SetResult(_session!);
                return;
            }

            _waiting.Add(opened);
            _connection.Connect();
        });
        return opened.Task.WaitAsync(cancellation);
    }

    /// <summary>The public rooms that are live, newest first; the result's cursor gives the next page, an empty one ends.</summary>
    public Task<RoomListResult> ListRoomsAsync(string cursor = "", int count = 0, CancellationToken cancellation = default) =>
        _connection.CallAsync(Methods.RoomList, new RoomListParams(cursor, count), null, cancellation);

    /// <summary>The rooms this user is in, by whichever connection.</summary>
    public async Task<ImmutableArray<UserPlace>> WhereIsAsync(CancellationToken cancellation = default) =>
        (await _connection.CallAsync(Methods.PresenceWhereIs, new PresenceWhereIsParams(), null, cancellation).ConfigureAwait(false)).Rooms;

    /// <summary>Goes live. The owner of a room that is live already gets it back.</summary>
    public Task<Room> StartRoomAsync(RoomStartParams settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return EnterAsync(settings.RoomId, Methods.RoomStart, settings, cancellation);
    }

    /// <summary>Goes live with the usual settings.</summary>
    public Task<Room> StartRoomAsync(string roomId, CancellationToken cancellation = default) =>
        StartRoomAsync(new RoomStartParams(roomId), cancellation);

    /// <summary>
    /// Opens what the stage of a room will be received by, for a room that may be joined soon: when it is joined within 25 s, the subscription is
    /// the room's, and frames come with the answer. Nobody in the room hears of it, and no frame comes before; to miss none, read them
    /// before joining. Done when the server has answered. Disposing of the subscription lets go of it.
    /// </summary>
    /// <exception cref="DaisException">The server refused, as it would the join.</exception>
    public async Task<MediaSubscription> PrepareRoomAsync(
        string roomId, int slots = Room.DefaultSlots, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        if (FindRoom(roomId) is { } known)
        {
            return known.Subscription ?? await known.SubscribeAsync(slots, cancellation).ConfigureAwait(false);
        }

        var prepared = new PreparedSubscription(roomId, slots, _connection, _options.Time, Drop);
        if (_prepared.TryRemove(roomId, out var before))
        {
            before.Dispose();
        }

        _prepared[roomId] = prepared;
        try
        {
            await prepared.Subscription.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Drop(prepared);
            throw;
        }

        return prepared.Subscription;
    }

    /// <summary>Joins a room.</summary>
    public Task<Room> JoinRoomAsync(string roomId, CancellationToken cancellation = default) =>
        EnterAsync(roomId, Methods.RoomJoin, new RoomJoinParams(roomId), cancellation);

    /// <summary>Runs <paramref name="action"/> between two events, when its turn comes.</summary>
    internal void Post(Action action) => _queue.Post(action);

    /// <summary>Runs <paramref name="action"/> between two events; done when it has run.</summary>
    internal Task RunAsync(Action action) => _queue.RunAsync(action);

    /// <summary>Closes the connection, and every room on this side.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        foreach (var prepared in _prepared.Values)
        {
            Drop(prepared);
        }

        _connection.Close();

        // What the close led to stands in the queue before this.
        await _queue.RunAsync(static () => { }).ConfigureAwait(false);
    }

    private void Drop(PreparedSubscription prepared)
    {
        if (_prepared.TryRemove(new(prepared.RoomId, prepared)))
        {
            prepared.Dispose();
        }
    }

    private async Task<Room> EnterAsync<TParams>(
        string roomId, Method<TParams, RoomEntered> method, TParams parameters, CancellationToken cancellation)
        where TParams : class, IParams
    {
        if (FindRoom(roomId) is { } known)
        {
            return known;
        }

        Room? room = null;

        // The snapshot is taken over before the next message is looked at, so no event falls in between.
        await _connection.CallAsync(method, parameters, entered => room = Adopt(entered), cancellation).ConfigureAwait(false);
        return room!;
    }

    private Room Adopt(RoomEntered entered)
    {
        string roomId = entered.Room.RoomId;
        if (_rooms.TryGetValue(roomId, out var known))
        {
            known.Handle(Synced(entered.Room, entered.Seq));
            return known;
        }

        var home = new RoomHome
        {
            Connection = _connection,
            Queue = _queue,
            Time = _options.Time,
            Forget = gone => _rooms.TryRemove(new(gone.RoomId, gone)),
            ObserverFailed = exception => ObserverFailed?.Invoke(exception),
        };
        var room = new Room(home, new RoomState(entered.Room, UserId, entered.Seq));
        _rooms[roomId] = room;
        if (_prepared.TryRemove(roomId, out var prepared))
        {
            room.Take(prepared.Subscription);
            prepared.Join(isKept: entered.Prepared == true);
        }

        try
        {
            RoomEntered?.Invoke(room);
        }
        catch (Exception exception)
        {
            ObserverFailed?.Invoke(exception);
        }

        return room;
    }

    private SessionOpenParams Credentials() => new(
        _token,
        _options.UserId,
        _options.UserName,
        _options.AvatarUrl,
        _options.Platform,
        _session is { } last
            ? new SessionResume(last.SessionId, last.ResumeKey, _rooms.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.State.Seq))
            : null);

    private async Task<bool> RenewTokenAsync()
    {
        if (_options.RenewTokenAsync is not { } renew || await renew(_disposed.Token).ConfigureAwait(false) is not { } token)
        {
            return false;
        }

        _token = token;
        return true;
    }

    private void HandleOpened(SessionOpenResult session)
    {
        _session = session;
        if (!session.Resumed)
        {
            foreach (var room in _rooms.Values)
            {
                _ = RejoinAsync(room, 0);
            }
        }

        foreach (var waiting in _waiting)
        {
            waiting.TrySetResult(session);
        }

        _waiting.Clear();
    }

    private void HandleClosed(DaisException error)
    {
        foreach (var waiting in _waiting)
        {
            waiting.TrySetException(error);
        }

        _waiting.Clear();
        var reason = error.Code == CloseCodes.Kicked.Code ? RoomCloseReason.Kicked : RoomCloseReason.ConnectionClosed;
        foreach (var room in _rooms.Values)
        {
            room.Close(reason);
        }

        _session = null;
    }

    private void HandleNotification(ServerMessage.Notification message)
    {
        if (message.Method == Notifications.RoomEventMethod)
        {
            if (ClientJson.TryReadRoomEvent(message.Params, out var envelope)
                && FindRoom(envelope.RoomId) is { } room
                && RoomNotification.TryRead(envelope, out var happened))
            {
                room.Handle(happened!);
            }
        }
        else if (message.Method == Notifications.RoomSyncMethod)
        {
            HandleSync(message.Params);
        }
    }

    private void HandleSync(JsonElement parameters)
    {
        if (!ClientJson.TryRead(parameters, WireJson.Default.RoomSyncParams, out var sync) || FindRoom(sync!.RoomId) is not { } room)
        {
            return;
        }

        if (sync.Room is { } snapshot)
        {
            room.Handle(Synced(snapshot, sync.Seq));
        }
        else
        {
            room.Close(RoomCloseReason.Gone);
        }
    }

    private RoomNotification.Synced Synced(RoomSnapshot snapshot, long seq) =>
        new(snapshot) { RoomId = snapshot.RoomId, Seq = seq, At = _options.Time.GetUtcNow() };

    /// <summary>Joins a room again in a new session: what was missed comes with the snapshot, media is made anew.</summary>
    private async Task RejoinAsync(Room room, int attempt)
    {
        try
        {
            await _connection.CallAsync(
                Methods.RoomJoin,
                new RoomJoinParams(room.RoomId),
                entered => room.Handle(Synced(entered.Room, entered.Seq)),
                _disposed.Token).ConfigureAwait(false);
            room.RestartMedia();
        }
        catch (DaisException exception) when (exception.Code is DaisException.ConnectionLost or DaisException.NotConnected)
        {
            // The next session tries again.
        }
        catch (DaisException exception) when (exception.IsRetryable)
        {
            var delay = exception.RetryAfter ?? ConnectionTable.RetryDelay(attempt, Random.Shared.NextDouble());
            await Task.Delay(delay, _options.Time, _disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (room.State.Closed is null && !_disposed.IsCancellationRequested)
            {
                await RejoinAsync(room, attempt + 1).ConfigureAwait(false);
            }
        }
        catch (DaisException)
        {
            await _queue.RunAsync(() => room.Close(RoomCloseReason.Gone)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client was closed.
        }
    }
}

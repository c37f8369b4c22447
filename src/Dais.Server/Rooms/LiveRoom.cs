using System.Buffers;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Media;
using Dais.Server.Signaling;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>A room as lists show it.</summary>
/// <param name="Number">The room's number: later rooms have higher ones.</param>
/// <param name="Info">What lists show; null while lists do not show it.</param>
public sealed record RoomListing(long Number, RoomInfo? Info);

/// <summary>
/// One room with everything that hangs on it: its state, its log, the sessions of its members and its media. Lives in
/// the loop of its
/// <see cref="RoomRunner"/> and is touched nowhere else. It holds no rule: what may happen, the <see cref="Room"/>
/// decides.
/// </summary>
/// <remarks>
/// For every command: decide; append the events to the log; then, event by event, apply it and hand it on. A caller is
/// answered after that, so
/// a client has all notifications of its command before the answer. The one exception is entering: the snapshot in the
/// answer holds them.
/// </remarks>
public sealed class LiveRoom
{
    private readonly Dictionary<UserId, ClientSession> _present = [];
    private readonly RoomLog _events = new();
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private volatile RoomListing _listing;

    /// <summary>A room that nobody has started.</summary>
    public LiveRoom(long number, Room unstarted, MediaPlane media, RoomRunner owner, TimeProvider time, ServerLog log)
    {
        Number = number;
        State = unstarted;
        _time = time;
        _log = log;
        _listing = new RoomListing(number, null);
        Media = new RoomMedia(media, this, owner, log);
        Owner = owner;
    }

    /// <summary>The room's number, for logs: names are the application's.</summary>
    public long Number { get; }

    /// <summary>The room's state.</summary>
    public Room State { get; private set; }

    /// <summary>The room's media.</summary>
    public RoomMedia Media { get; }

    /// <summary>The loop this lives in.</summary>
    public RoomRunner Owner { get; }

    /// <summary>The room as lists show it; may be read from anywhere.</summary>
    public RoomListing Listing => _listing;

    /// <summary>The place of the last event.</summary>
    public long LastSeq => _events.LastSeq;

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public WallClockTime NextDeadline => State.NextDeadline;

    /// <summary>Whether nothing more can happen here: the room has ended, or its start was refused.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Decides <paramref name="command"/> and lets happen what follows.</summary>
    public Decision Execute(RoomCommand command)
    {
        var now = new WallClockTime(_time.GetUtcNow().ToUnixTimeMilliseconds());
        var decision = State.Decide(command, now);
        if (decision.Events.IsEmpty)
        {
            return decision;
        }

        long seq = _events.Append(decision.Events);
        foreach (var happened in decision.Events)
        {
            State = State.Apply(happened);
            HandOn(happened, seq++, now);
        }

        if (!IsOver)
        {
            Media.ShowStage();
        }

        bool isListed = State is { IsLive: true, Settings.IsPublic: true };
        _listing = new RoomListing(Number, isListed ? RoomSnapshots.InfoOf(State) : null);
        return decision;
    }

    /// <summary>Time has passed.</summary>
    public void Tick() => Execute(new RoomCommand.Tick());

    /// <summary>
    /// Lets <paramref name="session"/> in by <paramref name="command"/>; what that leads to, it learns from its
    /// snapshot.
    /// </summary>
    public CallRefusal? Enter(ClientSession session, RoomCommand command)
    {
        var rooms = session.Rooms;
        string roomId = State.Id.Value;
        if (rooms.Count >= session.Signaling.Options.Limits.RoomsPerConnectionMax && !rooms.ContainsKey(roomId))
        {
            return ErrorCodes.LimitReached;
        }

        var decision = Execute(command);
        if (decision.Error is { } error)
        {
            return error.ToWire();
        }

        _present[session.UserId] = session;
        rooms[roomId] = Owner;
        return null;
    }

    /// <summary>What a session that has just come in is told.</summary>
    public RoomEntered EnteredBy(ClientSession session, string? answer = null) =>
        new(RoomSnapshots.For(State, State.Members[session.UserId]), LastSeq, answer);

    /// <summary>The connection of <paramref name="session"/> is lost.</summary>
    public void Drop(ClientSession session)
    {
        session.Rooms.TryRemove(State.Id.Value, out _);
        if (_present.TryGetValue(session.UserId, out var present) && present == session)
        {
            _present.Remove(session.UserId);
            Execute(new RoomCommand.Disconnect(session.UserId, session.ConnectionId));
        }
    }

    /// <summary>Gives up a room whose start was refused.</summary>
    public void Abandon() => IsOver = true;

    private void HandOn(RoomEvent happened, long seq, WallClockTime at)
    {
        // 1. Who is no longer concerned hears nothing more, except whom it happens to.
        switch (happened)
        {
            case RoomEvent.MemberReplaced replaced:
                Replace(replaced);
                break;
            case RoomEvent.MemberLeft { Reason: not Domain.Audience.MemberLeaveReason.Kicked } left:
                Forget(left.Member.User.Id);
                break;
        }

        // 2. The same bytes to everybody concerned.
        if (RoomNotifications.Of(happened, State, seq, at) is { } notification)
        {
            foreach (var (user, session) in _present)
            {
                if (notification.To.Include(user, State))
                {
                    session.Connection.Send(notification.Message);
                }
            }
        }

        // 3. What follows outside the room.
        switch (happened)
        {
            case RoomEvent.Started:
                _log.RoomStarted(Number);
                break;
            case RoomEvent.MemberLeft { Reason: Domain.Audience.MemberLeaveReason.Kicked } kicked:
                Forget(kicked.Member.User.Id)?.Connection.Close(CloseCodes.Kicked);
                break;
            case RoomEvent.RoleChanged { Role: Domain.Audience.Role.Admin } promoted:
                ShowEverything(promoted.User.Id, seq);
                break;
            case RoomEvent.Ended ended:
                End(ended);
                break;
        }
    }

    /// <summary>A new admin sees the requests that were open before.</summary>
    private void ShowEverything(UserId admin, long seq)
    {
        if (_present.TryGetValue(admin, out var session))
        {
            var output = new ArrayBufferWriter<byte>();
            var snapshot = RoomSnapshots.For(State, State.Members[admin]);
            JsonRpcWriter.WriteRoomSync(output, new RoomSyncParams(State.Id.Value, seq, snapshot));
            session.Connection.Send(output.WrittenMemory);
        }
    }

    private void Replace(RoomEvent.MemberReplaced replaced)
    {
        if (_present.TryGetValue(replaced.User.Id, out var older) && older.ConnectionId == replaced.Replaced)
        {
            _present.Remove(replaced.User.Id);
            older.Rooms.TryRemove(State.Id.Value, out _);
            older.Connection.Close(CloseCodes.Replaced);
        }
    }

    private ClientSession? Forget(UserId user)
    {
        Media.Remove(user);
        if (_present.Remove(user, out var session))
        {
            session.Rooms.TryRemove(State.Id.Value, out _);
        }

        return session;
    }

    private void End(RoomEvent.Ended ended)
    {
        IsOver = true;
        Media.CloseAll();
        foreach (var session in _present.Values)
        {
            // The connection stays: it may be in other rooms, or go to the next.
            session.Rooms.TryRemove(State.Id.Value, out _);
        }

        _present.Clear();
        _log.RoomEnded(Number, ended.Reason.ToString());
    }
}

using System.Collections.Immutable;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Media;
using Dais.Server.Observability;
using Dais.Server.Rooms.Log;
using Dais.Server.Signaling;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>A room as its log has it, for those who only look.</summary>
/// <param name="Number">The room's number: later rooms have higher ones.</param>
/// <param name="Room">The room; null while it is not live.</param>
/// <param name="Seq">The place of the last event that is part of it.</param>
public sealed record RoomListing(long Number, Room? Room, long Seq);

/// <summary>
/// One room with everything that hangs on it: its state, its log, the sessions of its members and its media. Lives in
/// the loop of its <see cref="RoomRunner"/> and is touched nowhere else. It holds no rule: what may happen, the
/// <see cref="Room"/> decides.
/// </summary>
/// <remarks>
/// A command is decided at once, on a state that runs ahead of the log; several may be. Then the loop commits them together,
/// and only after that does anybody learn of it: whatever leaves the room (notifications, answers, word to the media worker)
/// goes through <see cref="Afterwards"/>, in the order in which it was decided. So a client has all notifications of its
/// command before the answer. The one exception is entering: the snapshot in the answer holds them.
/// </remarks>
public sealed partial class LiveRoom
{
    private readonly RoomLog _events;
    private readonly HostConnections _connections;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private bool _isCommittedLive;

    /// <summary>A room as the log has it.</summary>
    public LiveRoom(
        long number,
        StoredRoom stored,
        RoomStore store,
        HostConnections connections,
        MediaPlane media,
        RoomRunner owner,
        TimeProvider time,
        ServerLog log)
    {
        Number = number;
        State = stored.Room;
        Owner = owner;
        _events = new RoomLog(store, stored);
        _recent = new RecentEvents { CompleteAfter = stored.Seq };
        _connections = connections;
        _hostNews = new HostNews(connections, State.Id);
        _isCommittedLive = State.IsLive;
        _time = time;
        _log = log;
        Media = new RoomMedia(media, this, owner, time, log);
    }

    /// <summary>The room's number, for logs: names are the application's.</summary>
    public long Number { get; }

    /// <summary>The room's state as decided. It may not be in the log yet: nothing of it may leave the room but by
    /// <see cref="Afterwards"/>.</summary>
    public Room State { get; private set; }

    /// <summary>The room's media.</summary>
    public RoomMedia Media { get; }

    /// <summary>The loop this lives in.</summary>
    public RoomRunner Owner { get; }

    /// <summary>The place of the last event that was decided.</summary>
    public long LastSeq => _events.LastSeq;

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public WallClockTime NextDeadline => State.NextDeadline;

    /// <summary>Whether enough is decided for a commit.</summary>
    public bool IsCommitDue => _events.IsDue;

    /// <summary>Whether nothing more can happen here: the room has ended, or its start was refused.</summary>
    public bool IsOver { get; private set; }

    /// <summary>
    /// Decides <paramref name="command"/> and lets happen what follows. When it concerns other rooms, nothing has happened yet
    /// (<see cref="Decision.Needs"/>): the command is decided together with them a moment later, and nobody is told how.
    /// </summary>
    public Decision Execute(RoomCommand command)
    {
        var decision = Decide(command);
        if (!decision.Needs.IsEmpty)
        {
            HandOver(command);
        }

        return decision;
    }

    /// <summary>Has <paramref name="action"/> carried out in the room's loop when everything decided so far is in the log.</summary>
    public void Afterwards(Action action) => _events.Afterwards(action);

    /// <summary>Time has passed.</summary>
    public void Tick() => Execute(new RoomCommand.Tick());

    /// <summary>
    /// Has the log take what was decided, and then the world learn of it.
    /// </summary>
    /// <returns>False when the id is taken meanwhile; then nothing of what was decided has happened.</returns>
    public async ValueTask<bool> CommitAsync()
    {
        if (!await _events.CommitAsync(EndedAt))
        {
            // An ended room's stream may be deleted while the next one of the same id is started. A live one's is ours alone.
            return _isCommittedLive ? throw new InvalidOperationException("Someone else wrote into a live room's stream.") : false;
        }

        _isCommittedLive = State.IsLive;
        Owner.Listing = new RoomListing(Number, State.IsLive ? State : null, LastSeq);
        _hostNews.Publish(State);
        _events.CarryOut(exception => _log.RoomFailed(Number, exception));
        if (State.IsLive)
        {
            _events.SaveSnapshotIfDue(State);
        }

        return true;
    }

    /// <summary>
    /// Lets <paramref name="session"/> in by <paramref name="command"/>, asked for over <paramref name="connection"/>;
    /// what that leads to, it learns from its snapshot.
    /// </summary>
    public CallRefusal? Enter(ClientSession session, Connection connection, RoomCommand command)
    {
        if (RefusalBeforeDeciding(session, connection) is { } refusal)
        {
            return refusal;
        }

        var decision = Execute(command);
        if (decision.Error is { } error)
        {
            return error.ToWire();
        }

        Reach(session, connection);
        return null;
    }

    /// <summary>Why <paramref name="session"/> would not be let in by <paramref name="command"/> now; null when it would. Nothing happens.</summary>
    public CallRefusal? TryEnter(ClientSession session, Connection connection, RoomCommand command)
    {
        var refusal = RefusalBeforeDeciding(session, connection);
        return refusal is null && State.Decide(command, Now()).Error is { } error ? error.ToWire() : refusal;
    }

    /// <summary>What a session that has just come in is told.</summary>
    /// <param name="session">The session.</param>
    /// <param name="answer">The answer to its offer, if it made one.</param>
    /// <param name="isPrepared">Whether it is shown the stage by what it has prepared.</param>
    public RoomEntered EnteredBy(ClientSession session, string? answer = null, bool isPrepared = false) =>
        new(RoomSnapshots.For(State, State.Members[session.UserId]), LastSeq, answer, isPrepared ? true : null);

    /// <summary>Gives up a room whose start was refused.</summary>
    public void Abandon() => IsOver = true;

    private CallRefusal? RefusalBeforeDeciding(ClientSession session, Connection connection)
    {
        if (session.Connection != connection)
        {
            // The session has gone on by a newer connection, whose client knows nothing of this call.
            return ErrorCodes.SessionNotOpen;
        }

        var rooms = session.Rooms;
        string roomId = State.Id.Value;
        if (rooms.Count >= session.Signaling.Options.Limits.RoomsPerConnectionMax && !rooms.Has(roomId))
        {
            return ErrorCodes.LimitReached;
        }

        return _events.IsStateTooLarge && State.MemberOf(session.UserId) is null ? new CallRefusal(RoomError.RoomFull.ToWire()) : null;
    }

    private Decision Decide(RoomCommand command)
    {
        using var span = Traces.Start("room.decide");
        var now = Now();
        var decision = State.Decide(command, now);
        span?.SetTag("dais.room", Number).SetTag("dais.command", command.GetType().Name);
        span?.SetTag(Traces.Outcome, decision.Error?.ToString() ?? ServerMetrics.Succeeded);
        LetHappen(decision.Events, now, decision.After);
        return decision;
    }

    /// <summary>Lets <paramref name="events"/> happen; <paramref name="after"/> is the room after them, if that is known.</summary>
    private void LetHappen(ImmutableArray<RoomEvent> events, WallClockTime now, Room? after = null)
    {
        if (events.IsEmpty)
        {
            return;
        }

        long seq = _events.Add(events, now);
        for (int i = 0; i < events.Length; i++)
        {
            State = after is not null && i == events.Length - 1 ? after : State.Apply(events[i]);
            HandOn(events[i], seq++, now);
        }

        if (!IsOver)
        {
            Media.ShowStage();
        }
    }

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
        var notification = RoomNotifications.Of(happened, State, seq, at);
        var held = notification is null ? null : new HeldEvent(seq, notification.Message);
        if (notification is not null)
        {
            _recent.Add(held!, notification.To, (happened as RoomEvent.RoleChanged)?.User.Id);
            Tell(notification);
        }

        // 3. What follows outside the room.
        NotePlaces(happened);
        Metrics?.Happened(happened, State);
        switch (happened)
        {
            case RoomEvent.Started:
                Afterwards(() => _log.RoomStarted(Number));
                break;
            case RoomEvent.MemberLeft { Reason: Domain.Audience.MemberLeaveReason.Kicked } kicked:
                SendAway(kicked.Member.User.Id, held);
                break;
            case RoomEvent.RoleChanged { Role: Domain.Audience.Role.Admin } promoted:
                ShowEverything(promoted.User.Id, seq);
                break;
            case RoomEvent.HostRequested:
                // When it is accepted, each room sees the other's host.
                Afterwards(Media.Freshen);
                break;
            case RoomEvent.Ended ended:
                End(ended, held!);
                break;
        }
    }

    private void End(RoomEvent.Ended ended, HeldEvent last)
    {
        IsOver = true;
        Media.CloseAll();
        ForgetAll(last);
        Afterwards(() => _log.RoomEnded(Number, ended.Reason.ToString()));
    }

    /// <summary>When the room ended, for the log; null while it is live.</summary>
    private DateTimeOffset? EndedAt => State.IsLive ? null : _time.GetUtcNow();

    private WallClockTime Now() => new(_time.GetUtcNow().ToUnixTimeMilliseconds());
}

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
public sealed partial class LiveRoom
{
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
    /// Lets <paramref name="session"/> in by <paramref name="command"/>, asked for over <paramref name="connection"/>;
    /// what that leads to, it learns from its snapshot.
    /// </summary>
    public CallRefusal? Enter(ClientSession session, Connection connection, RoomCommand command)
    {
        if (session.Connection != connection)
        {
            // The session has gone on by a newer connection, whose client knows nothing of this call.
            return ErrorCodes.SessionNotOpen;
        }

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

        Reach(session, connection);
        return null;
    }

    /// <summary>What a session that has just come in is told.</summary>
    public RoomEntered EnteredBy(ClientSession session, string? answer = null) =>
        new(RoomSnapshots.For(State, State.Members[session.UserId]), LastSeq, answer);

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
        var notification = RoomNotifications.Of(happened, State, seq, at);
        var held = notification is null ? null : new HeldEvent(seq, notification.Message);
        if (notification is not null)
        {
            _recent.Add(held!, notification.To, (happened as RoomEvent.RoleChanged)?.User.Id);
            foreach (var (user, present) in _present)
            {
                if (notification.To.Include(user, State))
                {
                    present.Connection.Send(notification.Message);
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
                SendAway(kicked.Member.User.Id, held);
                break;
            case RoomEvent.RoleChanged { Role: Domain.Audience.Role.Admin } promoted:
                ShowEverything(promoted.User.Id, seq);
                break;
            case RoomEvent.Ended ended:
                End(ended, held!);
                break;
        }
    }

    /// <summary>A new admin sees the requests that were open before.</summary>
    private void ShowEverything(UserId admin, long seq)
    {
        if (_present.TryGetValue(admin, out var present))
        {
            present.Connection.Send(SyncFor(State.Members[admin], seq));
        }
    }

    private void End(RoomEvent.Ended ended, HeldEvent last)
    {
        IsOver = true;
        Media.CloseAll();
        ForgetAll(last);
        _log.RoomEnded(Number, ended.Reason.ToString());
    }
}

using System.Buffers;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Rooms;

/// <summary>How a member is reached.</summary>
/// <param name="Session">The member's session.</param>
/// <param name="Connection">
/// The connection that has all events so far, which may be lost; the session's, once the room has caught it up.
/// </param>
public sealed record RoomPresence(ClientSession Session, Connection Connection);

/// <summary>The side of a room that knows its members' sessions.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Who is present as decided; the next decision looks here.</summary>
    private readonly Dictionary<UserId, RoomPresence> _present = [];

    /// <summary>Who is told what the log has: <see cref="_present"/> as of the event that is being told.</summary>
    private readonly RoomBroadcast _broadcast = new();

    private readonly RecentEvents _recent;

    /// <summary>The session by which <paramref name="user"/> is here, or was last; null when nobody knows of one.</summary>
    public ClientSession? SessionOf(UserId user) => _present.GetValueOrDefault(user)?.Session;

    /// <summary>Whether <paramref name="user"/> could take a seat now, after having joined by <paramref name="join"/>; nothing happens.</summary>
    public RoomError? TrySit(UserId user, RoomCommand.Join join, int seatIndex)
    {
        var room = State;
        if (room.MemberOf(user) is null)
        {
            var joined = room.Decide(join, Now());
            if (joined.Error is { } error)
            {
                return error;
            }

            room = joined.Events.Aggregate(room, static (state, happened) => state.Apply(happened));
        }

        return room.SeatOf(user) is null ? room.Decide(new RoomCommand.TakeSeat(user, seatIndex), Now()).Error : null;
    }

    /// <summary>
    /// The connection of <paramref name="session"/> is lost. While the member's place is kept, so is the way back to it.
    /// </summary>
    public void Drop(ClientSession session, Connection connection, bool mayReturn)
    {
        if (!_present.TryGetValue(session.UserId, out var present)
            || present != new RoomPresence(session, connection))
        {
            return;
        }

        // A client without signalling never comes back to its session; another one of the same user may go on in its place.
        if ((!mayReturn || !session.HasSignaling)
            && Media.HeirOf(session)?.Session is { } heir
            && State.MemberOf(session.UserId) is { } member
            && Enter(heir, heir.Connection, new RoomCommand.Join(member.User, heir.ConnectionId, member.Platform)) is null)
        {
            return;
        }

        if (!mayReturn)
        {
            Absent(session.UserId);
            LeaveSession(session);
        }

        Execute(new RoomCommand.Disconnect(session.UserId, session.ConnectionId, mayReturn));
    }

    /// <summary>
    /// <paramref name="session"/> goes on by <paramref name="connection"/>: sends what it has missed after
    /// <paramref name="seq"/>, at most <paramref name="replayMax"/> events, else the room as it is. Gives the number of
    /// messages; null when the session is not in the room.
    /// </summary>
    public int? Resume(ClientSession session, Connection connection, long seq, int replayMax)
    {
        // 1. A member of that session, on the session's newest connection.
        var user = session.UserId;
        if (State.MemberOf(user) is not { } member
            || member.Connection != session.ConnectionId
            || !_present.TryGetValue(user, out var present)
            || present.Session != session
            || session.Connection != connection)
        {
            return null;
        }

        // 2. What was missed; from here on the connection hears what everybody hears.
        if (seq > LastSeq || !_recent.TryReplay(seq, user, State, replayMax, out var missed))
        {
            missed = [SyncFor(member, LastSeq)];
        }

        Afterwards(() =>
        {
            foreach (var message in missed)
            {
                connection.Send(message);
            }
        });
        Present(user, new RoomPresence(session, connection));

        // 3. The others learn that the member is back.
        Execute(new RoomCommand.Join(member.User, session.ConnectionId, member.Platform));

        // 4. What the media worker said meanwhile is no event.
        Media.RepeatWanted(user);
        return missed.Count;
    }

    /// <summary>
    /// Reads what happened after <paramref name="seq"/>, as far as it is in memory; to be called by <see cref="Afterwards"/>, so that
    /// the log has all of it.
    /// </summary>
    public bool TryReadRecent(long seq, int count, out List<HeldEvent> found, out bool hasMore) =>
        _recent.TryRead(seq, count, out found, out hasMore);

    /// <summary>Sends <paramref name="notification"/> to those it is for, when the log has it.</summary>
    private void Tell(RoomNotification notification)
    {
        var room = State;
        Afterwards(() =>
        {
            if (notification.To is { Everybody: true, Only: null })
            {
                _broadcast.Tell(notification.Message);
            }
            else
            {
                _broadcast.Tell(notification.To.In(room), notification.Message);
            }
        });
    }

    /// <summary>Sends <paramref name="user"/> something that is no event of the room, after whatever was decided before.</summary>
    public void TellAlone(UserId user, ReadOnlyMemory<byte> message) => Afterwards(() => _broadcast.Tell([user], message));

    /// <summary>A new admin sees the requests that were open before.</summary>
    private void ShowEverything(UserId admin, long seq)
    {
        if (_present.TryGetValue(admin, out var present))
        {
            var sync = SyncFor(State.Members[admin], seq);
            Afterwards(() => present.Connection.Send(sync));
        }
    }

    /// <summary>
    /// The room as <paramref name="member"/> sees it after event <paramref name="seq"/>, to replace what their client holds.
    /// </summary>
    private ReadOnlyMemory<byte> SyncFor(Dais.Rooms.Audience.Member member, long seq)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteRoomSync(
            output, new RoomSyncParams(State.Id.Value, seq, RoomSnapshots.For(State, member)));
        return output.WrittenMemory;
    }

    /// <summary>The user of <paramref name="session"/> is reached by <paramref name="connection"/> from now on.</summary>
    private void Reach(ClientSession session, Connection connection)
    {
        string roomId = State.Id.Value;
        if (_present.TryGetValue(session.UserId, out var older) && older.Session != session)
        {
            // Its connection was lost; should it come back, it is told that the user is here by a newer one.
            LeaveSession(older.Session);
            Afterwards(() => older.Session.Dismiss(CloseCodes.Replaced));
        }

        Present(session.UserId, new RoomPresence(session, connection));

        // At once, so that the room hears of a connection that is lost before the log has this; and again in its place after
        // whatever ended an earlier stay.
        session.Rooms.Set(roomId, Owner);
        Afterwards(() =>
        {
            session.Rooms.Set(roomId, Owner);
            session.Farewells.Forget(roomId);
        });
    }

    private void Replace(RoomEvent.MemberReplaced replaced)
    {
        if (_present.TryGetValue(replaced.User.Id, out var older) && older.Session.ConnectionId == replaced.Replaced)
        {
            Absent(replaced.User.Id);
            LeaveSession(older.Session);
            Afterwards(() => older.Session.Dismiss(CloseCodes.Replaced));
        }
    }

    private void Forget(UserId user)
    {
        Media.Remove(user);
        if (_present.TryGetValue(user, out var present))
        {
            Absent(user);
            LeaveSession(present.Session);
        }
    }

    /// <summary>A member has to go; a lost connection is told when it comes back.</summary>
    private void SendAway(UserId user, HeldEvent? last)
    {
        if (_present.TryGetValue(user, out var present))
        {
            if (last is not null)
            {
                Afterwards(() => present.Session.Farewells.Keep(State.Id.Value, last));
            }

            Afterwards(() => present.Connection.Close(CloseCodes.Kicked));
        }

        Forget(user);
    }

    /// <summary>The room is over for everybody.</summary>
    private void ForgetAll(HeldEvent last)
    {
        foreach (var (user, present) in _present.ToArray())
        {
            // The connection stays: it may be in other rooms, or go to the next.
            Afterwards(() => present.Session.Farewells.Keep(State.Id.Value, last));
            Absent(user);
            LeaveSession(present.Session);
        }
    }

    private void LeaveSession(ClientSession session) => Afterwards(() => session.Rooms.Remove(State.Id.Value));

    private void Present(UserId user, RoomPresence presence)
    {
        _present[user] = presence;
        Afterwards(() => _broadcast.Add(user, presence.Connection));
    }

    private void Absent(UserId user)
    {
        _present.Remove(user);
        Afterwards(() => _broadcast.Remove(user));
    }
}

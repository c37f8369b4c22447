using System.Collections.Immutable;
using System.Threading.Channels;
using Dais.Client.Admin;

namespace Dais.Samples.Backend;

/// <summary>Somebody in a room.</summary>
/// <param name="UserId">Who.</param>
/// <param name="OnStage">Whether they are the host or on a seat.</param>
public sealed record BoardMember(string UserId, bool OnStage);

/// <summary>A room as this backend knows it.</summary>
/// <param name="RoomId">Which.</param>
/// <param name="Members">Who is in it, by id.</param>
public sealed record BoardRoom(string RoomId, ImmutableArray<BoardMember> Members);

/// <summary>Everything this backend knows.</summary>
/// <param name="Rooms">The rooms, by id.</param>
/// <param name="Notices">How many notices it has taken, repetitions not counted.</param>
public sealed record Board(ImmutableArray<BoardRoom> Rooms, long Notices);

/// <summary>
/// Who is in which room, out of webhooks. Those come at least once and in the order of their room, so all there is to do is to pass
/// over what came before: a notice keeps its id however often it is sent.
/// </summary>
public sealed class AudienceBoard
{
    /// <summary>Repetitions come soon after the first time; nobody has to remember every id for ever.</summary>
    private const int NoticesRemembered = 10_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, bool>> _rooms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _seenInOrder = new();
    private readonly HashSet<Channel<Board>> _watchers = [];
    private long _notices;

    /// <summary>What is known now.</summary>
    public Board Current
    {
        get
        {
            lock (_lock)
            {
                return Snapshot();
            }
        }
    }

    /// <summary>Takes the rooms over as the server has them, at the start.</summary>
    public void Seed(string roomId, IEnumerable<BoardMember> members)
    {
        lock (_lock)
        {
            var room = _rooms[roomId] = new SortedDictionary<string, bool>(StringComparer.Ordinal);
            foreach (var member in members)
            {
                room[member.UserId] = member.OnStage;
            }
        }
    }

    /// <summary>Takes a notice; false when it came before.</summary>
    public bool Take(WebhookNotice notice)
    {
        lock (_lock)
        {
            if (!_seen.Add(notice.NoticeId))
            {
                return false;
            }

            _seenInOrder.Enqueue(notice.NoticeId);
            if (_seenInOrder.Count > NoticesRemembered)
            {
                _seen.Remove(_seenInOrder.Dequeue());
            }

            _notices++;
            Apply(notice);
            var board = Snapshot();
            foreach (var watcher in _watchers)
            {
                // Each has room for one: whoever is slow sees the newest.
                watcher.Writer.TryWrite(board);
            }

            return true;
        }
    }

    /// <summary>The board as it is, and again whenever it changes.</summary>
    public async IAsyncEnumerable<Board> WatchAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var changes = Channel.CreateBounded<Board>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Board board;
        lock (_lock)
        {
            _watchers.Add(changes);
            board = Snapshot();
        }

        try
        {
            yield return board;
            await foreach (var changed in changes.Reader.ReadAllAsync(cancellation))
            {
                yield return changed;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(changes);
            }
        }
    }

    private void Apply(WebhookNotice notice)
    {
        switch (notice.EventType)
        {
            case 101:
                _rooms[notice.RoomId] = new SortedDictionary<string, bool>(StringComparer.Ordinal);
                break;
            case 102:
                _rooms.Remove(notice.RoomId);
                break;
            case 103 or 111:
                RoomOf(notice)[notice.UserId] = true;
                break;
            case 105 or 112:
                RoomOf(notice)[notice.UserId] = false;
                break;
            case 104 or 106:
                RoomOf(notice).Remove(notice.UserId);
                break;
            default:
                // A test, or an event that came to the world after this was written.
                break;
        }
    }

    private SortedDictionary<string, bool> RoomOf(WebhookNotice notice)
    {
        if (!_rooms.TryGetValue(notice.RoomId, out var room))
        {
            // The endpoint is younger than the room.
            room = _rooms[notice.RoomId] = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        }

        return room;
    }

    private Board Snapshot() => new(
        [
            .. _rooms.Select(room => new BoardRoom(
                room.Key, [.. room.Value.Select(member => new BoardMember(member.Key, member.Value))])),
        ],
        _notices);
}

using Dais.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Rooms;

/// <summary>
/// How what the log has reaches the members of a room: as of the event that is being told. Lives in the room's loop.
/// </summary>
/// <remarks>
/// What is told after a quiet moment goes out at once. In a burst the network is asked once in <see cref="Interval"/>, and what was
/// told meanwhile goes together: handing a member's bytes to the network costs many times what writing them costs. Whatever else is sent
/// to a connection takes what waits there along, so the order is that of telling.
/// </remarks>
public sealed class RoomFeed
{
    /// <summary>How long a notification waits for others, at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // How bytes share a packet is no matter of the room's time: this goes by the real clock whatever the room's is.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<UserId, Connection> _members = [];
    private readonly Lock _lock = new();
    private List<Connection> _waiting = [];
    private List<Connection> _spare = [];
    private ITimer? _timer;
    private bool _isTimerSet;
    private long _sentAt;

    /// <summary><paramref name="user"/> is told from now on, by <paramref name="connection"/>.</summary>
    public void Add(UserId user, Connection connection) => _members[user] = connection;

    /// <summary><paramref name="user"/> is told nothing more.</summary>
    public void Remove(UserId user) => _members.Remove(user);

    /// <summary>Tells everybody <paramref name="message"/>.</summary>
    public void Tell(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (!_isTimerSet && _time.GetElapsedTime(Volatile.Read(ref _sentAt)) >= Interval)
            {
                SendNow(message);
            }
            else
            {
                Gather(message);
            }
        }
    }

    /// <summary>Tells <paramref name="users"/>, as far as they are here, <paramref name="message"/>.</summary>
    public void Tell(IEnumerable<UserId> users, ReadOnlyMemory<byte> message)
    {
        foreach (var user in users.Distinct())
        {
            if (_members.TryGetValue(user, out var connection))
            {
                connection.Send(message);
            }
        }
    }

    private void SendNow(ReadOnlyMemory<byte> message)
    {
        foreach (var connection in _members.Values)
        {
            connection.Send(message);
        }

        _sentAt = _time.GetTimestamp();
    }

    private void Gather(ReadOnlyMemory<byte> message)
    {
        foreach (var connection in _members.Values)
        {
            if (connection.Gather(message))
            {
                _waiting.Add(connection);
            }
        }

        if (!_isTimerSet && _waiting.Count > 0)
        {
            _isTimerSet = true;
            _timer ??= _time.CreateTimer(
                static state => ((RoomFeed)state!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void Flush()
    {
        // 1. Take what waits; the room goes on telling meanwhile.
        List<Connection> taken;
        lock (_lock)
        {
            (taken, _waiting, _spare) = (_waiting, _spare, []);
            _isTimerSet = false;
            _sentAt = _time.GetTimestamp();
        }

        // 2. Have it sent.
        foreach (var connection in taken)
        {
            connection.Flush();
        }

        taken.Clear();
        lock (_lock)
        {
            _spare = taken;
        }
    }
}

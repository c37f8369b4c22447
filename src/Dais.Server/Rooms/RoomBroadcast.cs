using Dais.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Rooms;

/// <summary>
/// How what the log has reaches the members of a room: as of the event that is being told. Lives in the room's loop.
/// </summary>
/// <remarks>
/// <para>
/// Handing a member's bytes to the network costs many times what writing them into the member's buffer costs. So what is told after a
/// quiet moment goes out at once; what is told soon after it is written and waits for the end of a pause, and goes together. The pause
/// is twice as long as the network needed for everybody, so a room with nothing to hurry takes half of a core at most.
/// </para>
/// <para>
/// Whatever else is sent to a connection takes along what waits there, so the order is that of telling.
/// </para>
/// </remarks>
public sealed class RoomBroadcast
{
    /// <summary>The shortest pause.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause: so late is a notification at most.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(100);

    // How bytes share a packet is no matter of the room's time: this goes by the real clock whatever the room's is.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<UserId, Connection> _members = [];
    private readonly Lock _lock = new();
    private List<Connection> _waiting = [];
    private List<Connection> _spare = [];
    private ITimer? _timer;
    private Pace _pace;
    private long _sentAt;
    private TimeSpan _pause;

    private enum Pace
    {
        /// <summary>Nothing waits; the pause may be over.</summary>
        Quiet,

        /// <summary>The network is busy with what was sent.</summary>
        Sending,

        /// <summary>Something waits for the end of the pause.</summary>
        Pausing,
    }

    /// <summary><paramref name="user"/> is told from now on, by <paramref name="connection"/>.</summary>
    public void Add(UserId user, Connection connection) => _members[user] = connection;

    /// <summary><paramref name="user"/> is told nothing more.</summary>
    public void Remove(UserId user) => _members.Remove(user);

    /// <summary>Tells everybody <paramref name="message"/>.</summary>
    public void Tell(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (_pace == Pace.Quiet && _time.GetElapsedTime(_sentAt) >= _pause)
            {
                Begin();
                foreach (var connection in _members.Values)
                {
                    connection.Send(message);
                }

                End();
                return;
            }

            foreach (var connection in _members.Values)
            {
                if (connection.Gather(message))
                {
                    _waiting.Add(connection);
                }
            }

            PauseIfAnyWaits();
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

    private void Begin()
    {
        _pace = Pace.Sending;
        _sentAt = _time.GetTimestamp();
    }

    /// <summary>The network's work is queued; this comes behind it.</summary>
    private void End() => ThreadPool.UnsafeQueueUserWorkItem(static broadcast => broadcast.OnSent(), this, preferLocal: false);

    private void OnSent()
    {
        lock (_lock)
        {
            var pause = 2 * _time.GetElapsedTime(_sentAt);
            _pause = pause < PauseMin ? PauseMin : pause > PauseMax ? PauseMax : pause;
            _pace = Pace.Quiet;
            PauseIfAnyWaits();
        }
    }

    private void PauseIfAnyWaits()
    {
        if (_pace == Pace.Quiet && _waiting.Count > 0)
        {
            _pace = Pace.Pausing;
            _timer ??= _time.CreateTimer(
                static state => ((RoomBroadcast)state!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var rest = _pause - _time.GetElapsedTime(_sentAt);
            _timer.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void Flush()
    {
        // 1. Take what waits; the room goes on telling meanwhile.
        List<Connection> taken;
        lock (_lock)
        {
            (taken, _waiting) = (_waiting, _spare);
            Begin();
        }

        // 2. Have it sent.
        foreach (var connection in taken)
        {
            connection.Flush();
        }

        // Nobody else takes the spare one before the end.
        taken.Clear();
        _spare = taken;
        End();
    }
}

using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>Who publishes, as other rooms name them.</summary>
/// <param name="Room">The room they publish in.</param>
/// <param name="User">Who it is.</param>
public readonly record struct PublisherName(RoomId Room, UserId User);

/// <summary>What someone publishes with, and where.</summary>
/// <param name="Id">The transport.</param>
/// <param name="Facts">What another worker needs to know of it.</param>
public sealed record PublishedTransport(TransportId Id, RemotePublisher Facts);

/// <summary>
/// Who publishes in the rooms of this node. A room's media announces its own publishers; the rooms that show one are told, each in its own
/// loop, when what it publishes with changes. May be used from anywhere.
/// </summary>
public sealed class PublisherDirectory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PublisherName, PublishedTransport> _publishers = [];
    private readonly Dictionary<PublisherName, HashSet<RoomRunner>> _watchers = [];
    private readonly HashSet<RoomRunner> _toTell = [];

    /// <summary>What <paramref name="name"/> publishes with; null when nothing.</summary>
    public PublishedTransport? Find(PublisherName name)
    {
        lock (_lock)
        {
            return _publishers.GetValueOrDefault(name);
        }
    }

    /// <summary>From now on <paramref name="name"/> publishes with <paramref name="transport"/>, and with no other.</summary>
    public void Announce(PublisherName name, PublishedTransport transport)
    {
        lock (_lock)
        {
            _publishers[name] = transport;
            TellWatchers(name);
        }
    }

    /// <summary>What <paramref name="name"/> published with has ended; nothing happens when it is another by now.</summary>
    public void Withdraw(PublisherName name, TransportId transport)
    {
        lock (_lock)
        {
            if (_publishers.TryGetValue(name, out var announced) && announced.Id == transport)
            {
                _publishers.Remove(name);
                TellWatchers(name);
            }
        }
    }

    /// <summary>
    /// What <paramref name="name"/> publishes with; when that changes, <see cref="RoomMedia.HandleRemoteChange"/> of
    /// <paramref name="watcher"/> is called.
    /// </summary>
    public PublishedTransport? Watch(PublisherName name, RoomRunner watcher)
    {
        lock (_lock)
        {
            if (!_watchers.TryGetValue(name, out var watchers))
            {
                _watchers.Add(name, watchers = []);
            }

            watchers.Add(watcher);
            return _publishers.GetValueOrDefault(name);
        }
    }

    /// <summary><paramref name="watcher"/> does not show <paramref name="name"/> any more.</summary>
    public void Unwatch(PublisherName name, RoomRunner watcher)
    {
        lock (_lock)
        {
            if (_watchers.TryGetValue(name, out var watchers) && watchers.Remove(watcher) && watchers.Count == 0)
            {
                _watchers.Remove(name);
            }
        }
    }

    private void TellWatchers(PublisherName name)
    {
        foreach (var watcher in _watchers.GetValueOrDefault(name, []))
        {
            // Once told, a room looks at all it shows: until it does, it need not be told again.
            if (_toTell.Add(watcher))
            {
                _ = TellAsync(watcher);
            }
        }
    }

    private async Task TellAsync(RoomRunner watcher)
    {
        // Not under the caller's lock.
        await Task.Yield();
        bool isAlive = await watcher.InvokeAsync(room =>
        {
            Forget(watcher);
            room.Media.HandleRemoteChange();
        });
        if (!isAlive)
        {
            Forget(watcher);
        }
    }

    private void Forget(RoomRunner watcher)
    {
        lock (_lock)
        {
            _toTell.Remove(watcher);
        }
    }
}

using Dais.Rooms.Layouts;
using Dais.Server.Rooms;

namespace Dais.Server.Media;

/// <summary>The publishers of other rooms that one room shows. Lives in the room's loop.</summary>
internal sealed class RemotePublishers(PublisherDirectory directory, RoomRunner owner)
{
    private readonly Dictionary<PublisherName, PublishedTransport?> _shown = [];

    /// <summary>What the one on <paramref name="entry"/> publishes with; null when nothing.</summary>
    public PublishedTransport? Find(StageEntry entry) => _shown.GetValueOrDefault(NameOf(entry));

    /// <summary>Follows those <paramref name="remotes"/> name, and nobody else.</summary>
    public void Follow(IReadOnlyCollection<StageEntry> remotes)
    {
        foreach (var entry in remotes)
        {
            var name = NameOf(entry);
            if (!_shown.ContainsKey(name))
            {
                _shown.Add(name, directory.Watch(name, owner));
            }
        }

        if (_shown.Count > remotes.Count)
        {
            foreach (var name in _shown.Keys.Except(remotes.Select(NameOf)).ToList())
            {
                directory.Unwatch(name, owner);
                _shown.Remove(name);
            }
        }
    }

    /// <summary>Something has changed: looks all of them up again.</summary>
    public void Refresh()
    {
        foreach (var name in _shown.Keys)
        {
            _shown[name] = directory.Find(name);
        }
    }

    private static PublisherName NameOf(StageEntry entry) => new(entry.RoomId, entry.User.Id);
}

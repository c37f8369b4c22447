using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Rooms.Connections;

namespace Dais.Server.Rooms;

/// <summary>
/// What the rooms a room is connected with show of its host, told to them when it changes: each decides by itself what follows, a
/// moment later. Never more than one word to each is on its way, and it is read when it arrives, so it is the newest.
/// </summary>
/// <param name="connections">Where the other rooms are found.</param>
/// <param name="roomId">The host's room.</param>
public sealed class HostNews(HostConnections connections, RoomId roomId)
{
    private HostFacts? _told;
    private volatile News? _news;
    private int _changes;

    /// <summary>
    /// Takes note of <paramref name="committed"/>, the room as its log has it, and tells the others what is new to them; called by
    /// whoever has the room.
    /// </summary>
    public void Publish(Room committed)
    {
        if (committed.Connection is not { } connection)
        {
            _news = null;
            _told = null;
            return;
        }

        var facts = committed.HostFacts;
        _news = new News(facts, connection.Members);

        // Those who come, here or there, are told by the decision that connects the rooms.
        bool isNew = _told is not null && _told != facts;
        _told = facts;
        if (isNew)
        {
            _ = TellAsync();
        }
    }

    /// <summary>Tells all others, whatever they know, and returns when they have heard.</summary>
    public async Task TellAsync()
    {
        if (Interlocked.Increment(ref _changes) > 1)
        {
            // Whoever is telling does so once more.
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _changes);
            await Task.WhenAll((_news?.Members ?? []).Where(member => member.RoomId != roomId).Select(TellAsync));
        }
        while (Interlocked.CompareExchange(ref _changes, 0, seen) != seen);
    }

    private async Task TellAsync(ConnectedRoom other)
    {
        if (connections.Find(other.RoomId) is { } runner)
        {
            await runner.InvokeAsync(room =>
            {
                if (_news is { } news)
                {
                    room.Execute(new RoomCommand.RemoteHostChanged(roomId, news.Facts));
                }
            });
        }
    }

    private sealed record News(HostFacts Facts, ImmutableArray<ConnectedRoom> Members);
}

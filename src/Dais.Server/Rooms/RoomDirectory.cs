using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Media;
using Dais.Server.Observability;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Rooms;

/// <summary>The rooms of this node, by name. All that are live are here, from the start on: <see cref="RestoreAsync"/>.</summary>
public sealed class RoomDirectory(
    DaisOptions options,
    MediaPlane media,
    IEventLog events,
    HostConnections connections,
    IHostApplicationLifetime application,
    TimeProvider time,
    ServerMetrics metrics,
    ServerLog log)
{
    private const int PageDefault = 20;

    private readonly ConcurrentDictionary<string, RoomRunner> _rooms = new(StringComparer.Ordinal);
    private readonly Lock _creating = new();
    private readonly RoomOptions _roomOptions = new()
    {
        SeatGrace = options.SeatGrace,
        AudienceGrace = options.AudienceGrace,
        HostGrace = options.HostGrace,
        MessagesPerSecond = options.Messages.PerSecond,
        MessagesBurst = options.Messages.Burst,
        Limits = new RoomLimits { MembersMax = options.Limits.MembersPerRoomMax },
    };

    private long _lastNumber;

    /// <summary>Which rooms each user is in.</summary>
    public UserPlaces Places { get; } = new();

    /// <summary>The room called <paramref name="roomId"/>, or null.</summary>
    public RoomRunner? Find(string roomId) => _rooms.GetValueOrDefault(roomId);

    /// <summary>
    /// The room called <paramref name="roomId"/>, a new one when there is none; null when the node has no room for it.
    /// </summary>
    public RoomRunner? FindOrCreate(string roomId)
    {
        if (Find(roomId) is { } found)
        {
            return found;
        }

        lock (_creating)
        {
            if (Find(roomId) is { } other)
            {
                return other;
            }

            return _rooms.Count >= options.Limits.RoomsMax ? null : Create(roomId);
        }
    }

    /// <summary>Every live room as its log has it, in no particular order.</summary>
    public IEnumerable<RoomListing> Listings =>
        _rooms.Values.Select(runner => runner.Listing).Where(listing => listing.Room is not null);

    /// <summary>
    /// A page of the public rooms, newest first; null when <paramref name="cursor"/> is none of ours.
    /// </summary>
    /// <param name="cursor">Where the last page ended; empty for the first.</param>
    /// <param name="count">How many rooms at most; 0 for as many as usual.</param>
    /// <param name="fits">Which of them to list; null for all.</param>
    public RoomListResult? List(string cursor, int count = 0, Func<RoomInfo, bool>? fits = null) =>
        TryList(cursor, count, room => room.Settings.IsPublic && fits?.Invoke(RoomSnapshots.InfoOf(room)) != false, out var page, out string next)
            ? new RoomListResult([.. page.Select(listing => RoomSnapshots.InfoOf(listing.Room!))], next)
            : null;

    /// <summary>A page of the rooms, newest first; false when <paramref name="cursor"/> is none of ours.</summary>
    /// <param name="cursor">Where the last page ended; empty for the first.</param>
    /// <param name="count">How many rooms at most; 0 for as many as usual.</param>
    /// <param name="fits">Which rooms to list.</param>
    /// <param name="page">The rooms.</param>
    /// <param name="next">Where the next page starts; empty at the end.</param>
    public bool TryList(string cursor, int count, Func<Room, bool> fits, out ImmutableArray<RoomListing> page, out string next)
    {
        page = [];
        next = "";
        long before = long.MaxValue;
        if (cursor.Length > 0 && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return false;
        }

        int size = count == 0 ? PageDefault : count;
        RoomListing[] found =
        [
            .. Listings
                .Where(listing => listing.Number < before && fits(listing.Room!))
                .OrderByDescending(listing => listing.Number)
                .Take(size + 1),
        ];
        next = found.Length > size ? found[size - 1].Number.ToString(CultureInfo.InvariantCulture) : "";
        page = [.. found.Take(size)];
        return true;
    }

    /// <summary>
    /// Lets the rooms that were live when the last process ended go on, before anybody is let in.
    /// </summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var found = new List<StoredRoom>();
        await foreach (var entry in events.ListAsync(RoomStore.Prefix, cancellationToken))
        {
            if (entry.ExpiresAt is null)
            {
                found.Add(await StoreOf(entry.Stream[RoomStore.Prefix.Length..]).LoadAsync());
            }
        }

        RoomRunner[] runners =
        [
            .. found
                .OrderBy(stored => stored.Room.CreatedAt)
                .ThenBy(stored => stored.Room.Id.Value, StringComparer.Ordinal)
                .Select(stored => Create(stored.Room.Id.Value, stored)),
        ];
        connections.Start(Find);
        await Task.WhenAll(runners.Select(runner => runner.Ready)).WaitAsync(cancellationToken);

        // Each room knows of connected hosts what they were; what has become of them by the restart, they tell now.
        await Task.WhenAll(runners.Select(TellHostAsync)).WaitAsync(cancellationToken);
        if (runners.Length > 0)
        {
            log.RoomsRestored(runners.Length);
        }
    }

    /// <summary>
    /// Lets no room do anything more. Their members count as disconnected when the server starts again, not before: what a
    /// restart takes is not taken off their grace.
    /// </summary>
    public void Stop()
    {
        connections.Stop();
        foreach (var runner in _rooms.Values)
        {
            runner.Stop();
        }
    }

    /// <summary>Waits until every room has finished what it was at.</summary>
    public Task WaitForEndAsync()
    {
        Stop();
        return Task.WhenAll([connections.Ended, .. _rooms.Values.Select(runner => runner.Ended)]);
    }

    private RoomRunner Create(string roomId, StoredRoom? stored = null)
    {
        long number = ++_lastNumber;
        var store = StoreOf(roomId);
        var runner = new RoomRunner(
            async owner =>
            {
                var found = stored ?? await store.LoadAsync();
                Places.RecordAll(found.Room);
                return new LiveRoom(number, found, store, connections, media, owner, time, log) { Places = Places, Metrics = metrics };
            },
            time,
            log);
        _rooms[roomId] = runner;
        runner.Start(() => _rooms.TryRemove(KeyValuePair.Create(roomId, runner)), exception => Fail(number, exception));
        return runner;
    }

    private static async Task TellHostAsync(RoomRunner runner)
    {
        var telling = Task.CompletedTask;
        await runner.InvokeAsync(room => telling = room.TellHostAsync());
        await telling;
    }

    private RoomStore StoreOf(string roomId) => new(events, new RoomId(roomId), _roomOptions, options.Storage);

    /// <summary>
    /// A room whose events the log did not take is ahead of it, and what others have seen is not. Only a new start, from the
    /// log, puts that right.
    /// </summary>
    private void Fail(long number, Exception exception)
    {
        if (exception is not EventLogException)
        {
            // The log says itself why it stopped.
            log.RoomLost(number, exception);
        }

        Environment.ExitCode = 1;
        application.StopApplication();
    }
}

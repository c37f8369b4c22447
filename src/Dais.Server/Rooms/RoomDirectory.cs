using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Hosting;
using Dais.Server.Media;

namespace Dais.Server.Rooms;

/// <summary>The rooms of this node, by name.</summary>
public sealed class RoomDirectory(DaisOptions options, MediaPlane media, TimeProvider time, ServerLog log)
{
    private const int PageDefault = 20;

    private readonly ConcurrentDictionary<string, RoomRunner> _rooms = new(StringComparer.Ordinal);
    private readonly Lock _creating = new();
    private readonly RoomOptions _roomOptions = new()
    {
        SeatGrace = options.SeatGrace,
        AudienceGrace = options.AudienceGrace,
        HostGrace = options.HostGrace,
        Limits = new RoomLimits { MembersMax = options.Limits.MembersPerRoomMax },
    };

    private long _lastNumber;

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

    /// <summary>
    /// A page of the public rooms, newest first; null when <paramref name="cursor"/> is none of ours.
    /// </summary>
    public RoomListResult? List(string cursor, int count)
    {
        long before = long.MaxValue;
        if (cursor.Length > 0 && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return null;
        }

        int size = count == 0 ? PageDefault : count;
        RoomListing[] page =
        [
            .. _rooms.Values
                .Select(room => room.Listing)
                .Where(listing => listing.Info is not null && listing.Number < before)
                .OrderByDescending(listing => listing.Number)
                .Take(size + 1),
        ];
        string next = page.Length > size ? page[size - 1].Number.ToString(CultureInfo.InvariantCulture) : "";
        return new RoomListResult([.. page.Take(size).Select(listing => listing.Info!)], next);
    }

    private RoomRunner Create(string roomId)
    {
        long number = ++_lastNumber;
        var runner = new RoomRunner(
            owner => new LiveRoom(number, Room.Unstarted(new RoomId(roomId), _roomOptions), media, owner, time, log), time, log);
        _rooms[roomId] = runner;
        _ = runner.RunAsync(() => _rooms.TryRemove(KeyValuePair.Create(roomId, runner)));
        return runner;
    }
}

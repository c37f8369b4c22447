using System.Collections.Immutable;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>
/// The rooms a session is in, which are few; most sessions are in one. Each room's loop keeps its own entry, and anybody may look.
/// </summary>
public sealed class SessionRooms
{
    private ImmutableArray<KeyValuePair<string, RoomRunner>> _rooms = [];

    /// <summary>How many there are.</summary>
    public int Count => All.Length;

    /// <summary>The rooms by their ids, as they are now.</summary>
    public ImmutableArray<KeyValuePair<string, RoomRunner>> All => _rooms;

    /// <summary>Whether the session is in <paramref name="roomId"/>.</summary>
    public bool Has(string roomId) => All.Any(room => room.Key == roomId);

    /// <summary>The loop of <paramref name="roomId"/>, when the session is in it, or null.</summary>
    public RoomRunner? Find(string roomId) => All.FirstOrDefault(room => room.Key == roomId).Value;

    /// <summary>The session is in <paramref name="roomId"/>, whose loop is <paramref name="runner"/>.</summary>
    public void Set(string roomId, RoomRunner runner) => ImmutableInterlocked.Update(
        ref _rooms,
        static (rooms, entered) => [.. rooms.Where(room => room.Key != entered.Key), entered],
        KeyValuePair.Create(roomId, runner));

    /// <summary>The session is not in <paramref name="roomId"/> any more.</summary>
    public void Remove(string roomId) => ImmutableInterlocked.Update(
        ref _rooms, static (rooms, left) => rooms.RemoveAll(room => room.Key == left), roomId);
}

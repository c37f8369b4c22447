using System.Collections.Immutable;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>
/// The last events of rooms a session is in no longer, at most <paramref name="countMax"/>: a client whose connection was
/// lost around that moment hears of them when it resumes. Each room's loop keeps its own, and anybody may look.
/// </summary>
public sealed class RoomFarewells(int countMax)
{
    private ImmutableArray<(string RoomId, HeldEvent Event)> _farewells = [];

    /// <summary>Keeps the last event of room <paramref name="roomId"/>.</summary>
    public void Keep(string roomId, HeldEvent happened) => ImmutableInterlocked.Update(
        ref _farewells,
        static (kept, next) => [.. kept.Skip(kept.Length - next.Before), next.Farewell],
        (Before: countMax - 1, Farewell: (roomId, happened)));

    /// <summary>The last event of room <paramref name="roomId"/>, or null.</summary>
    public HeldEvent? Find(string roomId) => _farewells.LastOrDefault(farewell => farewell.RoomId == roomId).Event;

    /// <summary>The client is in room <paramref name="roomId"/> again.</summary>
    public void Forget(string roomId) => ImmutableInterlocked.Update(
        ref _farewells, static (kept, forgotten) => kept.RemoveAll(farewell => farewell.RoomId == forgotten), roomId);
}

using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>
/// The last events of rooms a session is in no longer, at most <paramref name="countMax"/>: a client whose connection was
/// lost around that moment hears of them when it resumes.
/// </summary>
public sealed class RoomFarewells(int countMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<(string RoomId, HeldEvent Event)> _farewells = new();

    /// <summary>Keeps the last event of room <paramref name="roomId"/>.</summary>
    public void Keep(string roomId, HeldEvent happened)
    {
        lock (_lock)
        {
            _farewells.Enqueue((roomId, happened));
            if (_farewells.Count > countMax)
            {
                _farewells.Dequeue();
            }
        }
    }

    /// <summary>The last event of room <paramref name="roomId"/>, or null.</summary>
    public HeldEvent? Find(string roomId)
    {
        lock (_lock)
        {
            return _farewells.LastOrDefault(farewell => farewell.RoomId == roomId).Event;
        }
    }

    /// <summary>The client is in room <paramref name="roomId"/> again.</summary>
    public void Forget(string roomId)
    {
        lock (_lock)
        {
            for (int left = _farewells.Count; left > 0; left--)
            {
                var farewell = _farewells.Dequeue();
                if (farewell.RoomId != roomId)
                {
                    _farewells.Enqueue(farewell);
                }
            }
        }
    }
}

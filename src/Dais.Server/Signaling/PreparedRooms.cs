using System.Diagnostics.CodeAnalysis;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>The rooms a session has prepared a transport for and is not in; each room's loop keeps its own entry.</summary>
public sealed class PreparedRooms
{
    /// <summary>How many there may be: the one a pointer rests on, and the one it was on before.</summary>
    public const int Max = 2;

    private readonly Lock _lock = new();
    private readonly List<RoomRunner> _rooms = [];

    /// <summary>The rooms, the oldest preparation first.</summary>
    public RoomRunner[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _rooms];
            }
        }
    }

    /// <summary>A room was prepared.</summary>
    public void Add(RoomRunner room)
    {
        lock (_lock)
        {
            _rooms.Add(room);
        }
    }

    /// <summary>A room is not prepared any more.</summary>
    public void Remove(RoomRunner room)
    {
        lock (_lock)
        {
            _rooms.Remove(room);
        }
    }

    /// <summary>The oldest room if there are too many, which is to be dropped; false while there are not.</summary>
    public bool TryFindExcess([NotNullWhen(true)] out RoomRunner? room)
    {
        lock (_lock)
        {
            room = _rooms.Count > Max ? _rooms[0] : null;
            return room is not null;
        }
    }
}

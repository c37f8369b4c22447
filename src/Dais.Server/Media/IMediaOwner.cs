using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>Whoever lives by one transport and not by a WebSocket: the transport's end is theirs.</summary>
public interface IMediaOwner
{
    /// <summary>The session they are in the room by, if by their own.</summary>
    ClientSession Session { get; }

    /// <summary>
    /// The transport is over; called in the room's loop. With <paramref name="reason"/> it ended by itself; without, the room ended it:
    /// the member left, something newer took its place, or the room is over.
    /// </summary>
    void Ended(LiveRoom room, TransportCloseReason? reason);
}

/// <summary>Whom a viewer sees who is shown one person instead of the whole stage.</summary>
/// <param name="SeatIndex">Whoever sits on that seat; null for the host, or, while the host is on no seat, the first on stage.</param>
public readonly record struct StageView(int? SeatIndex);

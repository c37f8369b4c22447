using System.Text;

namespace Dais.Rooms.Guests;

/// <summary>What applications and invitations have in common.</summary>
internal static class RequestLimits
{
    /// <summary>Refuses a request beyond the limits.</summary>
    /// <param name="room">The room.</param>
    /// <param name="openCount">How many of its kind are open.</param>
    /// <param name="extraInfo">What is attached to it.</param>
    internal static RoomError? Check(Room room, int openCount, string extraInfo)
    {
        var limits = room.Options.Limits;
        bool isTooMuch = openCount >= limits.OpenRequestsMax || Encoding.UTF8.GetByteCount(extraInfo) > limits.ExtraInfoBytesMax;
        return isTooMuch ? RoomError.LimitReached : null;
    }

    /// <summary>When a request runs out; a timeout of zero is none.</summary>
    internal static WallClockTime Deadline(WallClockTime now, TimeSpan timeout) =>
        timeout <= TimeSpan.Zero ? WallClockTime.Never : now + timeout;
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Seats;

namespace Dais.Server.Webhooks;

/// <summary>An event of a room with the time it happened at.</summary>
/// <param name="Seq">Its place in the room's stream.</param>
/// <param name="At">When it happened.</param>
/// <param name="Event">What happened.</param>
public sealed record PlacedEvent(long Seq, WallClockTime At, RoomEvent Event);

/// <summary>
/// What a reader of a room's stream knows at a position: enough to say what the next event means to a backend. The same
/// events always give the same, in every process.
/// </summary>
/// <param name="Room">The room.</param>
/// <param name="Clock">
/// The <c>clientSeq</c> of the last event: its time in milliseconds, or one more than the event before when the clock stood
/// still or was put back. So it grows with every event of a room.
/// </param>
/// <param name="LastUid">Who left last, by number; 0 while nobody has.</param>
/// <param name="Leaving">Who has lost the seat because they are leaving the room, until they have; or null.</param>
public sealed record NoticeFold(Room Room, long Clock, uint LastUid, UserId? Leaving)
{
    /// <summary>How many events of one decision may lie between losing the seat and leaving the room.</summary>
    public const int LookaheadMax = 8;

    /// <summary>One life of the room: its id and when it went live. Empty before the first event that was looked at.</summary>
    public string Sid { get; private init; } = "";

    /// <summary>What is known before a room's first event, and after the end of each of its lives.</summary>
    public static NoticeFold Unstarted(RoomId id, long clock = 0, uint lastUid = 0) =>
        new(Room.Unstarted(id, new RoomOptions()), clock, lastUid, null);

    /// <summary>What is known after <paramref name="placed"/>.</summary>
    /// <param name="placed">The next event.</param>
    /// <param name="following">The events after it, at least to the end of its decision.</param>
    public NoticeFold After(PlacedEvent placed, ReadOnlySpan<PlacedEvent> following)
    {
        ArgumentNullException.ThrowIfNull(placed);
        var room = Room.Apply(placed.Event);
        return new NoticeFold(
            room,
            Math.Max(Clock + 1, placed.At.Milliseconds),
            placed.Event switch
            {
                RoomEvent.Started => 0,
                RoomEvent.MemberLeft left => WebhookUserNumber.Of(left.Member.User.Id),
                _ => LastUid,
            },
            placed.Event switch
            {
                RoomEvent.SeatLeft left when LeavesRoom(left, placed.At, following) => left.User.Id,
                RoomEvent.MemberLeft => null,
                _ => Leaving,
            })
        {
            Sid = Sid.Length > 0 && room.CreatedAt == Room.CreatedAt ? Sid : SidOf(room),
        };
    }

    /// <summary>Whether a member counts as a broadcaster: the host, and whoever is on a seat or just lost it by leaving.</summary>
    public bool IsBroadcaster(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.Role == Role.Host || member.User.Id == Leaving || Room.SeatOf(member.User.Id) is not null;
    }

    private static string SidOf(Room room) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{room.CreatedAt.Milliseconds}/{room.Id.Value}"))))[..32];

    /// <summary>Whether the same decision takes the user out of the room.</summary>
    private static bool LeavesRoom(RoomEvent.SeatLeft lost, WallClockTime at, ReadOnlySpan<PlacedEvent> following)
    {
        if (lost.Reason is SeatLeaveReason.Left or SeatLeaveReason.Replaced)
        {
            return false;
        }

        for (int i = 0; i < following.Length && i < LookaheadMax && following[i].At == at; i++)
        {
            switch (following[i].Event)
            {
                case RoomEvent.MemberLeft left when left.Member.User.Id == lost.User.Id:
                    // Taken off the seat, and then gone in the same millisecond by their own will, is two decisions.
                    return (lost.Reason == SeatLeaveReason.Kicked) == (left.Reason == MemberLeaveReason.Kicked);
                case RoomEvent.SeatTaken taken when taken.User.Id == lost.User.Id:
                    return false;
            }
        }

        return false;
    }
}

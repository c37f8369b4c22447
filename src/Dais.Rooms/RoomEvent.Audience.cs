using Dais.Rooms.Audience;

namespace Dais.Rooms;

public abstract partial record RoomEvent
{
    /// <summary>A member came in: `audience.joined`, to those the announcement names.</summary>
    public sealed record MemberJoined(Member Member, Announcement To) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithMember(Member) with
        {
            JoinCount = Member.JoinNumber,
            ByJoin = room.ByJoin.Add(Member.JoinNumber, Member.User.Id),
            AudienceChanged = room.AudienceChanged || Member.Role != Role.Host,
        };
    }

    /// <summary>A member came with a newer connection; no notification, but the older connection is closed and told why.</summary>
    public sealed record MemberReplaced(User User, ConnectionId Replaced, ConnectionId Connection, ClientPlatform Platform) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithMember(
            room.Members[User.Id] with { Connection = Connection, Platform = Platform });
    }

    /// <summary>A member's connection is lost, and their place is kept for a while: `seat.changed` when they are on a
    /// seat, for its reconnecting mark.</summary>
    public sealed record MemberDisconnected(User User, WallClockTime ReturnBy) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithPresence(room.Members[User.Id] with { ReturnBy = ReturnBy });
    }

    /// <summary>A member is back in time: `seat.changed` when they are on a seat.</summary>
    public sealed record MemberReturned(User User, ConnectionId Connection, ClientPlatform Platform) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithPresence(
            room.Members[User.Id] with { ReturnBy = null, Connection = Connection, Platform = Platform });
    }

    /// <summary>A member has left: `audience.left`, to those the announcement names.</summary>
    public sealed record MemberLeft(Member Member, MemberLeaveReason Reason, User? By, WallClockTime At, Announcement To) : RoomEvent
    {
        /// <summary>How long the member was there.</summary>
        public TimeSpan Duration => At - Member.JoinedAt;

        internal override Room ApplyTo(Room room) => room.WithoutAbsence(Member.User.Id) with
        {
            Members = room.Members.Remove(Member.User.Id),
            ByJoin = room.ByJoin.Remove(Member.JoinNumber),
            PresenceStates = room.PresenceStates.Without(Member.User.Id),
            AudienceChanged = room.AudienceChanged || Member.Role != Role.Host,
        };
    }

    /// <summary>The audience has changed since the last such event: `audience.changed`, with the room's count and sample.</summary>
    public sealed record AudienceCounted(int Count, WallClockTime At) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room with { AudienceChanged = false, AudienceCountedAt = At };
    }

    /// <summary>The host has made a member an admin, or no longer: `member.roleChanged`.</summary>
    public sealed record RoleChanged(User User, Role Role) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithMember(room.Members[User.Id] with { Role = Role }) with
        {
            Admins = Role == Role.Admin ? room.Admins.Add(User.Id) : room.Admins.Remove(User.Id),
        };
    }

    /// <summary>A member's devices have changed: `seat.changed` when they are on a seat.</summary>
    public sealed record DevicesChanged(User User, DeviceState Microphone, DeviceState Camera) : RoomEvent
    {
        internal override Room ApplyTo(Room room) => room.WithMember(
            room.Members[User.Id] with { Microphone = Microphone, Camera = Camera });
    }
}

using System.Collections.Immutable;
using Dais.Rooms.Audience;

namespace Dais.Rooms.Connections;

/// <summary>A room and whose it is, as hosts of other rooms see it.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Host">Its host.</param>
public sealed record RoomHost(RoomId RoomId, User Host);

/// <summary>What the rooms a room is connected with show of its host.</summary>
/// <param name="User">The host.</param>
/// <param name="SeatIndex">The seat the host sits on, in their own room; null while they are not on stage.</param>
/// <param name="Microphone">The host's microphone; off while they are away or not on stage.</param>
/// <param name="Camera">The host's camera; off while they are away or not on stage.</param>
public sealed record HostFacts(User User, int? SeatIndex, DeviceState Microphone, DeviceState Camera)
{
    /// <summary>What is to be known of the host of <paramref name="room"/>.</summary>
    internal static HostFacts Of(Room room)
    {
        var member = room.MemberOf(room.Owner.Id);
        var user = member?.User ?? room.Owner;
        if (member is null || room.SeatOf(user.Id) is not { } seat)
        {
            return new HostFacts(user, null, DeviceState.Off, DeviceState.Off);
        }

        bool isAway = member.ReturnBy is not null;
        return new HostFacts(user, seat.Index, AsSeen(member.Microphone, isAway), AsSeen(member.Camera, isAway));
    }

    private static DeviceState AsSeen(DeviceState device, bool isAway) =>
        isAway && device == DeviceState.On ? DeviceState.Off : device;
}

/// <summary>A room of a connection, as one of its rooms knows it.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Facts">What is shown of its host; of the room's own host, what was when the connection changed last.</param>
/// <param name="Slot">The slot that carries the host here, kept until they leave their stage; null when they are not on it, and
/// for the room itself.</param>
public sealed record ConnectedRoom(RoomId RoomId, HostFacts Facts, int? Slot)
{
    /// <summary>The room and its host.</summary>
    public RoomHost Host => new(RoomId, Facts.User);
}

/// <summary>Rooms that are connected, as one of them knows it: the audience of each sees the hosts of all.</summary>
/// <param name="Id">The connection's id.</param>
/// <param name="LayoutTemplateId">How the stage is drawn meanwhile.</param>
/// <param name="Version">How many events the connection's own stream has.</param>
/// <param name="Members">The connected rooms, this one included, in the order in which they came.</param>
/// <param name="MutedRooms">The rooms whose sound this one does not hear, in the order in which they were silenced.</param>
public sealed record HostConnection(
    LinkId Id, int LayoutTemplateId, long Version, ImmutableArray<ConnectedRoom> Members, ImmutableArray<RoomId> MutedRooms)
{
    /// <summary>The most rooms that can be connected.</summary>
    public const int MembersMax = 9;

    /// <summary>The member that is <paramref name="room"/>, or null.</summary>
    public ConnectedRoom? MemberOf(RoomId room) => Members.FirstOrDefault(member => member.RoomId == room);

    /// <summary>Whether this room does not hear <paramref name="room"/>.</summary>
    public bool IsMuted(RoomId room) => MutedRooms.Contains(room);

    internal HostConnection WithMember(ConnectedRoom changed) =>
        this with { Members = [.. Members.Select(member => member.RoomId == changed.RoomId ? changed : member)] };
}

/// <summary>A room that has left a connection.</summary>
/// <param name="Host">The room and its host.</param>
/// <param name="Reason">Why it left.</param>
public sealed record DepartedHost(RoomHost Host, HostLeaveReason Reason);

/// <summary>Why a room left a connection.</summary>
public enum HostLeaveReason
{
    /// <summary>Its host, or an admin, left the connection.</summary>
    Left,

    /// <summary>The room ended.</summary>
    RoomEnded,

    /// <summary>Its host was away for too long.</summary>
    HostTimeout,

    /// <summary>The application's backend ended the connection.</summary>
    Removed,

    /// <summary>It was the last one left.</summary>
    Alone,
}

using System.Diagnostics;
using Dais.Protocol;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>
/// Values of the domain in the words of the contract. The two are kept apart so that each can change alone.
/// </summary>
public static class WireMapping
{
    /// <summary>A user.</summary>
    public static User ToWire(this Domain.Audience.User user) => new(user.Id.Value, user.UserName, user.AvatarUrl);

    /// <summary>A user, or nobody.</summary>
    public static User? ToWireOrNull(this Domain.Audience.User? user) => user?.ToWire();

    /// <summary>A user in the domain's words.</summary>
    public static Domain.Audience.User ToDomain(this User user) =>
        new(new Domain.UserId(user.UserId), user.UserName, user.AvatarUrl);

    /// <summary>What a member may do.</summary>
    public static Role ToWire(this Domain.Audience.Role role) => role switch
    {
        Domain.Audience.Role.Audience => Role.Audience,
        Domain.Audience.Role.Admin => Role.Admin,
        Domain.Audience.Role.Host => Role.Host,
        _ => throw new UnreachableException(),
    };

    /// <summary>The state of a device.</summary>
    public static DeviceState ToWire(this Domain.Audience.DeviceState state) => state switch
    {
        Domain.Audience.DeviceState.Off => DeviceState.Off,
        Domain.Audience.DeviceState.On => DeviceState.On,
        Domain.Audience.DeviceState.Locked => DeviceState.Locked,
        _ => throw new UnreachableException(),
    };

    /// <summary>How members come on stage.</summary>
    public static SeatMode ToWire(this Domain.Seats.SeatMode mode) => mode switch
    {
        Domain.Seats.SeatMode.Apply => SeatMode.Apply,
        Domain.Seats.SeatMode.Free => SeatMode.Free,
        _ => throw new UnreachableException(),
    };

    /// <summary>How members come on stage, in the domain's words.</summary>
    public static Domain.Seats.SeatMode ToDomain(this SeatMode mode) => mode switch
    {
        SeatMode.Apply => Domain.Seats.SeatMode.Apply,
        SeatMode.Free => Domain.Seats.SeatMode.Free,
        _ => throw new UnreachableException(),
    };

    /// <summary>What happens when someone moves to a seat that is taken, in the domain's words.</summary>
    public static Domain.Seats.MovePolicy ToDomain(this MovePolicy policy) => policy switch
    {
        MovePolicy.Abort => Domain.Seats.MovePolicy.Abort,
        MovePolicy.Replace => Domain.Seats.MovePolicy.Replace,
        MovePolicy.Swap => Domain.Seats.MovePolicy.Swap,
        _ => throw new UnreachableException(),
    };

    /// <summary>What a host or admin does to a device, in the domain's words; null for nothing.</summary>
    public static Domain.Seats.DeviceOrder? ToDomain(this DeviceOrder? order) => order switch
    {
        null => null,
        DeviceOrder.Off => Domain.Seats.DeviceOrder.Off,
        DeviceOrder.Locked => Domain.Seats.DeviceOrder.Lock,
        DeviceOrder.Unlocked => Domain.Seats.DeviceOrder.Unlock,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why someone no longer sits.</summary>
    public static SeatLeaveReason ToWire(this Domain.Seats.SeatLeaveReason reason) => reason switch
    {
        Domain.Seats.SeatLeaveReason.Left => SeatLeaveReason.Left,
        Domain.Seats.SeatLeaveReason.Kicked => SeatLeaveReason.Kicked,
        Domain.Seats.SeatLeaveReason.TimedOut => SeatLeaveReason.TimedOut,
        Domain.Seats.SeatLeaveReason.Replaced => SeatLeaveReason.Replaced,
        Domain.Seats.SeatLeaveReason.RoomLeft => SeatLeaveReason.RoomLeft,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a member left.</summary>
    public static MemberLeaveReason ToWire(this Domain.Audience.MemberLeaveReason reason) => reason switch
    {
        Domain.Audience.MemberLeaveReason.Left => MemberLeaveReason.Left,
        Domain.Audience.MemberLeaveReason.Kicked => MemberLeaveReason.Kicked,
        Domain.Audience.MemberLeaveReason.ConnectionLost => MemberLeaveReason.ConnectionLost,
        _ => throw new UnreachableException(),
    };

    /// <summary>How a request ended.</summary>
    public static RequestOutcome ToWire(this Domain.Guests.RequestOutcome outcome) => outcome switch
    {
        Domain.Guests.RequestOutcome.Accepted => RequestOutcome.Accepted,
        Domain.Guests.RequestOutcome.Rejected => RequestOutcome.Rejected,
        Domain.Guests.RequestOutcome.Cancelled => RequestOutcome.Cancelled,
        Domain.Guests.RequestOutcome.TimedOut => RequestOutcome.TimedOut,
        Domain.Guests.RequestOutcome.AlreadySeated => RequestOutcome.AlreadySeated,
        Domain.Guests.RequestOutcome.Failed => RequestOutcome.Failed,
        Domain.Guests.RequestOutcome.RoomEnded => RequestOutcome.RoomEnded,
        _ => throw new UnreachableException(),
    };

    /// <summary>An open request.</summary>
    public static SeatRequest ToWire(this Domain.Guests.SeatRequest request) => new(
        request.Id.Value,
        request.User.ToWire(),
        request.Inviter.ToWireOrNull(),
        request.SeatIndex,
        request.CreatedAt.Milliseconds,
        request.ExpiresAt == Domain.WallClockTime.Never ? null : request.ExpiresAt.Milliseconds,
        request.ExtraInfo);

    /// <summary>A room and its host.</summary>
    public static RoomHost ToWire(this Domain.Connections.RoomHost room) => new(room.RoomId.Value, room.Host.ToWire());

    /// <summary>An open request to connect.</summary>
    public static HostRequest ToWire(this Domain.Connections.HostRequest request) => new(
        request.Id.Value,
        request.From.ToWire(),
        request.To.ToWire(),
        request.LayoutTemplateId,
        request.ExtraInfo,
        request.ExpiresAt == Domain.WallClockTime.Never ? null : request.ExpiresAt.Milliseconds);

    /// <summary>Rooms that are connected.</summary>
    public static HostConnection ToWire(this Domain.Connections.HostConnection connection) => new(
        connection.Id.Value,
        connection.LayoutTemplateId,
        [.. connection.Members.Select(member => member.Host.ToWire())],
        [.. connection.MutedRooms.Select(room => room.Value)]);

    /// <summary>A room that has left a connection.</summary>
    public static DepartedHost ToWire(this Domain.Connections.DepartedHost departed) =>
        new(departed.Host.RoomId.Value, departed.Host.Host.ToWire(), departed.Reason.ToWire());

    /// <summary>Why a room left a connection.</summary>
    public static HostLeaveReason ToWire(this Domain.Connections.HostLeaveReason reason) => reason switch
    {
        Domain.Connections.HostLeaveReason.Left => HostLeaveReason.Left,
        Domain.Connections.HostLeaveReason.RoomEnded => HostLeaveReason.RoomEnded,
        Domain.Connections.HostLeaveReason.HostTimeout => HostLeaveReason.HostTimeout,
        Domain.Connections.HostLeaveReason.Removed => HostLeaveReason.Removed,
        Domain.Connections.HostLeaveReason.Alone => HostLeaveReason.Alone,
        _ => throw new UnreachableException(),
    };

    /// <summary>What regions are fractions of.</summary>
    public static Canvas ToWire(this Domain.Layouts.Canvas canvas) => new(canvas.Width, canvas.Height);

    /// <summary>Someone on stage.</summary>
    public static StageEntry ToWire(this Domain.Layouts.StageEntry entry) => new(
        entry.Slot,
        entry.RoomId.Value,
        entry.SeatIndex,
        entry.User.ToWire(),
        entry.Microphone.ToWire(),
        entry.Camera.ToWire(),
        new Region(entry.Region.X, entry.Region.Y, entry.Region.Width, entry.Region.Height, entry.Region.ZOrder));

    /// <summary>Whether the host is there. Only a live room is ever shown.</summary>
    public static RoomPhase ToWire(this Domain.RoomPhase phase) => phase switch
    {
        Domain.RoomPhase.Live => RoomPhase.Live,
        Domain.RoomPhase.HostAway => RoomPhase.HostAway,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a room ended.</summary>
    public static RoomEndReason ToWire(this Domain.RoomEndReason reason) => reason switch
    {
        Domain.RoomEndReason.Host => RoomEndReason.Host,
        Domain.RoomEndReason.Server => RoomEndReason.Server,
        Domain.RoomEndReason.HostTimeout => RoomEndReason.HostTimeout,
        _ => throw new UnreachableException(),
    };

    /// <summary>The error a refusal is on the wire.</summary>
    public static ErrorCode ToWire(this Domain.RoomError error) => ErrorCodes.Named(error.ToString());
}

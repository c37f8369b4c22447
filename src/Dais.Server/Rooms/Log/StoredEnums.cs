using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Messages;
using Dais.Rooms.Seats;

namespace Dais.Server.Rooms.Log;

/// <summary>The numbers by which the values of an enumeration are stored, whatever the domain calls or counts them.</summary>
public sealed class EnumCodes<TEnum>
    where TEnum : struct, Enum
{
    private readonly Dictionary<TEnum, byte> _codes = [];
    private readonly Dictionary<byte, TEnum> _values = [];

    /// <summary>The values with their numbers.</summary>
    public EnumCodes(params (TEnum Value, byte Code)[] codes)
    {
        foreach (var (value, code) in codes)
        {
            _codes.Add(value, code);
            _values.Add(code, value);
        }
    }

    /// <summary>Every value that can be stored, with its number.</summary>
    public IReadOnlyDictionary<TEnum, byte> Codes => _codes;

    /// <summary>Writes a value.</summary>
    public void Write(RecordWriter to, TEnum value) => to.Byte(_codes[value]);

    /// <summary>Reads a value.</summary>
    public TEnum Read(RecordReader from) => _values.TryGetValue(from.Byte(), out var value)
        ? value
        : throw new InvalidDataException($"An unknown {typeof(TEnum).Name}.");

    /// <summary>Writes a value that may be missing.</summary>
    public void WriteOptional(RecordWriter to, TEnum? value)
    {
        to.Bool(value is not null);
        if (value is { } given)
        {
            Write(to, given);
        }
    }

    /// <summary>Reads a value that may be missing.</summary>
    public TEnum? ReadOptional(RecordReader from) => from.Bool() ? Read(from) : null;
}

/// <summary>The numbers of every enumeration in stored records. A number is never given to another value.</summary>
public static class StoredEnums
{
    /// <summary>Where a room is in its life.</summary>
    public static readonly EnumCodes<RoomPhase> Phase = new(
        (RoomPhase.NotStarted, 0), (RoomPhase.Live, 1), (RoomPhase.HostAway, 2), (RoomPhase.Ended, 3));

    /// <summary>Why a room ended.</summary>
    public static readonly EnumCodes<RoomEndReason> EndReason = new(
        (RoomEndReason.Host, 0), (RoomEndReason.Server, 1), (RoomEndReason.HostTimeout, 2));

    /// <summary>What a member may do.</summary>
    public static readonly EnumCodes<Role> Role = new(
        (Dais.Rooms.Audience.Role.Audience, 0), (Dais.Rooms.Audience.Role.Admin, 1), (Dais.Rooms.Audience.Role.Host, 2));

    /// <summary>What a client runs on.</summary>
    public static readonly EnumCodes<ClientPlatform> Platform = new(
        (ClientPlatform.Other, 0),
        (ClientPlatform.Android, 1),
        (ClientPlatform.Ios, 2),
        (ClientPlatform.Windows, 5),
        (ClientPlatform.Linux, 6),
        (ClientPlatform.Web, 7),
        (ClientPlatform.MacOs, 8));

    /// <summary>The state of a device.</summary>
    public static readonly EnumCodes<DeviceState> Device = new(
        (DeviceState.Off, 0), (DeviceState.On, 1), (DeviceState.Locked, 2));

    /// <summary>Why a member left.</summary>
    public static readonly EnumCodes<MemberLeaveReason> MemberLeave = new(
        (MemberLeaveReason.Left, 0), (MemberLeaveReason.Kicked, 1), (MemberLeaveReason.ConnectionLost, 2));

    /// <summary>Who was told.</summary>
    public static readonly EnumCodes<Announcement> Announcement = new(
        (Dais.Rooms.Audience.Announcement.Nobody, 0),
        (Dais.Rooms.Audience.Announcement.HostsAndAdmins, 1),
        (Dais.Rooms.Audience.Announcement.Everybody, 2));

    /// <summary>How members come on stage.</summary>
    public static readonly EnumCodes<SeatMode> SeatMode = new(
        (Dais.Rooms.Seats.SeatMode.Apply, 0), (Dais.Rooms.Seats.SeatMode.Free, 1));

    /// <summary>Why someone no longer sits.</summary>
    public static readonly EnumCodes<SeatLeaveReason> SeatLeave = new(
        (SeatLeaveReason.Left, 0),
        (SeatLeaveReason.Kicked, 1),
        (SeatLeaveReason.TimedOut, 2),
        (SeatLeaveReason.Replaced, 3),
        (SeatLeaveReason.RoomLeft, 4));

    /// <summary>How a request ended.</summary>
    public static readonly EnumCodes<RequestOutcome> Outcome = new(
        (RequestOutcome.Accepted, 0),
        (RequestOutcome.Rejected, 1),
        (RequestOutcome.Cancelled, 2),
        (RequestOutcome.TimedOut, 3),
        (RequestOutcome.AlreadySeated, 4),
        (RequestOutcome.Failed, 5),
        (RequestOutcome.RoomEnded, 6));

    /// <summary>Why a room left a connection.</summary>
    public static readonly EnumCodes<HostLeaveReason> HostLeave = new(
        (HostLeaveReason.Left, 0),
        (HostLeaveReason.RoomEnded, 1),
        (HostLeaveReason.HostTimeout, 2),
        (HostLeaveReason.Removed, 3),
        (HostLeaveReason.Alone, 4));

    /// <summary>What kind of message it is.</summary>
    public static readonly EnumCodes<MessageKind> MessageKind = new(
        (Dais.Rooms.Messages.MessageKind.Text, 0), (Dais.Rooms.Messages.MessageKind.Custom, 1));

    /// <summary>Why nobody could be seated, or no rooms connected.</summary>
    public static readonly EnumCodes<RoomError> Error = new(
        (RoomError.RoomIdTaken, 0),
        (RoomError.RoomNotFound, 1),
        (RoomError.UserNotInRoom, 2),
        (RoomError.NoPermission, 3),
        (RoomError.RoomFull, 4),
        (RoomError.SeatLocked, 5),
        (RoomError.SeatOccupied, 6),
        (RoomError.AlreadySeated, 7),
        (RoomError.AllSeatsOccupied, 8),
        (RoomError.NotSeated, 9),
        (RoomError.NoSuchRequest, 10),
        (RoomError.NoSuchSeat, 11),
        (RoomError.TooManySeats, 12),
        (RoomError.MicrophoneLocked, 13),
        (RoomError.CameraLocked, 14),
        (RoomError.TooManyMetadataKeys, 15),
        (RoomError.MetadataTooLarge, 16),
        (RoomError.LimitReached, 17),
        (RoomError.ConnectionNotFound, 18),
        (RoomError.ConnectedElsewhere, 19),
        (RoomError.TooManyConnections, 20),
        (RoomError.MessagesDisabled, 21),
        (RoomError.MessageDisabled, 22),
        (RoomError.RateLimited, 23),
        (RoomError.TooLarge, 24));
}

using System.Collections.Immutable;
using System.Diagnostics;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Signaling;
using Domain = Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>Who in a room receives a notification.</summary>
/// <param name="Everybody">All members; otherwise the host and the admins.</param>
/// <param name="Also">Someone who receives it whatever their role, or null.</param>
/// <param name="Inviter">Who made the invitation it is about, who may no longer be an admin; or null.</param>
public readonly record struct Recipients(bool Everybody, UserId? Also, UserId? Inviter = null)
{
    /// <summary>All members.</summary>
    public static Recipients All { get; } = new(true, null);

    /// <summary>The host and the admins.</summary>
    public static Recipients Moderators { get; } = new(false, null);

    /// <summary>The host, the admins, <paramref name="user"/> and <paramref name="inviter"/>.</summary>
    public static Recipients ModeratorsAnd(UserId? user, UserId? inviter) => new(false, user, inviter);

    /// <summary>Those who receive it and nobody else; null when the roles say who does.</summary>
    public ImmutableArray<UserId>? Only { get; init; }

    /// <summary>
    /// Whether <paramref name="user"/>, a member of <paramref name="room"/> or just no longer one, is among them.
    /// </summary>
    public bool Include(UserId user, Room room) =>
        Only is { } only
            ? only.Contains(user)
            : Everybody || user == Also || user == Inviter || room.Moderators.Contains(user);

    /// <summary>Those among the members of <paramref name="room"/>, or just no longer among them, when it is not everybody; some maybe twice.</summary>
    public IEnumerable<UserId> In(Room room)
    {
        if (Only is { } only)
        {
            return only;
        }

        IEnumerable<UserId?> named = [Also, Inviter];
        return room.Moderators.Concat(named.OfType<UserId>());
    }
}

/// <summary>A notification in its final bytes, the same for every receiver.</summary>
/// <param name="Message">The whole message.</param>
/// <param name="To">Who receives it.</param>
public sealed record RoomNotification(ReadOnlyMemory<byte> Message, Recipients To);

/// <summary>The events of a room as the contract's notifications: which one, with what data, to whom.</summary>
public static class RoomNotifications
{
    /// <summary>The notification of <paramref name="happened"/>, or null when there is none.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="room">The room right after it.</param>
    /// <param name="seq">Its place in the room's log.</param>
    /// <param name="at">When it happened.</param>
    public static RoomNotification? Of(RoomEvent happened, Room room, long seq, WallClockTime at)
    {
        var place = new Place(room.Id.Value, seq, at.Milliseconds);
        return happened switch
        {
            RoomEvent.Started or RoomEvent.MemberReplaced => null,
            RoomEvent.Updated updated => Write(place, Notifications.RoomUpdated, DataOf(updated, room), Recipients.All),
            RoomEvent.PhaseChanged phase => Write(
                place, Notifications.RoomPhase, new RoomPhaseData(phase.Phase.ToWire()), Recipients.All),
            RoomEvent.Ended ended => Write(
                place, Notifications.RoomEnded, new RoomEndedData(ended.Reason.ToWire()), Recipients.All),
            RoomEvent.StageChanged stage => Write(
                place,
                Notifications.StageChanged,
                new StageChangedData([.. stage.Stage.Select(entry => entry.ToWire())], stage.Canvas.ToWire()),
                Recipients.All),
            RoomEvent.HostRequested or RoomEvent.HostRequestEnded or RoomEvent.ConnectionChanged or RoomEvent.RemoteHostUpdated =>
                OfConnections(happened, place),
            RoomEvent.MessageSent or RoomEvent.MessageDisabledChanged or RoomEvent.PresenceChanged => OfMessages(happened, place),
            _ => OfSeats(happened, room, place) ?? OfAudience(happened, room, place),
        };
    }

    private static RoomNotification? OfSeats(RoomEvent happened, Room room, Place place) => happened switch
    {
        RoomEvent.SeatTaken taken => SeatChanged(place, room, [taken.User.ToWire()], []),
        RoomEvent.SeatLeft left => SeatChanged(
            place, room, [], [new SeatLeaver(left.User.ToWire(), left.SeatIndex, left.Reason.ToWire(), left.By.ToWireOrNull())]),
        RoomEvent.SeatsMoved or RoomEvent.SeatLockChanged => SeatChanged(place, room, [], []),
        RoomEvent.MemberDisconnected disconnected => SeatChangedIfSeated(place, room, disconnected.User),
        RoomEvent.MemberReturned returned => SeatChangedIfSeated(place, room, returned.User),
        RoomEvent.DevicesChanged devices => SeatChangedIfSeated(place, room, devices.User),
        RoomEvent.Applied applied => Write(
            place, Notifications.SeatApplied, new SeatRequestData(applied.Request.ToWire()), ToThoseOf(applied.Request)),
        RoomEvent.ApplicationEnded ended => Write(
            place,
            Notifications.SeatApplicationEnded,
            EndOf(ended.Request, ended.Outcome, ended.By, ended.Error),
            ToThoseOf(ended.Request)),
        RoomEvent.Invited invited => Write(
            place, Notifications.SeatInvited, new SeatRequestData(invited.Request.ToWire()), ToThoseOf(invited.Request)),
        RoomEvent.InvitationEnded ended => Write(
            place,
            Notifications.SeatInvitationEnded,
            EndOf(ended.Request, ended.Outcome, ended.By, ended.Error),
            ToThoseOf(ended.Request)),
        _ => null,
    };

    private static RoomNotification? OfAudience(RoomEvent happened, Room room, Place place) => happened switch
    {
        RoomEvent.MemberJoined joined => Write(
            place,
            Notifications.AudienceJoined,
            new MemberData(joined.Member.User.ToWire(), joined.Member.Role.ToWire()),
            ToThoseOf(joined.To),
            joined.To),
        RoomEvent.MemberLeft left => Write(
            place,
            Notifications.AudienceLeft,
            new AudienceLeftData(
                left.Member.User.ToWire(), left.Member.Role.ToWire(), left.Reason.ToWire(), (int)left.Duration.TotalSeconds),
            ToThoseOf(left.To) with
            {
                Also = left.Reason == Domain.Audience.MemberLeaveReason.Kicked ? left.Member.User.Id : null,
            },
            left.To),
        RoomEvent.AudienceCounted counted => Write(
            place,
            Notifications.AudienceChanged,
            new AudienceChangedData(counted.Count, RoomSnapshots.Sample(room)),
            Recipients.All),
        RoomEvent.RoleChanged changed => Write(
            place,
            Notifications.MemberRoleChanged,
            new MemberData(changed.User.ToWire(), changed.Role.ToWire()),
            Recipients.All),
        RoomEvent.MemberDisconnected or RoomEvent.MemberReturned or RoomEvent.DevicesChanged => null,
        _ => throw new UnreachableException(),
    };

    private static RoomNotification? OfConnections(RoomEvent happened, Place place) => happened switch
    {
        RoomEvent.HostRequested requested => Write(
            place, Notifications.CoHostRequested, new HostRequestData(requested.Request.ToWire()), Recipients.Moderators),
        RoomEvent.HostRequestEnded ended => Write(
            place,
            Notifications.CoHostRequestEnded,
            new HostRequestEndedData(ended.Request.ToWire(), ended.Outcome.ToWire(), ended.Error?.ToWire().Code ?? 0),
            Recipients.Moderators),
        RoomEvent.ConnectionChanged changed => Write(
            place,
            Notifications.CoHostChanged,
            new CoHostChangedData(
                changed.Connection?.ToWire(),
                [.. changed.Joined.Select(joined => joined.ToWire())],
                [.. changed.Left.Select(left => left.ToWire())]),
            Recipients.All),
        RoomEvent.RemoteHostUpdated => null,
        _ => throw new UnreachableException(),
    };

    private static RoomNotification? OfMessages(RoomEvent happened, Place place) => happened switch
    {
        RoomEvent.MessageSent sent => Write(
            place, Notifications.Message, sent.Message.ToData(), ToThoseOf(sent.Message)),
        RoomEvent.MessageDisabledChanged changed => Write(
            place,
            Notifications.MemberMessageDisabledChanged,
            new MessageDisabledData(changed.User.ToWire(), changed.Disabled),
            Recipients.ModeratorsAnd(changed.User.Id, null)),
        RoomEvent.PresenceChanged changed => Write(
            place,
            Notifications.PresenceChanged,
            new PresenceState(changed.User.ToWire(), changed.State),
            ToThoseOf(changed.To) with { Also = changed.User.Id }),
        _ => throw new UnreachableException(),
    };

    private static Recipients ToThoseOf(Domain.Messages.RoomMessage message) => message.To.IsEmpty
        ? Recipients.All
        : new Recipients(false, null) { Only = [message.From.Id, .. message.To] };

    private static RoomNotification? SeatChangedIfSeated(Place place, Room room, Domain.Audience.User user) =>
        room.SeatOf(user.Id) is null ? null : SeatChanged(place, room, [], []);

    private static RoomNotification SeatChanged(
        Place place, Room room, ImmutableArray<Protocol.User> joined, ImmutableArray<SeatLeaver> left) =>
        Write(place, Notifications.SeatChanged, new SeatChangedData(RoomSnapshots.SeatsOf(room), joined, left), Recipients.All);

    private static SeatRequestEndedData EndOf(
        Domain.Guests.SeatRequest request, Domain.Guests.RequestOutcome outcome, Domain.Audience.User? by, RoomError? error)
    {
        var code = error?.ToWire();
        return new SeatRequestEndedData(
            request.ToWire(), outcome.ToWire(), by.ToWireOrNull(), code?.Code ?? 0, code?.Message ?? "");
    }

    private static RoomUpdatedData DataOf(RoomEvent.Updated updated, Room room) => new(
        updated.Changes.Name,
        updated.Changes.Notice,
        updated.Changes.CoverUrl,
        updated.Changes.SeatLayoutTemplateId,
        updated.Changes.SeatMode?.ToWire(),
        updated.Changes.Metadata is null ? null : room.Settings.Metadata,
        updated.Changes.MessagesDisabled);

    private static Recipients ToThoseOf(Domain.Guests.SeatRequest request) =>
        Recipients.ModeratorsAnd(request.User.Id, request.Inviter?.Id);

    private static Recipients ToThoseOf(Announcement announcement) => new(announcement == Announcement.Everybody, null);

    private static RoomNotification? Write<TData>(
        Place place, Notification<TData> notification, TData data, Recipients to, Announcement announcement)
        where TData : class =>
        announcement == Announcement.Nobody ? null : Write(place, notification, data, to);

    private static RoomNotification Write<TData>(Place place, Notification<TData> notification, TData data, Recipients to)
        where TData : class
    {
        var output = MessageBytes.Begin();
        JsonRpcWriter.WriteRoomEvent(output, place.RoomId, place.Seq, place.At, notification, data);
        return new RoomNotification(MessageBytes.Take(output), to);
    }

    private readonly record struct Place(string RoomId, long Seq, long At);
}

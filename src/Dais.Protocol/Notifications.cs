using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol;

/// <summary>A type of `room.event`.</summary>
/// <param name="Type">Its name on the wire.</param>
/// <param name="To">Who receives it.</param>
/// <param name="Doc">What it tells, in one line.</param>
public abstract record NotificationDescriptor(string Type, string To, string Doc)
{
    /// <summary>The type of its data.</summary>
    public abstract Type DataType { get; }
}

/// <summary>A type of `room.event`, with the type of its data.</summary>
/// <typeparam name="TData">The data.</typeparam>
/// <param name="Type">Its name on the wire.</param>
/// <param name="To">Who receives it.</param>
/// <param name="Doc">What it tells, in one line.</param>
/// <param name="Data">How the data is written as JSON.</param>
public sealed record Notification<TData>(string Type, string To, string Doc, JsonTypeInfo<TData> Data)
    : NotificationDescriptor(Type, To, Doc)
    where TData : class
{
    /// <inheritdoc/>
    public override Type DataType => typeof(TData);
}

/// <summary>Every type of `room.event`.</summary>
public static class Notifications
{
    /// <summary>The method of the notification that carries an event of a room.</summary>
    public const string RoomEventMethod = "room.event";

    /// <summary>The method of the notification that replaces the client's state of a room.</summary>
    public const string RoomSyncMethod = "room.sync";

    /// <summary>The method of the notification that tells a publisher which of the encodings of its picture are watched.</summary>
    public const string LayersWantedMethod = "media.layersWanted";

    private const string Everybody = "all";
    private const string Applicants = "hosts, admins, the applicant";
    private const string Invitees = "hosts, admins, the invitee, the inviter";
    private const string BothHosts = "hosts, admins of both rooms";
    private const string AudienceScope = "up to 50 members: all; above: hosts, admins";

    private static readonly WireJson Json = WireJson.Default;

    /// <summary>`seat.applied`.</summary>
    public static Notification<SeatRequestData> SeatApplied { get; } = new(
        "seat.applied", Applicants, "Someone asks for a seat.", Json.SeatRequestData);

    /// <summary>`seat.applicationEnded`.</summary>
    public static Notification<SeatRequestEndedData> SeatApplicationEnded { get; } = new(
        "seat.applicationEnded", Applicants, "An application has ended, exactly once.", Json.SeatRequestEndedData);

    /// <summary>`seat.invited`.</summary>
    public static Notification<SeatRequestData> SeatInvited { get; } = new(
        "seat.invited", Invitees, "Someone is invited to a seat.", Json.SeatRequestData);

    /// <summary>`seat.invitationEnded`.</summary>
    public static Notification<SeatRequestEndedData> SeatInvitationEnded { get; } = new(
        "seat.invitationEnded", Invitees, "An invitation has ended, exactly once.", Json.SeatRequestEndedData);

    /// <summary>`seat.changed`.</summary>
    public static Notification<SeatChangedData> SeatChanged { get; } = new(
        "seat.changed", Everybody, "A seat, or who sits on it, has changed.", Json.SeatChangedData);

    /// <summary>`coHost.requested`.</summary>
    public static Notification<HostRequestData> CoHostRequested { get; } = new(
        "coHost.requested", BothHosts, "A room asks another to connect.", Json.HostRequestData);

    /// <summary>`coHost.requestEnded`.</summary>
    public static Notification<HostRequestEndedData> CoHostRequestEnded { get; } = new(
        "coHost.requestEnded", BothHosts, "A request to connect has ended, exactly once.", Json.HostRequestEndedData);

    /// <summary>`coHost.changed`.</summary>
    public static Notification<CoHostChangedData> CoHostChanged { get; } = new(
        "coHost.changed", Everybody, "The rooms this one is connected with, or what it hears of them, has changed.", Json.CoHostChangedData);

    /// <summary>`stage.changed`.</summary>
    public static Notification<StageChangedData> StageChanged { get; } = new(
        "stage.changed", Everybody, "Who is on stage, on which slot and where, has changed.", Json.StageChangedData);

    /// <summary>`audience.joined`.</summary>
    public static Notification<MemberData> AudienceJoined { get; } = new(
        "audience.joined", AudienceScope, "A member has joined.", Json.MemberData);

    /// <summary>`audience.left`.</summary>
    public static Notification<AudienceLeftData> AudienceLeft { get; } = new(
        "audience.left", AudienceScope, "A member has left.", Json.AudienceLeftData);

    /// <summary>`audience.changed`.</summary>
    public static Notification<AudienceChangedData> AudienceChanged { get; } = new(
        "audience.changed", Everybody, "The audience has changed; at most once a second.", Json.AudienceChangedData);

    /// <summary>`member.roleChanged`.</summary>
    public static Notification<MemberData> MemberRoleChanged { get; } = new(
        "member.roleChanged", Everybody, "A member has become an admin, or no longer is one.", Json.MemberData);

    /// <summary>`member.messageDisabledChanged`.</summary>
    public static Notification<MessageDisabledData> MemberMessageDisabledChanged { get; } = new(
        "member.messageDisabledChanged", "hosts, admins, the member", "A member may not write any more, or may again.", Json.MessageDisabledData);

    /// <summary>`message`.</summary>
    public static Notification<MessageData> Message { get; } = new(
        "message", "all; with `to`, those and the sender", "Someone has sent a message.", Json.MessageData);

    /// <summary>`presence.changed`.</summary>
    public static Notification<PresenceState> PresenceChanged { get; } = new(
        "presence.changed", AudienceScope, "What a member lets others know of them has changed.", Json.PresenceState);

    /// <summary>`room.phase`.</summary>
    public static Notification<RoomPhaseData> RoomPhase { get; } = new(
        "room.phase", Everybody, "The host is away, or there again.", Json.RoomPhaseData);

    /// <summary>`room.updated`.</summary>
    public static Notification<RoomUpdatedData> RoomUpdated { get; } = new(
        "room.updated", Everybody, "What the room shows has changed.", Json.RoomUpdatedData);

    /// <summary>`room.ended`.</summary>
    public static Notification<RoomEndedData> RoomEnded { get; } = new(
        "room.ended", Everybody, "The room has ended, and every open request with it.", Json.RoomEndedData);

    /// <summary>Every type, in the order of the documentation.</summary>
    public static ImmutableArray<NotificationDescriptor> All { get; } =
    [
        SeatApplied, SeatApplicationEnded, SeatInvited, SeatInvitationEnded, SeatChanged,
        CoHostRequested, CoHostRequestEnded, CoHostChanged, StageChanged,
        AudienceJoined, AudienceLeft, AudienceChanged, MemberRoleChanged,
        MemberMessageDisabledChanged, Message, PresenceChanged, RoomPhase, RoomUpdated, RoomEnded,
    ];
}

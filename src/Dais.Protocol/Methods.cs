using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol;

/// <summary>A method of the contract.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Section">The section of the documentation it belongs to.</param>
/// <param name="Doc">What it does, in one line.</param>
public abstract record MethodDescriptor(string Name, string Section, string Doc)
{
    /// <summary>The type of its parameters.</summary>
    public abstract Type ParamsType { get; }

    /// <summary>The type of its result.</summary>
    public abstract Type ResultType { get; }
}

/// <summary>A method of the contract, with the types of its two sides.</summary>
/// <typeparam name="TParams">The parameters.</typeparam>
/// <typeparam name="TResult">The result.</typeparam>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Section">The section of the documentation it belongs to.</param>
/// <param name="Doc">What it does, in one line.</param>
/// <param name="Params">How the parameters are written as JSON.</param>
/// <param name="Result">How the result is written as JSON.</param>
public sealed record Method<TParams, TResult>(
    string Name, string Section, string Doc, JsonTypeInfo<TParams> Params, JsonTypeInfo<TResult> Result)
    : MethodDescriptor(Name, Section, Doc)
    where TParams : class, IParams
    where TResult : class
{
    /// <inheritdoc/>
    public override Type ParamsType => typeof(TParams);

    /// <inheritdoc/>
    public override Type ResultType => typeof(TResult);
}

/// <summary>Every method a client can call.</summary>
public static class Methods
{
    private const string Session = "Session";
    private const string Rooms = "Rooms";
    private const string Seats = "Seats and guests";
    private const string CoHost = "Hosts of different rooms";
    private const string Media = "Media";
    private const string Audience = "Audience";
    private const string Messages = "Messages";
    private const string Presence = "Presence";

    private static readonly WireJson Json = WireJson.Default;

    /// <summary>`session.open`.</summary>
    public static Method<SessionOpenParams, SessionOpenResult> SessionOpen { get; } = new(
        "session.open", Session, "Opens the session; the first message of every connection.", Json.SessionOpenParams, Json.SessionOpenResult);

    /// <summary>`session.ping`.</summary>
    public static Method<NoParams, SessionPingResult> SessionPing { get; } = new(
        "session.ping", Session, "Shows that the client is there.", Json.NoParams, Json.SessionPingResult);

    /// <summary>`room.start`.</summary>
    public static Method<RoomStartParams, RoomEntered> RoomStart { get; } = new(
        "room.start", Rooms, "Goes live; the owner of a live room joins it again.", Json.RoomStartParams, Json.RoomEntered);

    /// <summary>`room.join`.</summary>
    public static Method<RoomJoinParams, RoomEntered> RoomJoin { get; } = new(
        "room.join", Rooms, "Joins a live room, and subscribes when an offer comes with it.", Json.RoomJoinParams, Json.RoomEntered);

    /// <summary>`room.leave`.</summary>
    public static Method<RoomParams, EmptyResult> RoomLeave { get; } = new(
        "room.leave", Rooms, "Leaves the room; when the host does, it ends after the host's grace.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`room.end`.</summary>
    public static Method<RoomParams, EmptyResult> RoomEnd { get; } = new(
        "room.end", Rooms, "Ends the live (host).", Json.RoomParams, Json.EmptyResult);

    /// <summary>`room.update`.</summary>
    public static Method<RoomUpdateParams, EmptyResult> RoomUpdate { get; } = new(
        "room.update", Rooms, "Changes what the room shows (host, admin).", Json.RoomUpdateParams, Json.EmptyResult);

    /// <summary>`room.list`.</summary>
    public static Method<RoomListParams, RoomListResult> RoomList { get; } = new(
        "room.list", Rooms, "Lists the public rooms that are live.", Json.RoomListParams, Json.RoomListResult);

    /// <summary>`seat.apply`.</summary>
    public static Method<SeatApplyParams, SeatApplyResult> SeatApply { get; } = new(
        "seat.apply", Seats, "Asks for a seat; the host, admins and everybody in free mode are seated at once.", Json.SeatApplyParams, Json.SeatApplyResult);

    /// <summary>`seat.cancelApplication`.</summary>
    public static Method<RoomParams, EmptyResult> SeatCancelApplication { get; } = new(
        "seat.cancelApplication", Seats, "Takes the caller's open application back.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`seat.acceptApplication`.</summary>
    public static Method<RoomUserParams, EmptyResult> SeatAcceptApplication { get; } = new(
        "seat.acceptApplication", Seats, "Seats an applicant (host, admin).", Json.RoomUserParams, Json.EmptyResult);

    /// <summary>`seat.rejectApplication`.</summary>
    public static Method<RoomUserParams, EmptyResult> SeatRejectApplication { get; } = new(
        "seat.rejectApplication", Seats, "Declines an application (host, admin).", Json.RoomUserParams, Json.EmptyResult);

    /// <summary>`seat.invite`.</summary>
    public static Method<SeatInviteParams, SeatInviteResult> SeatInvite { get; } = new(
        "seat.invite", Seats, "Asks a member to a seat; one who has applied is seated at once (host, admin).", Json.SeatInviteParams, Json.SeatInviteResult);

    /// <summary>`seat.cancelInvitation`.</summary>
    public static Method<RoomUserParams, EmptyResult> SeatCancelInvitation { get; } = new(
        "seat.cancelInvitation", Seats, "Takes an invitation back, whoever made it (host, admin).", Json.RoomUserParams, Json.EmptyResult);

    /// <summary>`seat.acceptInvitation`.</summary>
    public static Method<RoomParams, EmptyResult> SeatAcceptInvitation { get; } = new(
        "seat.acceptInvitation", Seats, "Accepts the caller's invitation.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`seat.rejectInvitation`.</summary>
    public static Method<RoomParams, EmptyResult> SeatRejectInvitation { get; } = new(
        "seat.rejectInvitation", Seats, "Declines the caller's invitation.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`seat.take`.</summary>
    public static Method<SeatTakeParams, EmptyResult> SeatTake { get; } = new(
        "seat.take", Seats, "Sits down without asking (host, admin; everybody in free mode).", Json.SeatTakeParams, Json.EmptyResult);

    /// <summary>`seat.leave`.</summary>
    public static Method<RoomParams, EmptyResult> SeatLeave { get; } = new(
        "seat.leave", Seats, "Leaves the caller's seat.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`seat.kick`.</summary>
    public static Method<RoomUserParams, EmptyResult> SeatKick { get; } = new(
        "seat.kick", Seats, "Takes someone off stage (host, admin).", Json.RoomUserParams, Json.EmptyResult);

    /// <summary>`seat.lock`.</summary>
    public static Method<SeatParams, EmptyResult> SeatLock { get; } = new(
        "seat.lock", Seats, "Locks a seat: nobody is seated on it, and who sits there stays (host, admin).", Json.SeatParams, Json.EmptyResult);

    /// <summary>`seat.unlock`.</summary>
    public static Method<SeatParams, EmptyResult> SeatUnlock { get; } = new(
        "seat.unlock", Seats, "Unlocks a seat (host, admin).", Json.SeatParams, Json.EmptyResult);

    /// <summary>`seat.move`.</summary>
    public static Method<SeatMoveParams, EmptyResult> SeatMove { get; } = new(
        "seat.move", Seats, "Moves the caller, or someone else (host, admin), to another seat.", Json.SeatMoveParams, Json.EmptyResult);

    /// <summary>`seat.setDevice`.</summary>
    public static Method<SeatSetDeviceParams, EmptyResult> SeatSetDevice { get; } = new(
        "seat.setDevice", Seats, "Switches off, locks or unlocks the devices of someone on stage (host, admin).", Json.SeatSetDeviceParams, Json.EmptyResult);

    /// <summary>`seat.setMode`.</summary>
    public static Method<SeatSetModeParams, EmptyResult> SeatSetMode { get; } = new(
        "seat.setMode", Seats, "Changes how members come on stage (host).", Json.SeatSetModeParams, Json.EmptyResult);

    /// <summary>`coHost.request`.</summary>
    public static Method<CoHostRequestParams, CoHostRequestResult> CoHostRequest { get; } = new(
        "coHost.request", CoHost, "Asks the hosts of other rooms to connect; one who has asked already is accepted (host, admin).", Json.CoHostRequestParams, Json.CoHostRequestResult);

    /// <summary>`coHost.cancel`.</summary>
    public static Method<CoHostTargetParams, EmptyResult> CoHostCancel { get; } = new(
        "coHost.cancel", CoHost, "Takes a request back (host, admin).", Json.CoHostTargetParams, Json.EmptyResult);

    /// <summary>`coHost.accept`.</summary>
    public static Method<CoHostFromParams, EmptyResult> CoHostAccept { get; } = new(
        "coHost.accept", CoHost, "Accepts a request: the rooms are connected (host, admin).", Json.CoHostFromParams, Json.EmptyResult);

    /// <summary>`coHost.reject`.</summary>
    public static Method<CoHostFromParams, EmptyResult> CoHostReject { get; } = new(
        "coHost.reject", CoHost, "Declines a request (host, admin).", Json.CoHostFromParams, Json.EmptyResult);

    /// <summary>`coHost.exit`.</summary>
    public static Method<RoomParams, EmptyResult> CoHostExit { get; } = new(
        "coHost.exit", CoHost, "Leaves the connection (host, admin).", Json.RoomParams, Json.EmptyResult);

    /// <summary>`coHost.candidates`.</summary>
    public static Method<CoHostCandidatesParams, CoHostCandidatesResult> CoHostCandidates { get; } = new(
        "coHost.candidates", CoHost, "Lists public rooms to connect with (host, admin).", Json.CoHostCandidatesParams, Json.CoHostCandidatesResult);

    /// <summary>`coHost.muteRemoteAudio`.</summary>
    public static Method<CoHostMuteParams, EmptyResult> CoHostMuteRemoteAudio { get; } = new(
        "coHost.muteRemoteAudio", CoHost, "Silences a connected room for everybody in the caller's (host, admin).", Json.CoHostMuteParams, Json.EmptyResult);

    /// <summary>`media.subscribe`.</summary>
    public static Method<MediaOfferParams, MediaAnswer> MediaSubscribe { get; } = new(
        "media.subscribe", Media, "Subscribes to the stage; again with a new offer to negotiate anew.", Json.MediaOfferParams, Json.MediaAnswer);

    /// <summary>`media.prepare`.</summary>
    public static Method<MediaOfferParams, MediaAnswer> MediaPrepare { get; } = new(
        "media.prepare", Media, "Opens what the caller will receive the stage with, ahead of room.join; nothing is sent on it before.", Json.MediaOfferParams, Json.MediaAnswer);

    /// <summary>`media.publish`.</summary>
    public static Method<MediaOfferParams, MediaAnswer> MediaPublish { get; } = new(
        "media.publish", Media, "Publishes the caller's devices; nobody receives them before the caller is on stage.", Json.MediaOfferParams, Json.MediaAnswer);

    /// <summary>`media.unpublish`.</summary>
    public static Method<RoomParams, EmptyResult> MediaUnpublish { get; } = new(
        "media.unpublish", Media, "Stops publishing.", Json.RoomParams, Json.EmptyResult);

    /// <summary>`media.setMuted`.</summary>
    public static Method<MediaSetMutedParams, EmptyResult> MediaSetMuted { get; } = new(
        "media.setMuted", Media, "Mutes or unmutes the caller's devices; muted ones are not forwarded.", Json.MediaSetMutedParams, Json.EmptyResult);

    /// <summary>`media.prefer`.</summary>
    public static Method<MediaPreferParams, EmptyResult> MediaPrefer { get; } = new(
        "media.prefer", Media, "Says how the caller shows slots: in which height, or not at all; no more than that is sent.", Json.MediaPreferParams, Json.EmptyResult);

    /// <summary>`audience.list`.</summary>
    public static Method<AudienceListParams, AudienceListResult> AudienceList { get; } = new(
        "audience.list", Audience, "Lists the members of the room.", Json.AudienceListParams, Json.AudienceListResult);

    /// <summary>`audience.kick`.</summary>
    public static Method<RoomUserParams, EmptyResult> AudienceKick { get; } = new(
        "audience.kick", Audience, "Removes a member from the room (host, admin).", Json.RoomUserParams, Json.EmptyResult);

    /// <summary>`audience.setAdmin`.</summary>
    public static Method<AudienceSetAdminParams, EmptyResult> AudienceSetAdmin { get; } = new(
        "audience.setAdmin", Audience, "Makes a member an admin, or no longer (host).", Json.AudienceSetAdminParams, Json.EmptyResult);

    /// <summary>`audience.setMessageDisabled`.</summary>
    public static Method<AudienceSetMessageDisabledParams, EmptyResult> AudienceSetMessageDisabled { get; } = new(
        "audience.setMessageDisabled", Audience, "Forbids a member to write, or allows it again; it holds when they leave and come back (host, admin).", Json.AudienceSetMessageDisabledParams, Json.EmptyResult);

    /// <summary>`message.send`.</summary>
    public static Method<MessageSendParams, MessageSendResult> MessageSend { get; } = new(
        "message.send", Messages, "Sends a message to everybody in the room, or to some.", Json.MessageSendParams, Json.MessageSendResult);

    /// <summary>`message.history`.</summary>
    public static Method<MessageHistoryParams, MessageHistoryResult> MessageHistory { get; } = new(
        "message.history", Messages, "Lists the latest messages that the room still has.", Json.MessageHistoryParams, Json.MessageHistoryResult);

    /// <summary>`presence.setState`.</summary>
    public static Method<PresenceSetStateParams, EmptyResult> PresenceSetState { get; } = new(
        "presence.setState", Presence, "Changes what the others in the room know of the caller.", Json.PresenceSetStateParams, Json.EmptyResult);

    /// <summary>`presence.getState`.</summary>
    public static Method<RoomUserParams, PresenceState> PresenceGetState { get; } = new(
        "presence.getState", Presence, "Tells what a member lets others know of them.", Json.RoomUserParams, Json.PresenceState);

    /// <summary>`presence.whereIs`.</summary>
    public static Method<PresenceWhereIsParams, PresenceWhereIsResult> PresenceWhereIs { get; } = new(
        "presence.whereIs", Presence, "Lists the rooms the caller is in, by whichever connection.", Json.PresenceWhereIsParams, Json.PresenceWhereIsResult);

    /// <summary>Every method, in the order of the documentation.</summary>
    public static ImmutableArray<MethodDescriptor> All { get; } =
    [
        SessionOpen, SessionPing,
        RoomStart, RoomJoin, RoomLeave, RoomEnd, RoomUpdate, RoomList,
        SeatApply, SeatCancelApplication, SeatAcceptApplication, SeatRejectApplication,
        SeatInvite, SeatCancelInvitation, SeatAcceptInvitation, SeatRejectInvitation,
        SeatTake, SeatLeave, SeatKick, SeatLock, SeatUnlock, SeatMove, SeatSetDevice, SeatSetMode,
        CoHostRequest, CoHostCancel, CoHostAccept, CoHostReject, CoHostExit, CoHostCandidates, CoHostMuteRemoteAudio,
        MediaSubscribe, MediaPrepare, MediaPublish, MediaUnpublish, MediaSetMuted, MediaPrefer,
        AudienceList, AudienceKick, AudienceSetAdmin, AudienceSetMessageDisabled,
        MessageSend, MessageHistory,
        PresenceSetState, PresenceGetState, PresenceWhereIs,
    ];
}

using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>Why a room is over for this client.</summary>
public enum RoomCloseReason
{
    /// <summary>The host ended it.</summary>
    Host,

    /// <summary>The application's backend or the server ended it.</summary>
    Server,

    /// <summary>The host did not come back in time.</summary>
    HostTimeout,

    /// <summary>This client left.</summary>
    Left,

    /// <summary>A host or admin removed this client's user.</summary>
    Kicked,

    /// <summary>The room, or this client's place in it, was not there any more when the connection came back.</summary>
    Gone,

    /// <summary>The connection is closed for good.</summary>
    ConnectionClosed,
}

/// <summary>A room as this client sees it: the server's snapshot, kept up to date by its events. Immutable.</summary>
/// <param name="Room">The room.</param>
/// <param name="SelfId">The user this client is.</param>
/// <param name="Seq">The place of the newest event in this state.</param>
/// <param name="Closed">Why the room is over for this client; null while it is not.</param>
public sealed record RoomState(RoomSnapshot Room, string SelfId, long Seq, RoomCloseReason? Closed = null)
{
    /// <summary>How many members the sample of the audience holds at most.</summary>
    private const int AudienceSampleMax = 200;

    /// <summary>How many messages are kept at most.</summary>
    private const int MessagesMax = 50;

    /// <summary>The latest 50 messages this client knows, the latest last.</summary>
    public ImmutableArray<RoomMessage> Messages { get; init; } = [];

    /// <summary>The seat this client's user holds; null when off stage.</summary>
    public Seat? OwnSeat => Room.Seats.FirstOrDefault(seat => seat.User?.UserId == SelfId);

    /// <summary>The place on stage of this client's user; null when off stage.</summary>
    public StageEntry? OwnStageEntry => Room.Stage.FirstOrDefault(entry => entry.User.UserId == SelfId && entry.RoomId == Room.RoomId);

    /// <summary>The open application of this client's user.</summary>
    public SeatRequest? OwnApplication => Room.Applications.FirstOrDefault(request => request.User.UserId == SelfId);

    /// <summary>The open invitation to this client's user.</summary>
    public SeatRequest? OwnInvitation => Room.Invitations.FirstOrDefault(request => request.User.UserId == SelfId);

    /// <summary>
    /// The place on stage of a connected room's host, or of this room's; null for one who is not on stage. A remote host is an entry like any
    /// other, received on its slot.
    /// </summary>
    public StageEntry? StageEntryOf(RoomHost host) =>
        Room.Stage.FirstOrDefault(entry => entry.RoomId == host.RoomId && entry.User.UserId == host.Host.UserId);

    /// <summary>
    /// The state after <paramref name="happened"/>. What the state already contains changes nothing. Pure.
    /// </summary>
    public RoomState Apply(RoomNotification happened) => happened switch
    {
        RoomNotification.Synced synced => this with { Room = synced.Room, Seq = synced.Seq },
        RoomNotification.Closed closed => this with { Room = WithoutRequests(Room), Closed = Closed ?? closed.Reason },
        RoomNotification.Overflowed => this,
        RoomNotification.MessagesLoaded loaded => this with { Messages = With(Messages, loaded.Messages) },
        _ when happened.Seq <= Seq => this,
        RoomNotification.MessageReceived received => this with { Messages = With(Messages, [received.ToMessage()]), Seq = happened.Seq },
        _ => this with { Room = Change(happened), Closed = Closed ?? CloseReasonOf(happened), Seq = happened.Seq },
    };

    private RoomSnapshot Change(RoomNotification happened) => happened switch
    {
        RoomNotification.SeatApplied applied => Room with { Applications = With(Room.Applications, applied.Request) },
        RoomNotification.SeatApplicationEnded ended => Room with { Applications = Without(Room.Applications, ended.Request) },
        RoomNotification.SeatInvited invited => Room with { Invitations = With(Room.Invitations, invited.Request) },
        RoomNotification.SeatInvitationEnded ended => Room with { Invitations = Without(Room.Invitations, ended.Request) },
        RoomNotification.SeatChanged changed => Room with { Seats = changed.Seats },
        RoomNotification.CoHostRequested { Request: var request } when request.From.RoomId == Room.RoomId =>
            Room with { SentHostRequests = With(Room.SentHostRequests, request) },
        RoomNotification.CoHostRequested { Request: var request } =>
            Room with { ReceivedHostRequests = With(Room.ReceivedHostRequests, request) },
        RoomNotification.CoHostRequestEnded { Request: var request } => Room with
        {
            SentHostRequests = Without(Room.SentHostRequests, request),
            ReceivedHostRequests = Without(Room.ReceivedHostRequests, request),
        },
        RoomNotification.CoHostChanged changed => Room with { Connection = changed.Connection },
        RoomNotification.StageChanged changed => Room with { Stage = changed.Stage, Canvas = changed.Canvas },
        // The host is not part of the audience, but joins and leaves like everyone.
        RoomNotification.AudienceJoined { Role: not Role.Host } joined => Room with
        {
            Audience = [.. Without(Room.Audience, joined.User).Insert(0, joined.User).Take(AudienceSampleMax)],
            AudienceCount = Room.AudienceCount + 1,
        },
        RoomNotification.AudienceLeft { Role: not Role.Host } left => Room with
        {
            Audience = Without(Room.Audience, left.User),
            AudienceCount = Math.Max(0, Room.AudienceCount - 1),
            Presence = With(Room.Presence, left.User, null),
        },
        RoomNotification.MemberMessageDisabledChanged changed when changed.User.UserId == SelfId =>
            Room with { MessageDisabled = changed.Disabled },
        RoomNotification.PresenceChanged changed => Room with { Presence = With(Room.Presence, changed.User, changed.State) },
        RoomNotification.AudienceChanged changed => Room with { Audience = changed.Sample, AudienceCount = changed.Count },
        RoomNotification.MemberRoleChanged changed when changed.User.UserId == SelfId => WithRole(changed.Role),
        RoomNotification.PhaseChanged changed => Room with { Phase = changed.Phase },
        RoomNotification.Updated { Changes: var changes } => Room with
        {
            Name = changes.Name ?? Room.Name,
            Notice = changes.Notice ?? Room.Notice,
            CoverUrl = changes.CoverUrl ?? Room.CoverUrl,
            SeatLayoutTemplateId = changes.SeatLayoutTemplateId ?? Room.SeatLayoutTemplateId,
            SeatMode = changes.SeatMode ?? Room.SeatMode,
            Metadata = changes.Metadata ?? Room.Metadata,
            MessagesDisabled = changes.MessagesDisabled ?? Room.MessagesDisabled,
        },
        RoomNotification.Ended => WithoutRequests(Room),
        _ => Room,
    };

    /// <summary>Who is no longer host or admin hears no more of other people's requests.</summary>
    private RoomSnapshot WithRole(Role role) => role != Role.Audience
        ? Room with { Role = role }
        : Room with
        {
            Role = role,
            Applications = Room.Applications.RemoveAll(IsOthers),
            Invitations = Room.Invitations.RemoveAll(IsOthers),
            SentHostRequests = [],
            ReceivedHostRequests = [],
        };

    private bool IsOthers(SeatRequest request) => request.User.UserId != SelfId && request.Inviter?.UserId != SelfId;

    private RoomCloseReason? CloseReasonOf(RoomNotification happened) => happened switch
    {
        RoomNotification.Ended { Reason: RoomEndReason.Host } => RoomCloseReason.Host,
        RoomNotification.Ended { Reason: RoomEndReason.HostTimeout } => RoomCloseReason.HostTimeout,
        RoomNotification.Ended => RoomCloseReason.Server,
        RoomNotification.AudienceLeft { Reason: MemberLeaveReason.Kicked } left when left.User.UserId == SelfId => RoomCloseReason.Kicked,
        _ => null,
    };

    /// <summary>The end of a room ends every open request.</summary>
    private static RoomSnapshot WithoutRequests(RoomSnapshot room) =>
        room with { Applications = [], Invitations = [], SentHostRequests = [], ReceivedHostRequests = [] };

    private static ImmutableArray<SeatRequest> With(ImmutableArray<SeatRequest> requests, SeatRequest request) =>
        [.. Without(requests, request), request];

    private static ImmutableArray<SeatRequest> Without(ImmutableArray<SeatRequest> requests, SeatRequest request) =>
        requests.RemoveAll(other => other.RequestId == request.RequestId);

    private static ImmutableArray<HostRequest> With(ImmutableArray<HostRequest> requests, HostRequest request) =>
        [.. Without(requests, request), request];

    private static ImmutableArray<HostRequest> Without(ImmutableArray<HostRequest> requests, HostRequest request) =>
        requests.RemoveAll(other => other.RequestId == request.RequestId);

    /// <summary>The latest of both, each once, in the order of the room.</summary>
    private static ImmutableArray<RoomMessage> With(ImmutableArray<RoomMessage> known, ImmutableArray<RoomMessage> more) =>
        [.. known.Concat(more).DistinctBy(message => message.Seq).OrderBy(message => message.Seq).TakeLast(MessagesMax)];

    /// <summary>Nobody is listed who lets others know nothing.</summary>
    private static ImmutableArray<PresenceState> With(
        ImmutableArray<PresenceState>? states, User user, ImmutableSortedDictionary<string, string>? state)
    {
        var others = (states ?? []).RemoveAll(other => other.User.UserId == user.UserId);
        return state is null or { IsEmpty: true } ? others : others.Add(new PresenceState(user, state));
    }

    private static ImmutableArray<User> Without(ImmutableArray<User> users, User user) =>
        users.RemoveAll(other => other.UserId == user.UserId);
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Dais.Protocol;

namespace Dais.Client;

/// <summary>
/// Something that happened in a room. The room's state has changed already when it is told. The cases carry the names of the contract's
/// types; the last four are made by this client.
/// </summary>
public abstract record RoomNotification
{
    private static readonly FrozenDictionary<string, Func<JsonElement, RoomNotification?>> Readers = CreateReaders();

    private RoomNotification()
    {
    }

    /// <summary>The room.</summary>
    public string RoomId { get; init; } = "";

    /// <summary>Its place in the room's log; grows strictly, with gaps where an event is not for this client.</summary>
    public long Seq { get; init; }

    /// <summary>When it happened, by the server's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Someone asks for a seat.</summary>
    /// <param name="Request">The open application.</param>
    public sealed record SeatApplied(SeatRequest Request) : RoomNotification;

    /// <summary>An application has ended; there is exactly one for each.</summary>
    /// <param name="Request">The application as it was.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="By">Who ended it; null when time or the server did.</param>
    /// <param name="Code">Why it failed; 0 for every other outcome.</param>
    /// <param name="Message">The code in words.</param>
    public sealed record SeatApplicationEnded(SeatRequest Request, RequestOutcome Outcome, User? By, int Code, string Message)
        : RoomNotification;

    /// <summary>Someone is invited to a seat.</summary>
    /// <param name="Request">The open invitation.</param>
    public sealed record SeatInvited(SeatRequest Request) : RoomNotification;

    /// <summary>An invitation has ended; there is exactly one for each.</summary>
    /// <param name="Request">The invitation as it was.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="By">Who ended it; null when time or the server did.</param>
    /// <param name="Code">Why it failed; 0 for every other outcome.</param>
    /// <param name="Message">The code in words.</param>
    public sealed record SeatInvitationEnded(SeatRequest Request, RequestOutcome Outcome, User? By, int Code, string Message)
        : RoomNotification;

    /// <summary>A seat, or who sits on it, has changed.</summary>
    /// <param name="Seats">All seats as they are now.</param>
    /// <param name="Joined">Who sat down.</param>
    /// <param name="Left">Who no longer sits.</param>
    public sealed record SeatChanged(ImmutableArray<Seat> Seats, ImmutableArray<User> Joined, ImmutableArray<SeatLeaver> Left)
        : RoomNotification;

    /// <summary>A room asks another to connect: this one, or this one is asked.</summary>
    /// <param name="Request">The open request.</param>
    public sealed record CoHostRequested(HostRequest Request) : RoomNotification;

    /// <summary>A request to connect has ended; there is exactly one for each, and the connection has changed before.</summary>
    /// <param name="Request">The request as it was.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Code">Why it failed; 0 for every other outcome.</param>
    public sealed record CoHostRequestEnded(HostRequest Request, RequestOutcome Outcome, int Code) : RoomNotification;

    /// <summary>The rooms this one is connected with, or what it hears of them, has changed.</summary>
    /// <param name="Connection">The connection as it is now; null when there is none any more.</param>
    /// <param name="Joined">Who came, this room not counted.</param>
    /// <param name="Left">Who went; this room among them when it is the one.</param>
    public sealed record CoHostChanged(
        HostConnection? Connection, ImmutableArray<RoomHost> Joined, ImmutableArray<DepartedHost> Left) : RoomNotification;

    /// <summary>Who is on stage, on which slot and where, has changed.</summary>
    /// <param name="Stage">Who is on stage, in stage order.</param>
    /// <param name="Canvas">What the regions are fractions of.</param>
    public sealed record StageChanged(ImmutableArray<StageEntry> Stage, Canvas Canvas) : RoomNotification;

    /// <summary>A member has joined.</summary>
    /// <param name="User">Who it is.</param>
    /// <param name="Role">Their role.</param>
    public sealed record AudienceJoined(User User, Role Role) : RoomNotification;

    /// <summary>A member has left.</summary>
    /// <param name="User">Who it was.</param>
    /// <param name="Role">Their role.</param>
    /// <param name="Reason">Why they left.</param>
    /// <param name="Duration">How long they were there.</param>
    public sealed record AudienceLeft(User User, Role Role, MemberLeaveReason Reason, TimeSpan Duration) : RoomNotification;

    /// <summary>The audience has changed; told at most once a second.</summary>
    /// <param name="Count">How many members there are, the host not counted.</param>
    /// <param name="Sample">Some of them, the latest first.</param>
    public sealed record AudienceChanged(int Count, ImmutableArray<User> Sample) : RoomNotification;

    /// <summary>A member has become an admin, or no longer is one.</summary>
    /// <param name="User">Who it is.</param>
    /// <param name="Role">Their role.</param>
    public sealed record MemberRoleChanged(User User, Role Role) : RoomNotification;

    /// <summary>A member may not write any more, or may again.</summary>
    /// <param name="User">Who it is.</param>
    /// <param name="Disabled">Whether they may not.</param>
    public sealed record MemberMessageDisabledChanged(User User, bool Disabled) : RoomNotification;

    /// <summary>Someone has sent a message, this client's user included.</summary>
    /// <param name="Data">The message.</param>
    public sealed record MessageReceived(MessageData Data) : RoomNotification
    {
        /// <summary>The message with its place and time.</summary>
        public RoomMessage ToMessage() => new(
            Data.MessageId, Seq, At.ToUnixTimeMilliseconds(), Data.From, Data.Kind, Data.Text, Data.Data, Data.CustomType, Data.To);
    }

    /// <summary>What a member lets others know of them has changed.</summary>
    /// <param name="User">Who it is.</param>
    /// <param name="State">All of it, as it is now.</param>
    public sealed record PresenceChanged(User User, ImmutableSortedDictionary<string, string> State) : RoomNotification;

    /// <summary>The host is away, or there again.</summary>
    /// <param name="Phase">The phase the room is in now.</param>
    public sealed record PhaseChanged(RoomPhase Phase) : RoomNotification;

    /// <summary>What the room shows has changed.</summary>
    /// <param name="Changes">The changed fields.</param>
    public sealed record Updated(RoomUpdatedData Changes) : RoomNotification;

    /// <summary>The room has ended, and every open request with it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Ended(RoomEndReason Reason) : RoomNotification;

    /// <summary>Messages of the past have come.</summary>
    /// <param name="Messages">The messages, in order.</param>
    public sealed record MessagesLoaded(ImmutableArray<RoomMessage> Messages) : RoomNotification;

    /// <summary>A fresh snapshot has replaced the state: what happened in between is in it.</summary>
    /// <param name="Room">The room as it is now.</param>
    public sealed record Synced(RoomSnapshot Room) : RoomNotification;

    /// <summary>The room is over for this client: the last notification of a room, told exactly once.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Closed(RoomCloseReason Reason) : RoomNotification;

    /// <summary>
    /// This reader was too slow, and the events before this one are missing from its stream; <see cref="Room.State"/> is right all the same.
    /// </summary>
    /// <param name="Missed">How many.</param>
    public sealed record Overflowed(int Missed) : RoomNotification;

    /// <summary>Whether events of <paramref name="type"/> can be read.</summary>
    internal static bool Knows(string type) => Readers.ContainsKey(type);

    /// <summary>Reads an event of the wire; false for one of a type this client does not know.</summary>
    internal static bool TryRead(in RoomEventEnvelope envelope, out RoomNotification? notification)
    {
        notification = Readers.TryGetValue(envelope.Type, out var read) && read(envelope.Data) is { } known
            ? known with { RoomId = envelope.RoomId, Seq = envelope.Seq, At = DateTimeOffset.FromUnixTimeMilliseconds(envelope.At) }
            : null;
        return notification is not null;
    }

    private static FrozenDictionary<string, Func<JsonElement, RoomNotification?>> CreateReaders()
    {
        var readers = new Dictionary<string, Func<JsonElement, RoomNotification?>>();
        Add(Notifications.SeatApplied, data => new SeatApplied(data.Request));
        Add(Notifications.SeatApplicationEnded, data => new SeatApplicationEnded(data.Request, data.Outcome, data.By, data.Code, data.Message));
        Add(Notifications.SeatInvited, data => new SeatInvited(data.Request));
        Add(Notifications.SeatInvitationEnded, data => new SeatInvitationEnded(data.Request, data.Outcome, data.By, data.Code, data.Message));
        Add(Notifications.SeatChanged, data => new SeatChanged(data.Seats, data.Joined, data.Left));
        Add(Notifications.CoHostRequested, data => new CoHostRequested(data.Request));
        Add(Notifications.CoHostRequestEnded, data => new CoHostRequestEnded(data.Request, data.Outcome, data.Code));
        Add(Notifications.CoHostChanged, data => new CoHostChanged(data.Connection, data.Joined, data.Left));
        Add(Notifications.StageChanged, data => new StageChanged(data.Stage, data.Canvas));
        Add(Notifications.AudienceJoined, data => new AudienceJoined(data.User, data.Role));
        Add(Notifications.AudienceLeft, data => new AudienceLeft(
            data.User, data.Role, data.Reason, TimeSpan.FromSeconds(data.DurationSeconds)));
        Add(Notifications.AudienceChanged, data => new AudienceChanged(data.Count, data.Sample));
        Add(Notifications.MemberRoleChanged, data => new MemberRoleChanged(data.User, data.Role));
        Add(Notifications.MemberMessageDisabledChanged, data => new MemberMessageDisabledChanged(data.User, data.Disabled));
        Add(Notifications.Message, data => new MessageReceived(data));
        Add(Notifications.PresenceChanged, data => new PresenceChanged(data.User, data.State));
        Add(Notifications.RoomPhase, data => new PhaseChanged(data.Phase));
        Add(Notifications.RoomUpdated, data => new Updated(data));
        Add(Notifications.RoomEnded, data => new Ended(data.Reason));
        return readers.ToFrozenDictionary();

        void Add<TData>(Notification<TData> type, Func<TData, RoomNotification> create)
            where TData : class =>
            readers.Add(type.Type, element => ClientJson.TryRead(element, type.Data, out var data) ? create(data!) : null);
    }
}

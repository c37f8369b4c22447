using System.Collections.Immutable;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Rooms.Guests;
using Dais.Rooms.Layouts;
using Dais.Rooms.Lifecycle;
using Dais.Rooms.Messages;
using Dais.Rooms.Seats;

namespace Dais.Rooms;

/// <summary>A live room: an immutable value that only <see cref="Apply"/> changes.</summary>
public sealed record Room
{
    private static readonly User Nobody = new(new UserId(""), "", "");

    private Room() { }

    /// <summary>The room's id.</summary>
    public required RoomId Id { get; init; }

    /// <summary>The limits and timings decisions use.</summary>
    public required RoomOptions Options { get; init; }

    /// <summary>Where the room is in its life.</summary>
    public RoomPhase Phase { get; init; }

    /// <summary>Whose room it is.</summary>
    public User Owner { get; init; } = Nobody;

    /// <summary>What the owner decided about it.</summary>
    public RoomSettings Settings { get; init; } = new();

    /// <summary>When it went live.</summary>
    public WallClockTime CreatedAt { get; init; }

    /// <summary>When the room ends if the host does not come back; null while the host is there.</summary>
    public WallClockTime? HostReturnBy { get; init; }

    /// <summary>Everybody in the room, the host included.</summary>
    public ImmutableDictionary<UserId, Member> Members { get; init; } = [];

    /// <summary>Those of the members who may moderate: the host and the admins who are here. A subset of the members, so that telling
    /// them something does not mean looking at everybody.</summary>
    public ImmutableHashSet<UserId> Moderators { get; private init; } = [];

    /// <summary>Whom the host has made an admin, here or away.</summary>
    public ImmutableHashSet<UserId> Admins { get; init; } = [];

    /// <summary>The seats, by index.</summary>
    public ImmutableArray<Seat> Seats { get; init; } = [];

    /// <summary>The open applications, by applicant.</summary>
    public ImmutableDictionary<UserId, SeatRequest> Applications { get; init; } = [];

    /// <summary>The open invitations, by invitee.</summary>
    public ImmutableDictionary<UserId, SeatRequest> Invitations { get; init; } = [];

    /// <summary>The open requests to other rooms, by the room that was asked.</summary>
    public ImmutableDictionary<RoomId, HostRequest> SentHostRequests { get; init; } = [];

    /// <summary>The open requests of other rooms, by the room that asked.</summary>
    public ImmutableDictionary<RoomId, HostRequest> ReceivedHostRequests { get; init; } = [];

    /// <summary>The connection with other rooms; null when there is none.</summary>
    public HostConnection? Connection { get; init; }

    /// <summary>Who is on stage, in stage order: those who sit here, then the hosts of connected rooms.</summary>
    public ImmutableArray<StageEntry> Stage { get; init; } = [];

    /// <summary>What the stage's regions are fractions of.</summary>
    public Canvas Canvas { get; init; }

    /// <summary>How many members there are, the host not counted.</summary>
    public int AudienceCount => Members.Count - (Members.ContainsKey(Owner.Id) ? 1 : 0);

    /// <summary>Whether commands other than those that make it so can succeed.</summary>
    public bool IsLive => Phase is RoomPhase.Live or RoomPhase.HostAway;

    /// <summary>When to send the next <see cref="RoomCommand.Tick"/>.</summary>
    public WallClockTime NextDeadline => Deadlines.Next(this);

    /// <summary>The room and its host, as hosts of other rooms see it.</summary>
    public RoomHost Host => new(Id, MemberOf(Owner.Id)?.User ?? Owner);

    /// <summary>What the rooms this one is connected with show of its host.</summary>
    public HostFacts HostFacts => HostFacts.Of(this);

    /// <summary>The template the stage is drawn by: that of the connection while there is one.</summary>
    public int StageTemplateId => Connection?.LayoutTemplateId ?? Settings.SeatLayoutTemplateId;

    /// <summary>How many have ever joined.</summary>
    public long JoinCount { get; init; }

    /// <summary>Whether the audience has changed since it was announced.</summary>
    public bool AudienceChanged { get; init; }

    /// <summary>When the audience was announced last.</summary>
    public WallClockTime AudienceCountedAt { get; init; }

    /// <summary>The latest messages.</summary>
    public MessageHistory Messages { get; init; } = MessageHistory.Empty;

    /// <summary>How fast members write.</summary>
    public SendingPace Pace { get; init; } = SendingPace.Idle;

    /// <summary>Who may not write, here or away.</summary>
    public ImmutableHashSet<UserId> MessageDisabled { get; init; } = [];

    /// <summary>What members let others know of them.</summary>
    public PresenceStates PresenceStates { get; init; } = PresenceStates.Empty;

    /// <summary>The members, latest first.</summary>
    internal ImmutableSortedDictionary<long, UserId> ByJoin { get; init; } =
        ImmutableSortedDictionary.Create<long, UserId>(Comparer<long>.Create((left, right) => right.CompareTo(left)));

    /// <summary>
    /// Members whose connection is lost, by when they lose their place and then by when they had joined; the host is not
    /// among them.
    /// </summary>
    internal ImmutableSortedDictionary<(WallClockTime ReturnBy, long JoinNumber), UserId> Away { get; init; } =
        ImmutableSortedDictionary<(WallClockTime, long), UserId>.Empty;

    /// <summary>A room nobody has started: what the log of a room is applied to.</summary>
    public static Room Unstarted(RoomId id, RoomOptions options) => new() { Id = id, Options = options };

    /// <summary>Decides what follows from <paramref name="command"/>; changes nothing. When other rooms are concerned, it only
    /// says which: see <see cref="Decision.Needs"/>.</summary>
    public Decision Decide(RoomCommand command, WallClockTime now)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!IsLive && command is not (RoomCommand.Start or RoomCommand.Open or RoomCommand.Tick))
        {
            return new Decision { Events = [], Error = RoomError.RoomNotFound };
        }

        var draft = new Draft(this, now);
        return draft.Complete(draft.Decide(command));
    }

    /// <summary>The room after <paramref name="happened"/>.</summary>
    public Room Apply(RoomEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.ApplyTo(this);
    }

    /// <summary>The member who is <paramref name="user"/>, or null.</summary>
    public Member? MemberOf(UserId user) => Members.GetValueOrDefault(user);

    /// <summary>The seat of <paramref name="user"/>, or null.</summary>
    public Seat? SeatOf(UserId user)
    {
        foreach (var seat in Seats)
        {
            if (seat.Occupant is { } occupant && occupant.User == user)
            {
                return seat;
            }
        }

        return null;
    }

    /// <summary>Members without the host, latest first.</summary>
    /// <param name="countMax">How many at most.</param>
    /// <param name="before">Only those with a lower <see cref="Member.JoinNumber"/>: the last one of the page before.</param>
    public ImmutableArray<Member> Audience(int countMax, long before = long.MaxValue)
    {
        var page = ImmutableArray.CreateBuilder<Member>(Math.Min(countMax, Members.Count));
        foreach (var (joinNumber, user) in ByJoin)
        {
            if (page.Count >= countMax)
            {
                break;
            }

            if (joinNumber < before && user != Owner.Id)
            {
                page.Add(Members[user]);
            }
        }

        return page.DrainToImmutable();
    }

    /// <summary>This room with these members and no others: for whoever stores a room and restores it.</summary>
    public Room WithMembers(IEnumerable<Member> members)
    {
        var room = this with
        {
            Members = Members.Clear(),
            Moderators = Moderators.Clear(),
            ByJoin = ByJoin.Clear(),
            Away = Away.Clear(),
        };
        foreach (var member in members)
        {
            room = room.WithPresence(member) with { ByJoin = room.ByJoin.Add(member.JoinNumber, member.User.Id) };
        }

        return room;
    }

    internal Room WithMember(Member member) => this with
    {
        Members = Members.SetItem(member.User.Id, member),
        Moderators = member.MayModerate ? Moderators.Add(member.User.Id) : Moderators.Remove(member.User.Id),
    };

    /// <summary>The room in which <paramref name="member"/> is as given, and in the book of those away or no longer.</summary>
    internal Room WithPresence(Member member)
    {
        var room = WithoutAbsence(member.User.Id).WithMember(member);
        return member.ReturnBy is { } returnBy && member.User.Id != Owner.Id
            ? room with { Away = room.Away.Add((returnBy, member.JoinNumber), member.User.Id) }
            : room;
    }

    /// <summary>The room in which nothing waits for <paramref name="user"/>.</summary>
    internal Room WithoutAbsence(UserId user) =>
        MemberOf(user) is { ReturnBy: { } returnBy } member
            ? this with { Away = Away.Remove((returnBy, member.JoinNumber)) }
            : this;

    internal Room WithoutMember(Member member) => this with
    {
        Members = Members.Remove(member.User.Id),
        Moderators = Moderators.Remove(member.User.Id),
        ByJoin = ByJoin.Remove(member.JoinNumber),
    };

    internal Room WithSeat(Seat seat) => this with { Seats = Seats.SetItem(seat.Index, seat) };
}

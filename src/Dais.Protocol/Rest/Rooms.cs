using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol.Rest;

/// <summary>The room to open, and for whom.</summary>
/// <param name="RoomId">The room's id, chosen by the application: 1 to 48 printable ASCII characters.</param>
/// <param name="OwnerId">Whose room it is to be; only they come in as its host.</param>
/// <param name="OwnerName">The owner's name, for lists.</param>
/// <param name="OwnerAvatarUrl">The owner's picture, for lists.</param>
/// <param name="Name">The room's name.</param>
/// <param name="Notice">What everybody is to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="MaxSeats">How many seats there are, the host's included.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="KeepOwnerOnSeat">Whether the owner takes seat 0 and it is kept for them.</param>
/// <param name="IsPublic">Whether `room.list` shows the room.</param>
/// <param name="AllowGuestsWhileConnected">Whether guests may sit while rooms are connected.</param>
/// <param name="Metadata">Values of the application, shown to everybody.</param>
/// <param name="HostWaitSeconds">How long the room waits for its host to come in for the first time, up to 7 days; 0 for as long as
/// it is not ended. After that the server's usual grace counts.</param>
public sealed record RoomCreation(
    string RoomId,
    string OwnerId,
    string OwnerName = "",
    string OwnerAvatarUrl = "",
    string Name = "",
    string Notice = "",
    string CoverUrl = "",
    int SeatLayoutTemplateId = 600,
    int MaxSeats = 10,
    SeatMode SeatMode = SeatMode.Apply,
    bool KeepOwnerOnSeat = true,
    bool IsPublic = true,
    bool AllowGuestsWhileConnected = true,
    ImmutableSortedDictionary<string, string>? Metadata = null,
    int HostWaitSeconds = 3600) : IParams
{
    private const int HostWaitSecondsMax = 7 * 24 * 3600;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? Check.UserId(OwnerId, "ownerId")
        ?? Check.Text(OwnerName, 256, "ownerName")
        ?? Check.Text(OwnerAvatarUrl, 2048, "ownerAvatarUrl")
        ?? RoomFields.InvalidField(Name, Notice, CoverUrl, SeatLayoutTemplateId, Metadata)
        ?? (MaxSeats >= 1 ? null : "maxSeats")
        ?? (HostWaitSeconds is >= 0 and <= HostWaitSecondsMax ? null : "hostWaitSeconds");
}

/// <summary>A room, with everything the backend may know of it.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Notice">What everybody is to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="Owner">Whose room it is.</param>
/// <param name="CreatedAt">When it went live, in milliseconds since the Unix epoch.</param>
/// <param name="Phase">Whether the host is there.</param>
/// <param name="EndsAt">When it ends if the host does not come, in milliseconds since the Unix epoch; null for not at all.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="Canvas">What the stage's regions are fractions of.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="MaxSeats">How many seats there are.</param>
/// <param name="KeepOwnerOnSeat">Whether seat 0 is kept for the owner.</param>
/// <param name="IsPublic">Whether `room.list` shows it.</param>
/// <param name="AllowGuestsWhileConnected">Whether guests may sit while rooms are connected.</param>
/// <param name="Metadata">Values of the application.</param>
/// <param name="Seats">The seats, by index.</param>
/// <param name="Stage">Who is on stage.</param>
/// <param name="AudienceCount">How many members there are, the host not counted.</param>
/// <param name="Applications">The open applications for a seat.</param>
/// <param name="Invitations">The open invitations to a seat.</param>
/// <param name="Connection">The connection with other rooms; null when there is none.</param>
/// <param name="SentHostRequests">The open requests to other rooms.</param>
/// <param name="ReceivedHostRequests">The open requests of other rooms.</param>
/// <param name="Seq">The last event that is part of all this: where to go on reading events from.</param>
public sealed record RoomDetails(
    string RoomId,
    string Name,
    string Notice,
    string CoverUrl,
    User Owner,
    long CreatedAt,
    RoomPhase Phase,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? EndsAt,
    int SeatLayoutTemplateId,
    Canvas Canvas,
    SeatMode SeatMode,
    int MaxSeats,
    bool KeepOwnerOnSeat,
    bool IsPublic,
    bool AllowGuestsWhileConnected,
    ImmutableSortedDictionary<string, string> Metadata,
    ImmutableArray<Seat> Seats,
    ImmutableArray<StageEntry> Stage,
    int AudienceCount,
    ImmutableArray<SeatRequest> Applications,
    ImmutableArray<SeatRequest> Invitations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] HostConnection? Connection,
    ImmutableArray<HostRequest> SentHostRequests,
    ImmutableArray<HostRequest> ReceivedHostRequests,
    long Seq);

/// <summary>A page of the live rooms, private ones included.</summary>
/// <param name="Rooms">The rooms, newest first.</param>
/// <param name="Cursor">Where the next page starts; empty at the end.</param>
public sealed record RoomPage(ImmutableArray<RoomEntry> Rooms, string Cursor);

/// <summary>A room in the list.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CoverUrl">The picture to show.</param>
/// <param name="Owner">Whose room it is.</param>
/// <param name="CreatedAt">When it went live, in milliseconds since the Unix epoch.</param>
/// <param name="Phase">Whether the host is there.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="MaxSeats">How many seats there are.</param>
/// <param name="SeatsTaken">How many of them somebody sits on.</param>
/// <param name="AudienceCount">How many members there are, the host not counted.</param>
/// <param name="IsPublic">Whether `room.list` shows it.</param>
public sealed record RoomEntry(
    string RoomId,
    string Name,
    string CoverUrl,
    User Owner,
    long CreatedAt,
    RoomPhase Phase,
    SeatMode SeatMode,
    int MaxSeats,
    int SeatsTaken,
    int AudienceCount,
    bool IsPublic);

/// <summary>A page of a room's members.</summary>
/// <param name="Members">The members, latest first; the host is not among them.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="Cursor">Where the next page starts; empty at the end.</param>
public sealed record MemberPage(ImmutableArray<RoomMember> Members, int Count, string Cursor);

/// <summary>Somebody in a room.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Role">What they may do.</param>
/// <param name="JoinedAt">When they joined, in milliseconds since the Unix epoch.</param>
/// <param name="Platform">What they run on: 1 Android, 2 iOS, 5 Windows, 6 Linux, 7 Web, 8 macOS, 0 other.</param>
/// <param name="SeatIndex">The seat they sit on; null when they do not sit.</param>
/// <param name="Reconnecting">Whether their connection is lost; their place is kept for a while.</param>
/// <param name="State">What they let others know of them (`presence.setState`); empty for nothing.</param>
/// <param name="MessageDisabled">Whether they may not write.</param>
public sealed record RoomMember(
    User User,
    Role Role,
    long JoinedAt,
    int Platform,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? SeatIndex,
    bool Reconnecting,
    ImmutableSortedDictionary<string, string> State,
    bool MessageDisabled);

/// <summary>How many members a room has.</summary>
/// <param name="Count">How many there are, the host not counted.</param>
/// <param name="HostPresent">Whether the host is there too.</param>
public sealed record MemberCount(int Count, bool HostPresent);

/// <summary>The seats of a room.</summary>
/// <param name="Seats">By index.</param>
public sealed record SeatList(ImmutableArray<Seat> Seats);

/// <summary>Whom to seat.</summary>
/// <param name="UserId">A member of the room.</param>
public sealed record SeatPick(string UserId) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.UserId(UserId);
}

/// <summary>Where a user is.</summary>
/// <param name="Rooms">The rooms they are in, newest first.</param>
public sealed record UserRooms(ImmutableArray<UserRoom> Rooms);

/// <summary>A room a user is in.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Member">What they are there.</param>
public sealed record UserRoom(string RoomId, RoomMember Member);

/// <summary>All connections of rooms.</summary>
/// <param name="Connections">By id.</param>
public sealed record ConnectionList(ImmutableArray<ConnectionEntry> Connections);

/// <summary>Rooms that are connected.</summary>
/// <param name="ConnectionId">The connection's id.</param>
/// <param name="LayoutTemplateId">How the stage is drawn meanwhile.</param>
/// <param name="Members">The connected rooms, in the order in which they came.</param>
public sealed record ConnectionEntry(string ConnectionId, int LayoutTemplateId, ImmutableArray<RoomHost> Members);

/// <summary>A part of a room's log.</summary>
/// <param name="Events">What clients were or could have been told, in order. Places without an event are for nobody.</param>
/// <param name="LastSeq">Through where this part reaches: the next one's `after`.</param>
/// <param name="HasMore">Whether the log has more after it.</param>
public sealed record RoomEventPage(ImmutableArray<RoomEventEntry> Events, long LastSeq, bool HasMore);

/// <summary>Something that happened in a room.</summary>
/// <param name="Seq">Its place in the room's log.</param>
/// <param name="At">When it happened, in milliseconds since the Unix epoch.</param>
/// <param name="Type">A type of `room.event`, such as `seat.changed`.</param>
/// <param name="Data">What clients are told with it.</param>
public sealed record RoomEventEntry(long Seq, long At, string Type, System.Text.Json.JsonElement Data);

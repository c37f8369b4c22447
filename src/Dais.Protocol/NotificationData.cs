using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>A request was made.</summary>
/// <param name="Request">The open request.</param>
public sealed record SeatRequestData(SeatRequest Request);

/// <summary>A request has ended; there is exactly one such notification per request.</summary>
/// <param name="Request">The request as it was.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="By">Who ended it; null when time or the server did.</param>
/// <param name="Code">Why it failed; 0 for every other outcome.</param>
/// <param name="Message">The code in words; empty for every other outcome.</param>
public sealed record SeatRequestEndedData(
    SeatRequest Request,
    RequestOutcome Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] User? By,
    int Code,
    string Message);

/// <summary>The seats have changed.</summary>
/// <param name="Seats">All seats as they are now.</param>
/// <param name="Joined">Who sat down.</param>
/// <param name="Left">Who no longer sits.</param>
public sealed record SeatChangedData(ImmutableArray<Seat> Seats, ImmutableArray<User> Joined, ImmutableArray<SeatLeaver> Left);

/// <summary>Someone who no longer sits.</summary>
/// <param name="User">Who it is.</param>
/// <param name="SeatIndex">Where they sat.</param>
/// <param name="Reason">Why they no longer do.</param>
/// <param name="By">Who took them off; null when nobody did.</param>
public sealed record SeatLeaver(
    User User, int SeatIndex, SeatLeaveReason Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] User? By);

/// <summary>Why someone no longer sits.</summary>
[JsonConverter(typeof(WireEnumConverter<SeatLeaveReason>))]
public enum SeatLeaveReason
{
    /// <summary>They left the seat.</summary>
    Left,

    /// <summary>A host or admin took them off.</summary>
    Kicked,

    /// <summary>Their connection was lost and did not come back in time.</summary>
    TimedOut,

    /// <summary>A host or admin gave the seat to someone else.</summary>
    Replaced,

    /// <summary>They left the room.</summary>
    RoomLeft,
}

/// <summary>The stage has changed.</summary>
/// <param name="Stage">Who is on stage, and where, in stage order.</param>
/// <param name="Canvas">What the regions are fractions of.</param>
public sealed record StageChangedData(ImmutableArray<StageEntry> Stage, Canvas Canvas);

/// <summary>A member and their role.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Role">Their role.</param>
public sealed record MemberData(User User, Role Role);

/// <summary>A member has left.</summary>
/// <param name="User">Who it was.</param>
/// <param name="Role">Their role.</param>
/// <param name="Reason">Why they left.</param>
/// <param name="DurationSeconds">How long they were there.</param>
public sealed record AudienceLeftData(User User, Role Role, MemberLeaveReason Reason, int DurationSeconds);

/// <summary>Why a member left.</summary>
[JsonConverter(typeof(WireEnumConverter<MemberLeaveReason>))]
public enum MemberLeaveReason
{
    /// <summary>They left.</summary>
    Left,

    /// <summary>A host or admin removed them.</summary>
    Kicked,

    /// <summary>Their connection was lost, and their grace, if they had one, ran out.</summary>
    ConnectionLost,
}

/// <summary>The audience has changed.</summary>
/// <param name="Count">How many members there are, the host not counted.</param>
/// <param name="Sample">At most 200 of them, the latest first.</param>
public sealed record AudienceChangedData(int Count, ImmutableArray<User> Sample);

/// <summary>The host is there again, or no longer.</summary>
/// <param name="Phase">The phase the room is in now.</param>
public sealed record RoomPhaseData(RoomPhase Phase);

/// <summary>What has changed about the room; what is absent has not.</summary>
/// <param name="Name">The room's name.</param>
/// <param name="Notice">What the host wants everybody to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="Metadata">All values of the application, as they are now.</param>
/// <param name="MessagesDisabled">Whether only hosts and admins may write.</param>
public sealed record RoomUpdatedData(
    string? Name = null,
    string? Notice = null,
    string? CoverUrl = null,
    int? SeatLayoutTemplateId = null,
    SeatMode? SeatMode = null,
    ImmutableSortedDictionary<string, string>? Metadata = null,
    bool? MessagesDisabled = null);

/// <summary>The room has ended, and every open request with it.</summary>
/// <param name="Reason">Why.</param>
public sealed record RoomEndedData(RoomEndReason Reason);

/// <summary>Why a room ended.</summary>
[JsonConverter(typeof(WireEnumConverter<RoomEndReason>))]
public enum RoomEndReason
{
    /// <summary>The host ended it.</summary>
    Host,

    /// <summary>The application's backend or the server ended it.</summary>
    Server,

    /// <summary>The host did not come back in time.</summary>
    HostTimeout,
}

/// <summary>The state of a room, which replaces what the client holds.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Seq">The sequence number of the last event that is part of the snapshot.</param>
/// <param name="Room">The room as the client's user sees it; null when the user is not in it any more.</param>
public sealed record RoomSyncParams(
    string RoomId, long Seq, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RoomSnapshot? Room);

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>A room and whose it is, as hosts of other rooms see it.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Host">Its host.</param>
public sealed record RoomHost(string RoomId, User Host);

/// <summary>An open request of one room's host to connect with another room.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="From">Who asks.</param>
/// <param name="To">Who is asked.</param>
/// <param name="LayoutTemplateId">How the stage is to be drawn while the rooms are connected.</param>
/// <param name="ExtraInfo">What the requester attached; empty when nothing was.</param>
/// <param name="ExpiresAt">When it runs out, in milliseconds since the Unix epoch; null for never.</param>
public sealed record HostRequest(
    string RequestId,
    RoomHost From,
    RoomHost To,
    int LayoutTemplateId,
    string ExtraInfo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? ExpiresAt);

/// <summary>Rooms that are connected: the audience of each sees the hosts of all.</summary>
/// <param name="ConnectionId">The connection's id.</param>
/// <param name="LayoutTemplateId">How the stage is drawn meanwhile.</param>
/// <param name="Members">The connected rooms, this one included, in the order in which they came.</param>
/// <param name="MutedRooms">The rooms whose sound this room does not hear.</param>
public sealed record HostConnection(
    string ConnectionId, int LayoutTemplateId, ImmutableArray<RoomHost> Members, ImmutableArray<string> MutedRooms);

/// <summary>Requests to connect with one or several rooms.</summary>
/// <param name="RoomId">The caller's room.</param>
/// <param name="TargetRoomIds">The rooms to connect with, one to nine.</param>
/// <param name="LayoutTemplateId">How the stage is to be drawn while the rooms are connected.</param>
/// <param name="Timeout">How long a request stays open, in seconds, up to 1800; 0 for as long as the rooms live.</param>
/// <param name="ExtraInfo">Anything the other hosts should see with it, up to 1024 bytes.</param>
public sealed record CoHostRequestParams(
    string RoomId,
    ImmutableArray<string> TargetRoomIds,
    int LayoutTemplateId = 600,
    int Timeout = 30,
    string ExtraInfo = "") : IParams
{
    /// <summary>The most rooms one call may name.</summary>
    public const int TargetsMax = 9;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? (TargetRoomIds is { IsDefault: false, Length: >= 1 and <= TargetsMax }
            && TargetRoomIds.All(target => target is not null && Check.RoomId(target) is null)
                ? null
                : "targetRoomIds")
        ?? (LayoutTemplateId is >= 0 and <= 999 ? null : "layoutTemplateId")
        ?? Check.Timeout(Timeout)
        ?? Check.ExtraInfo(ExtraInfo);
}

/// <summary>What became of each request at once.</summary>
/// <param name="Results">
/// By room: 0 sent (or, when that room had asked already, accepted), 1 the room does not exist, 2 already connecting or connected
/// with each other, 3 both are connected with others, 4 too many rooms, 5 try again, -1 not possible (the caller's own room).
/// </param>
public sealed record CoHostRequestResult(ImmutableSortedDictionary<string, int> Results);

/// <summary>A request of the caller's room to another.</summary>
/// <param name="RoomId">The caller's room.</param>
/// <param name="TargetRoomId">The room that was asked.</param>
public sealed record CoHostTargetParams(string RoomId, string TargetRoomId) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? (Check.RoomId(TargetRoomId) is null ? null : "targetRoomId");
}

/// <summary>A request of another room to the caller's.</summary>
/// <param name="RoomId">The caller's room.</param>
/// <param name="FromRoomId">The room that asked.</param>
public sealed record CoHostFromParams(string RoomId, string FromRoomId) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? (Check.RoomId(FromRoomId) is null ? null : "fromRoomId");
}

/// <summary>Which page of the rooms one can connect with to list.</summary>
/// <param name="RoomId">The caller's room.</param>
/// <param name="Cursor">Where the last page ended; absent or empty for the first.</param>
public sealed record CoHostCandidatesParams(string RoomId, string Cursor = "") : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.Cursor(Cursor);
}

/// <summary>A room one can connect with.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Host">Its host.</param>
/// <param name="AudienceCount">How many members it has, the host not counted.</param>
public sealed record CoHostCandidate(string RoomId, User Host, int AudienceCount);

/// <summary>A page of the rooms one can connect with.</summary>
/// <param name="Candidates">At most 20 rooms: public, live, not the caller's own, not asked already and not connected with it.</param>
/// <param name="Cursor">Where the next page starts; empty at the end.</param>
public sealed record CoHostCandidatesResult(ImmutableArray<CoHostCandidate> Candidates, string Cursor);

/// <summary>Whether the caller's whole room hears a connected room.</summary>
/// <param name="RoomId">The caller's room.</param>
/// <param name="RemoteRoomId">The connected room.</param>
/// <param name="Muted">Whether its sound is silenced here.</param>
public sealed record CoHostMuteParams(string RoomId, string RemoteRoomId, bool Muted) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? (Check.RoomId(RemoteRoomId) is null ? null : "remoteRoomId");
}

/// <summary>A request to connect was made.</summary>
/// <param name="Request">The request.</param>
public sealed record HostRequestData(HostRequest Request);

/// <summary>A request to connect has ended, exactly once.</summary>
/// <param name="Request">The request.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">Why it failed; 0 when it did not.</param>
public sealed record HostRequestEndedData(HostRequest Request, RequestOutcome Outcome, int Code);

/// <summary>The rooms this one is connected with have changed.</summary>
/// <param name="Connection">The connection as it is now; null when there is none any more.</param>
/// <param name="Joined">Who came, this room not counted.</param>
/// <param name="Left">Who went; this room among them when it is the one.</param>
public sealed record CoHostChangedData(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] HostConnection? Connection,
    ImmutableArray<RoomHost> Joined,
    ImmutableArray<DepartedHost> Left);

/// <summary>A room that has left a connection.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Host">Its host.</param>
/// <param name="Reason">Why it left.</param>
public sealed record DepartedHost(string RoomId, User Host, HostLeaveReason Reason);

/// <summary>Why a room left a connection.</summary>
[JsonConverter(typeof(WireEnumConverter<HostLeaveReason>))]
public enum HostLeaveReason
{
    /// <summary>Its host left the connection.</summary>
    Left,

    /// <summary>The room ended.</summary>
    RoomEnded,

    /// <summary>Its host was away for too long.</summary>
    HostTimeout,

    /// <summary>The application's backend ended the connection.</summary>
    Removed,

    /// <summary>It was the last one left.</summary>
    Alone,
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol;

/// <summary>The settings of a new room.</summary>
/// <param name="RoomId">The room's id, chosen by the application.</param>
/// <param name="Name">The room's name.</param>
/// <param name="Notice">What the host wants everybody to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="MaxSeats">How many seats there are, the host's included.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="KeepOwnerOnSeat">Whether the owner takes seat 0 and it is kept for them.</param>
/// <param name="IsPublic">Whether `room.list` shows the room.</param>
/// <param name="AllowGuestsWhileConnected">Whether guests may sit while rooms are connected.</param>
/// <param name="Metadata">Values of the application, shown to everybody.</param>
/// <param name="MessagesDisabled">Whether only hosts and admins may write.</param>
public sealed record RoomStartParams(
    string RoomId,
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
    bool MessagesDisabled = false) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? RoomFields.InvalidField(Name, Notice, CoverUrl, SeatLayoutTemplateId, Metadata)
        ?? (MaxSeats >= 1 ? null : "maxSeats");
}

/// <summary>Which room to join.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Offer">The session description to subscribe with, in the same round trip.</param>
public sealed record RoomJoinParams(string RoomId, string? Offer = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.Offer(Offer);
}

/// <summary>A room, and nothing else to say.</summary>
/// <param name="RoomId">The room.</param>
public sealed record RoomParams(string RoomId) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId);
}

/// <summary>What to change about a room; what is absent stays.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Name">The room's name.</param>
/// <param name="Notice">What the host wants everybody to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="Metadata">Values to set; an empty one removes its key.</param>
/// <param name="MessagesDisabled">Whether only hosts and admins may write.</param>
public sealed record RoomUpdateParams(
    string RoomId,
    string? Name = null,
    string? Notice = null,
    string? CoverUrl = null,
    int? SeatLayoutTemplateId = null,
    ImmutableSortedDictionary<string, string>? Metadata = null,
    bool? MessagesDisabled = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId) ?? RoomFields.InvalidField(Name, Notice, CoverUrl, SeatLayoutTemplateId ?? 0, Metadata);
}

/// <summary>Which page of the public rooms to list.</summary>
/// <param name="Cursor">Where the last page ended; absent or empty for the first.</param>
/// <param name="Count">How many rooms at most, up to 100; 0 leaves it to the server.</param>
public sealed record RoomListParams(string Cursor = "", int Count = 0) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.Cursor(Cursor) ?? Check.Count(Count, 100);
}

/// <summary>A page of the public rooms.</summary>
/// <param name="Rooms">The rooms, newest first.</param>
/// <param name="Cursor">Where the next page starts; empty at the end.</param>
public sealed record RoomListResult(ImmutableArray<RoomInfo> Rooms, string Cursor);

/// <summary>A room as lists show it.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CoverUrl">The picture to show.</param>
/// <param name="Owner">Whose room it is.</param>
/// <param name="CreatedAt">When it went live, in milliseconds since the Unix epoch.</param>
/// <param name="Phase">Whether the host is there.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="MaxSeats">How many seats there are.</param>
/// <param name="AudienceCount">How many members there are, the host not counted.</param>
public sealed record RoomInfo(
    string RoomId,
    string Name,
    string CoverUrl,
    User Owner,
    long CreatedAt,
    RoomPhase Phase,
    SeatMode SeatMode,
    int MaxSeats,
    int AudienceCount);

/// <summary>The room the caller is in now.</summary>
/// <param name="Room">The room as the caller sees it.</param>
/// <param name="Seq">The sequence number of the last event that is part of the snapshot.</param>
/// <param name="Answer">The answer to the offer, when there was one.</param>
/// <param name="Prepared">Whether the caller is shown the stage by what `media.prepare` has opened; only after `room.join` without an offer.</param>
public sealed record RoomEntered(RoomSnapshot Room, long Seq, string? Answer = null, bool? Prepared = null);

/// <summary>A room as one member sees it.</summary>
/// <param name="RoomId">The room's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Notice">What the host wants everybody to read.</param>
/// <param name="CoverUrl">The picture lists show.</param>
/// <param name="Owner">Whose room it is.</param>
/// <param name="CreatedAt">When it went live, in milliseconds since the Unix epoch.</param>
/// <param name="Phase">Whether the host is there.</param>
/// <param name="SeatLayoutTemplateId">How the stage is drawn.</param>
/// <param name="Canvas">What the stage's regions are fractions of.</param>
/// <param name="SeatMode">How members come on stage.</param>
/// <param name="MaxSeats">How many seats there are.</param>
/// <param name="Seats">The seats, by index.</param>
/// <param name="Stage">Who is on stage.</param>
/// <param name="AudienceCount">How many members there are, the host not counted.</param>
/// <param name="Audience">At most 200 of them, the latest first.</param>
/// <param name="Metadata">Values of the application.</param>
/// <param name="Role">What the member may do here.</param>
/// <param name="Applications">The open applications: all for hosts and admins, their own for others.</param>
/// <param name="Invitations">The open invitations: all for hosts and admins, those to them or by them for others.</param>
/// <param name="Connection">The connection with other rooms; null when there is none.</param>
/// <param name="SentHostRequests">The open requests to other rooms: for hosts and admins; none for others.</param>
/// <param name="ReceivedHostRequests">The open requests of other rooms: for hosts and admins; none for others.</param>
/// <param name="MessagesDisabled">Whether only hosts and admins may write.</param>
/// <param name="MessageDisabled">Whether the member has been forbidden to write.</param>
/// <param name="Presence">What members let others know of them, of those who do; absent while more than 50 are here.</param>
public sealed record RoomSnapshot(
    string RoomId,
    string Name,
    string Notice,
    string CoverUrl,
    User Owner,
    long CreatedAt,
    RoomPhase Phase,
    int SeatLayoutTemplateId,
    Canvas Canvas,
    SeatMode SeatMode,
    int MaxSeats,
    ImmutableArray<Seat> Seats,
    ImmutableArray<StageEntry> Stage,
    int AudienceCount,
    ImmutableArray<User> Audience,
    ImmutableSortedDictionary<string, string> Metadata,
    Role Role,
    ImmutableArray<SeatRequest> Applications,
    ImmutableArray<SeatRequest> Invitations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] HostConnection? Connection,
    ImmutableArray<HostRequest> SentHostRequests,
    ImmutableArray<HostRequest> ReceivedHostRequests,
    bool MessagesDisabled = false,
    bool MessageDisabled = false,
    ImmutableArray<PresenceState>? Presence = null);

/// <summary>What starting and updating a room share.</summary>
internal static class RoomFields
{
    internal static string? InvalidField(
        string? name,
        string? notice,
        string? coverUrl,
        int seatLayoutTemplateId,
        ImmutableSortedDictionary<string, string>? metadata) =>
        Check.Text(name, 100, "name")
        ?? Check.Text(notice, 1024, "notice")
        ?? Check.Text(coverUrl, 2048, "coverUrl")
        ?? (seatLayoutTemplateId is >= 0 and <= 999 ? null : "seatLayoutTemplateId")
        ?? NullValue(metadata);

    /// <summary>The serializer lets null through inside a dictionary. Sizes are limits of the room, which has codes for them.</summary>
    private static string? NullValue(ImmutableSortedDictionary<string, string>? metadata)
    {
        foreach ((string key, string value) in metadata ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            if (value is null)
            {
                return $"metadata.{key}";
            }
        }

        return null;
    }
}

using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>Which page of a room's members to list.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Cursor">Where the last page ended; absent or empty for the first.</param>
/// <param name="Count">How many members at most, up to 200; 0 leaves it to the server.</param>
public sealed record AudienceListParams(string RoomId, string Cursor = "", int Count = 0) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.Cursor(Cursor) ?? Check.Count(Count, 200);
}

/// <summary>A page of a room's members.</summary>
/// <param name="Members">The members, latest first; the host is not among them.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="Cursor">Where the next page starts; empty at the end.</param>
public sealed record AudienceListResult(ImmutableArray<AudienceMember> Members, int Count, string Cursor);

/// <summary>A member of a room.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Role">What they may do.</param>
/// <param name="JoinedAt">When they joined, in milliseconds since the Unix epoch.</param>
/// <param name="MessageDisabled">Whether a host or admin has forbidden them to write.</param>
/// <param name="State">What they let others know of them; absent when that is nothing.</param>
public sealed record AudienceMember(
    User User,
    Role Role,
    long JoinedAt,
    bool MessageDisabled = false,
    ImmutableSortedDictionary<string, string>? State = null);

/// <summary>Whether someone is to be an admin.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">Whom it is about.</param>
/// <param name="IsAdmin">Whether they become an admin or stop being one.</param>
public sealed record AudienceSetAdminParams(string RoomId, string UserId, bool IsAdmin) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => Check.RoomId(RoomId) ?? Check.UserId(UserId);
}

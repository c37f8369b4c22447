using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>What the caller wants others to know of them.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="State">Values to set, by key; a null or empty one removes its key. At most 32 keys and 4 KiB remain.</param>
public sealed record PresenceSetStateParams(string RoomId, ImmutableSortedDictionary<string, string?> State) : IParams
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    private const int KeyBytesMax = 64;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.RoomId(RoomId)
        ?? (State.Keys.All(key => key.Length > 0 && Check.Text(key, KeyBytesMax, "state") is null) ? null : "state");
}

/// <summary>What a member lets others know of them.</summary>
/// <param name="User">Who it is.</param>
/// <param name="State">All of it, as it is now.</param>
public sealed record PresenceState(User User, ImmutableSortedDictionary<string, string> State);

/// <summary>Whose rooms to list.</summary>
/// <param name="UserId">Whom it is about; absent for the caller, who may ask of nobody else.</param>
public sealed record PresenceWhereIsParams(string? UserId = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => UserId is null ? null : Check.UserId(UserId);
}

/// <summary>Where someone is.</summary>
/// <param name="Rooms">The rooms they are in, in the order in which they joined.</param>
public sealed record PresenceWhereIsResult(ImmutableArray<UserPlace> Rooms);

/// <summary>A room someone is in.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Role">What they may do there.</param>
/// <param name="JoinedAt">When they joined, in milliseconds since the Unix epoch.</param>
public sealed record UserPlace(string RoomId, Role Role, long JoinedAt);

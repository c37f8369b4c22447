using System.Collections.Immutable;

namespace Dais.Protocol.Rest;

/// <summary>The access token to issue.</summary>
/// <param name="UserId">Whose it is (`sub`).</param>
/// <param name="UserName">The name others see (`name`); absent to let the client say it.</param>
/// <param name="Room">The one room it is good for, or `*` for every room.</param>
/// <param name="Roles">Of `host`, `admin` and `audience`; absent for `audience`.</param>
/// <param name="TtlSeconds">For how long it is good, up to 7 days.</param>
/// <param name="Key">The name of the key that signs it; absent for the first by name.</param>
public sealed record TokenRequest(
    string UserId,
    string? UserName = null,
    string Room = "*",
    ImmutableArray<string>? Roles = null,
    int TtlSeconds = 3600,
    string? Key = null) : IParams
{
    private const int TtlSecondsMax = 7 * 24 * 3600;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.UserId(UserId)
        ?? Check.Text(UserName, 256, "userName")
        ?? Check.RoomId(Room, "room")
        ?? (Roles is not { } roles || (!roles.IsDefaultOrEmpty && roles.All(role => role is "host" or "admin" or "audience"))
            ? null
            : "roles")
        ?? (TtlSeconds is >= 1 and <= TtlSecondsMax ? null : "ttlSeconds")
        ?? Check.Text(Key, 256, "key");
}

/// <summary>An access token.</summary>
/// <param name="Token">What the client opens its session with.</param>
/// <param name="ExpiresAt">When it ends, in milliseconds since the Unix epoch.</param>
public sealed record TokenIssued(string Token, long ExpiresAt);

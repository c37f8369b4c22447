using System.Collections.Immutable;
using System.Diagnostics;

namespace Dais.Server.Access;

/// <summary>What an access token says: who someone is and what they may do where.</summary>
/// <param name="UserId">Who (<c>sub</c>).</param>
/// <param name="Room">The one room it is good for, or <see cref="AnyRoom"/> (<c>room</c>).</param>
/// <param name="Roles">What it lets the user be (<c>roles</c>); every token lets them watch.</param>
/// <param name="ExpiresAt">When it ends (<c>exp</c>).</param>
public sealed record AccessToken(string UserId, string Room, ImmutableArray<AccessRole> Roles, DateTimeOffset ExpiresAt)
{
    /// <summary>The value of <c>room</c> that stands for every room.</summary>
    public const string AnyRoom = "*";

    /// <summary>The name others see (<c>name</c>), or null to let the client choose.</summary>
    public string? UserName { get; init; }

    /// <summary>When it starts to be good (<c>nbf</c>); by default it always was.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Whether it is good for <paramref name="roomId"/>.</summary>
    public bool Covers(string roomId) => Room == AnyRoom || Room == roomId;

    /// <summary>Whether it grants <paramref name="role"/>.</summary>
    public bool Grants(AccessRole role) => Roles.Contains(role);
}

/// <summary>What a token can let its bearer be.</summary>
public enum AccessRole
{
    /// <summary>May watch and ask for a seat.</summary>
    Audience,

    /// <summary>Acts for the host in the rooms of the token.</summary>
    Admin,

    /// <summary>May start a room and is its owner.</summary>
    Host,

    /// <summary>The application's backend, for calls over HTTP.</summary>
    Server,
}

/// <summary>The names of the roles in tokens.</summary>
public static class AccessRoles
{
    /// <summary>The name of <paramref name="role"/>.</summary>
    public static string NameOf(AccessRole role) => role switch
    {
        AccessRole.Audience => "audience",
        AccessRole.Admin => "admin",
        AccessRole.Host => "host",
        AccessRole.Server => "server",
        _ => throw new UnreachableException(),
    };

    /// <summary>The role called <paramref name="name"/>, or null.</summary>
    public static AccessRole? Parse(string name) => name switch
    {
        "audience" => AccessRole.Audience,
        "admin" => AccessRole.Admin,
        "host" => AccessRole.Host,
        "server" => AccessRole.Server,
        _ => null,
    };
}

/// <summary>How the check of a token ended.</summary>
public enum TokenVerdict
{
    /// <summary>Signed with one of our keys and good now.</summary>
    Valid,

    /// <summary>Not a token of ours: malformed, signed otherwise, or not good yet.</summary>
    Refused,

    /// <summary>A token of ours that is over.</summary>
    Expired,
}

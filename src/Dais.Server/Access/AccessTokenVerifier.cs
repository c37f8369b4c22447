using System.Collections.Immutable;
using System.Text;

namespace Dais.Server.Access;

/// <summary>Checks access tokens: JSON Web Tokens (RFC 7519) signed with one of our keys.</summary>
public sealed class AccessTokenVerifier(IReadOnlyDictionary<string, string> keys)
{
    /// <summary>Longest token looked at, in characters.</summary>
    public const int TokenCharactersMax = 8_192;

    private const int IdCharactersMax = 64;
    private const int NameCharactersMax = 256;
    private const int RolesMax = 16;

    private readonly ImmutableDictionary<string, byte[]> _keys =
        keys.ToImmutableDictionary(key => key.Key, key => Encoding.UTF8.GetBytes(key.Value));

    /// <summary>Checks <paramref name="token"/> at the time <paramref name="now"/>; never throws.</summary>
    /// <param name="token">The token.</param>
    /// <param name="now">The present.</param>
    /// <param name="access">What it says.</param>
    /// <param name="mayBeNobody">Whether a token without <c>sub</c> will do; its user id is then empty, and it is good for watching only.</param>
    public TokenVerdict Verify(string token, DateTimeOffset now, out AccessToken? access, bool mayBeNobody = false)
    {
        access = null;
        if (token.Length > TokenCharactersMax || !JsonWebSignature.TryParse(token, out var signature)
            || !CandidateKeys(signature!.KeyName).Any(key => signature.IsSignedWith(key)))
        {
            return TokenVerdict.Refused;
        }

        // Only now is anything in the payload believed.
        if (!TryReadClaims(signature.Payload, mayBeNobody, out var claims) || now < claims!.NotBefore)
        {
            return TokenVerdict.Refused;
        }

        if (now >= claims.ExpiresAt)
        {
            return TokenVerdict.Expired;
        }

        access = claims;
        return TokenVerdict.Valid;
    }

    private IEnumerable<byte[]> CandidateKeys(string? name)
    {
        if (name is null)
        {
            return _keys.Values;
        }

        return _keys.TryGetValue(name, out byte[]? key) ? [key] : [];
    }

    private static bool TryReadClaims(byte[] payload, bool mayBeNobody, out AccessToken? access)
    {
        access = null;
        if (!JsonClaims.TryParse(payload, out var claims))
        {
            return false;
        }

        using (claims)
        {
            string? userId = "";
            bool isNobody = mayBeNobody && !claims!.Has("sub");
            if ((!isNobody && (!claims!.TryText("sub", out userId) || !IsId(userId!)))
                || !claims!.TryText("room", out string? room) || !IsId(room!)
                || !claims.TryTime("exp", out var expiresAt)
                || !TryReadRoles(claims, out var roles))
            {
                return false;
            }

            DateTimeOffset notBefore = default;
            string? name = null;
            if ((claims.Has("nbf") && !claims.TryTime("nbf", out notBefore))
                || (claims.Has("name") && (!claims.TryText("name", out name) || name!.Length > NameCharactersMax)))
            {
                return false;
            }

            access = new AccessToken(userId!, room!, isNobody ? [AccessRole.Audience] : roles, expiresAt) { UserName = name, NotBefore = notBefore };
            return true;
        }
    }

    private static bool TryReadRoles(JsonClaims claims, out ImmutableArray<AccessRole> roles)
    {
        roles = [AccessRole.Audience];
        if (!claims.Has("roles"))
        {
            return true;
        }

        if (!claims.TryTexts("roles", RolesMax, out var names))
        {
            return false;
        }

        // A role this version does not know grants nothing.
        roles = [.. names.Select(AccessRoles.Parse).OfType<AccessRole>().Distinct()];
        return true;
    }

    private static bool IsId(string text) => text.Length <= IdCharactersMax && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}

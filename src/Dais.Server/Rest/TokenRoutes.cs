using System.Collections.Immutable;
using Dais.Protocol.Rest;
using Dais.Server.Access;
using Dais.Server.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The route that issues access tokens.</summary>
internal static class TokenRoutes
{
    internal static void MapTokens(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/tokens", IssueAsync)
            .Describe("issueToken", "Tokens", "Issues an access token for a user.", 413, 415)
            .TakesIdempotencyKey()
            .Accepts<TokenRequest>("application/json")
            .Produces<TokenIssued>(StatusCodes.Status201Created);

    private static async Task<IResult> IssueAsync(
        [FromServices] DaisOptions options, [FromServices] TimeProvider time, HttpRequest request)
    {
        var (body, refusal) = await RestBody.ReadAsync(request, RestJson.Default.TokenRequest);
        if (body is null)
        {
            return refusal!;
        }

        // There is a key, as the caller's own token was signed with one.
        string keyName = body.Key ?? options.Keys.Keys.First();
        if (!options.Keys.TryGetValue(keyName, out string? secret))
        {
            return RestAnswer.Invalid("key", "The server has no key of this name.");
        }

        ImmutableArray<AccessRole> roles =
            [.. (body.Roles ?? ["audience"]).Select(AccessRoles.Parse).OfType<AccessRole>().Distinct()];

        // The token says whole seconds.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds() + body.TtlSeconds);
        string token = new AccessTokenIssuer(keyName, secret).Issue(
            new AccessToken(body.UserId, body.Room, roles, expiresAt) { UserName = body.UserName });
        return RestAnswer.Created(
            new TokenIssued(token, expiresAt.ToUnixTimeMilliseconds()), RestJson.Default.TokenIssued, location: null);
    }
}

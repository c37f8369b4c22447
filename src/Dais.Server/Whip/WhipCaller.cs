using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Server.Access;
using Dais.Server.Signaling;

namespace Dais.Server.Whip;

/// <summary>Who asks for a session: whom the bearer token names (RFC 9725 §4.7.1), or, in development mode, the query.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Bearer">The token, if one was sent.</param>
public sealed record WhipCaller(Identity Identity, string? Bearer)
{
    private const string Scheme = "Bearer ";

    /// <summary>The token a call came with; null for none.</summary>
    public static string? BearerOf(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } token ? token : null;
    }

    /// <summary>Finds out who asks; gives them, or why they may not.</summary>
    public static (WhipCaller? Caller, Problem? Refusal) Of(HttpContext context, WhipKind kind, SignalingContext signaling)
    {
        var request = context.Request;
        string? bearer = BearerOf(request);
        var open = new SessionOpenParams(bearer, TextOf(request, "userId"), TextOf(request, "userName"), TextOf(request, "avatarUrl"));
        if (open.InvalidField() is { } field)
        {
            return (null, field == "token" ? Problem.Of(ErrorCodes.BadToken) : Problem.Of(ErrorCodes.InvalidParams, field));
        }

        var refusal = SessionMethods.Identify(open, signaling, out var identity);
        if (refusal is null)
        {
            return (new WhipCaller(identity!, bearer), null);
        }

        // Whoever only watches needs not be anybody: each such session is a viewer of its own.
        if (kind == WhipKind.Whep && refusal.Code != ErrorCodes.TokenExpired && Nobody(open, signaling) is { } nobody)
        {
            return (new WhipCaller(nobody, bearer), null);
        }

        return refusal.Code == ErrorCodes.InvalidParams
            ? (null, Problem.Of(ErrorCodes.BadToken, detail: "Send an access token as 'Authorization: Bearer <token>', or, in development mode, ?userId=."))
            : (null, Problem.Of(refusal.Code));
    }

    private static Identity? Nobody(SessionOpenParams open, SignalingContext signaling)
    {
        AccessToken? access = null;
        bool mayWatch = open.Token is null
            ? signaling.Options.AllowBareUserIds
            : signaling.Tokens.Verify(open.Token, signaling.Time.GetUtcNow(), out access, mayBeNobody: true) == TokenVerdict.Valid;
        return mayWatch
            ? new Identity(new User($"viewer-{RandomIds.Id()}", access?.UserName ?? open.UserName ?? "", ""), access, open.Platform)
            : null;
    }

    private static string? TextOf(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;
}

using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rtc.Sdp;
using Dais.Server.Rest;
using Dais.Server.Rooms;
using Dais.Server.Signaling;

namespace Dais.Server.Whip;

/// <summary>Answers WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): an offer becomes a session, which has a URL of its own.</summary>
public sealed class WhipEndpoint(WhipSessions sessions, SignalingContext signaling, WhipPace pace)
{
    /// <summary>A start that meets a room just ending tries again; more often than this it does not happen by chance.</summary>
    private const int StartAttemptsMax = 3;

    /// <summary>The address of a kind, without the room.</summary>
    public static string PrefixOf(WhipKind kind) => kind == WhipKind.Whip ? "/whip" : "/whep";

    /// <summary>Makes a session of an offer.</summary>
    public async Task PostAsync(HttpContext context, WhipKind kind)
    {
        var (offer, refusal) = await WhipOffer.ReadAsync(context, kind, signaling);
        if (TooSoon(context, offer?.Caller) is { } tooSoon)
        {
            await RestAnswer.Refuse(tooSoon).ExecuteAsync(context);
            return;
        }

        if (offer is null)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        if (sessions.TryBegin(kind, offer.RoomId, offer.Caller.Identity, offer.Caller.Bearer) is not { } session)
        {
            await RestAnswer.Refuse(ErrorCodes.LimitReached).ExecuteAsync(context);
            return;
        }

        string? answer = null;
        try
        {
            (answer, refusal) = await OpenAsync(session, offer);
        }
        finally
        {
            if (answer is null)
            {
                session.GiveUp();
            }
        }

        if (answer is null)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        await CreatedAsync(context, session, answer);
    }

    /// <summary>Takes candidates, which a server that runs ICE-lite needs not know, or restarts ICE (RFC 9725 §4.3).</summary>
    public async Task PatchAsync(HttpContext context, WhipKind kind)
    {
        if (Find(context, kind, out var refusal) is not { } session)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        var request = context.Request;
        if (!WhipOffer.IsOf(request, IceFragment.MediaType))
        {
            context.Response.Headers["Accept-Patch"] = IceFragment.MediaType;
            await RefuseAsync(context, Problem.Of(RestErrors.SdpExpected, detail: $"Send a fragment as {IceFragment.MediaType}."));
            return;
        }

        if (!IceFragment.TryParse(await WhipOffer.ReadTextAsync(request), out var fragment, out string? problem))
        {
            await RefuseAsync(context, Problem.Of(ErrorCodes.InvalidParams, "fragment", problem));
            return;
        }

        string ifMatch = request.Headers.IfMatch.ToString();
        var patched = Patched.Gone;
        await session.Runner!.InvokeAsync(room => patched = Patch(room, session, fragment!, ifMatch));
        await patched.ExecuteAsync(context);
    }

    /// <summary>Ends a session (RFC 9725 §4.2).</summary>
    public async Task DeleteAsync(HttpContext context, WhipKind kind)
    {
        if (Find(context, kind, out var refusal) is not { } session)
        {
            await RefuseAsync(context, refusal!);
            return;
        }

        await session.Runner!.InvokeAsync(session.End);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private async Task<(string? Answer, Problem? Refusal)> OpenAsync(WhipSession session, WhipOffer offer)
    {
        for (int attempt = 0; attempt < StartAttemptsMax; attempt++)
        {
            bool mayBeNew = offer.Kind == WhipKind.Whip && session.Session.Caller.MayStart(offer.RoomId);
            var runner = mayBeNew ? signaling.Rooms.FindOrCreate(offer.RoomId) : signaling.Rooms.Find(offer.RoomId);
            if (runner is null)
            {
                return (null, Problem.Of(mayBeNew ? ErrorCodes.LimitReached : ErrorCodes.RoomNotFound));
            }

            (string? Answer, Problem? Refusal) outcome = (null, Problem.Of(ErrorCodes.InternalError));
            if (await runner.InvokeAsync(room => outcome = Enter(room, session, offer)))
            {
                return outcome;
            }
        }

        return (null, Problem.Of(ErrorCodes.RoomNotFound));
    }

    private static (string? Answer, Problem? Refusal) Enter(LiveRoom room, WhipSession session, WhipOffer offer) =>
        offer.Kind == WhipKind.Whip ? WhipEntry.Publish(room, session, offer)
        : room.State.IsLive ? WhipEntry.Watch(room, session, offer)
        : (null, Problem.Of(ErrorCodes.RoomNotFound));

    private static Patched Patch(LiveRoom room, WhipSession session, IceFragment fragment, string ifMatch)
    {
        // 1. The ICE session the client means (RFC 9725 §4.3.1; RFC 9110 §13.1.1). The RFC's own example puts the asterisk in quotes.
        if (ifMatch.Length == 0)
        {
            return new Patched(Problem.Of(RestErrors.PreconditionRequired));
        }

        if (ifMatch is not ("*" or "\"*\"") && !ifMatch.Split(',', StringSplitOptions.TrimEntries).Contains(session.EntityTag, StringComparer.Ordinal))
        {
            return new Patched(Problem.Of(RestErrors.PreconditionFailed));
        }

        // 2. New credentials are a restart, whatever else is said (§4.3.3).
        if (fragment.Ice is null || fragment.Ice == session.Remote)
        {
            return new Patched(null);
        }

        return session.RestartIce(room, fragment.Ice) is { } answer
            ? new Patched(null) { Answer = answer, EntityTag = session.EntityTag }
            : new Patched(Problem.Of(ErrorCodes.LimitReached));
    }

    /// <summary>The session a call is about, if its caller may speak for it.</summary>
    private WhipSession? Find(HttpContext context, WhipKind kind, out Problem? refusal)
    {
        refusal = null;
        var values = context.Request.RouteValues;
        string? bearer = WhipCaller.BearerOf(context.Request);
        if (!pace.TryTake(AddressOf(context), out _))
        {
            refusal = Problem.Of(ErrorCodes.RateLimited);
            return null;
        }

        if (sessions.Find(kind, RestBody.IdOf((string)values["roomId"]!), (string)values["sessionId"]!) is not { } session)
        {
            refusal = Problem.Of(RestErrors.MediaSessionNotFound);
            return null;
        }

        // The token of then will do, even when it has run out meanwhile; else one of the same user.
        if (session.IsOpenedWith(bearer)
            || (bearer is not null
                && signaling.Tokens.Verify(bearer, signaling.Time.GetUtcNow(), out var access) == Access.TokenVerdict.Valid
                && access!.Covers(session.RoomId)
                && access.UserId == session.Session.UserId.Value))
        {
            return session;
        }

        refusal = bearer is null
            ? Problem.Of(ErrorCodes.BadToken, detail: "Send the access token the session was asked for with.")
            : Problem.Of(ErrorCodes.NoPermission, detail: "The session is another user's.");
        return null;
    }

    private Problem? TooSoon(HttpContext context, WhipCaller? caller) =>
        pace.TryTake(caller is null ? AddressOf(context) : $"user {caller.Identity.User.UserId}", out _) ? null : Problem.Of(ErrorCodes.RateLimited);

    private static string AddressOf(HttpContext context) => $"at {context.Connection.RemoteIpAddress}";

    private static Task RefuseAsync(HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            bool hasToken = WhipCaller.BearerOf(context.Request) is not null;
            context.Response.Headers.WWWAuthenticate = hasToken ? "Bearer error=\"invalid_token\"" : "Bearer";
        }

        return RestAnswer.Refuse(problem).ExecuteAsync(context);
    }

    private Task CreatedAsync(HttpContext context, WhipSession session, string answer)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = $"{PrefixOf(session.Kind)}/{Uri.EscapeDataString(session.RoomId)}/{session.Id}";
        response.Headers.ETag = session.EntityTag;
        response.Headers["Accept-Patch"] = IceFragment.MediaType;
        string userId = session.Session.Caller.User.UserId;
        response.Headers.Link = IceServers.For(userId, signaling.Options.IceServers, signaling.Time.GetUtcNow()).SelectMany(LinksTo).ToArray();
        return Patched.WriteAsync(context, answer, WhipOffer.MediaType);
    }

    /// <summary>How a STUN or TURN server is told (RFC 9725 §4.6).</summary>
    private static IEnumerable<string> LinksTo(IceServer server)
    {
        string account = server.Username is { } name ? $"; username={Quote(name)}" : "";
        account += server.Credential is { } credential ? $"; credential={Quote(credential)}; credential-type=\"password\"" : "";
        return server.Urls.Select(url => $"<{url}>; rel=\"ice-server\"{account}");
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>How a fragment is answered.</summary>
    private sealed record Patched(Problem? Refusal)
    {
        public static Patched Gone { get; } = new(Problem.Of(RestErrors.MediaSessionNotFound));

        /// <summary>The fragment that answers a restart; null when there was none.</summary>
        public string? Answer { get; init; }

        public string? EntityTag { get; init; }

        public Task ExecuteAsync(HttpContext context)
        {
            if (Refusal is not null)
            {
                return RefuseAsync(context, Refusal);
            }

            if (Answer is null)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            context.Response.Headers.ETag = EntityTag;
            return WriteAsync(context, Answer, IceFragment.MediaType);
        }

        public static Task WriteAsync(HttpContext context, string text, string mediaType)
        {
            byte[] body = System.Text.Encoding.UTF8.GetBytes(text);
            context.Response.ContentType = mediaType;
            context.Response.ContentLength = body.Length;
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        }
    }
}

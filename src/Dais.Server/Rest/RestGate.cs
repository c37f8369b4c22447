using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Server.Access;
using Dais.Server.Hosting;
using Dais.Server.Signaling;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Dais.Server.Rest;

/// <summary>Marks the routes of the API over HTTP.</summary>
public sealed record RestRoute
{
    /// <summary>The mark.</summary>
    public static RestRoute Mark { get; } = new();
}

/// <summary>Who calls over HTTP.</summary>
/// <param name="Verdict">What their token is; null when there is none.</param>
/// <param name="Access">What a good token grants.</param>
public sealed record RestCaller(TokenVerdict? Verdict, AccessToken? Access);

/// <summary>
/// What every call of the API over HTTP goes through: who calls (and, in between, how often: <see cref="RestLimiter"/>), how much
/// they send, whether they sent it before; and whatever goes wrong becomes a problem the caller understands (RFC 9457).
/// </summary>
public sealed class RestGate(
    AccessTokenVerifier tokens, IdempotentCalls idempotent, DaisOptions options, TimeProvider time, ServerLog log)
{
    /// <summary>What the addresses begin with.</summary>
    public const string Prefix = "/v1";

    /// <summary>How much of a body that is too large is read away, for at most as long as Kestrel takes for that.</summary>
    private const long DrainedBytesMax = 32 << 20;

    private const string Scheme = "Bearer ";

    /// <summary>Finds out who calls, and answers what goes wrong further on.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal)
            || context.Request.Path == SignalingEndpoint.Path)
        {
            await next(context);
            return;
        }

        try
        {
            context.Features.Set(CallerOf(context.Request));
            await next(context);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ProblemOf(bad).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception mistake) when (!context.Response.HasStarted)
        {
            log.CallFailed((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? Prefix, mistake);
            await RestAnswer.Refuse(ErrorCodes.InternalError).ExecuteAsync(context);
        }
    }

    /// <summary>Lets a call through, or refuses it.</summary>
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<RestCaller>() is not { } caller)
        {
            await next(context);
            return;
        }

        // 1. An address that does not exist needs no token to be told so.
        if (context.GetEndpoint()?.Metadata.GetMetadata<RestRoute>() is null)
        {
            await AnswerNothingAsync(context, next);
            return;
        }

        // 2. Who calls.
        if (Refusal(context, caller) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        var access = caller.Access!;
        context.Features.Set(access);

        // 3. How much.
        long bytesMax = options.Limits.MessageBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bytesMax + DrainedBytesMax;
        }

        if (context.Request.ContentLength > bytesMax)
        {
            await RestAnswer.Refuse(ErrorCodes.TooLarge).ExecuteAsync(context);
            return;
        }

        context.Request.Body = new BoundedBodyStream(context.Request.Body, bytesMax);

        // 4. Whether it came before.
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.TryGetValue(IdempotentCalls.Header, out var key))
        {
            await idempotent.RunAsync(context, access.UserId, key.ToString(), next);
            return;
        }

        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentLength: null })
        {
            // Binding says nothing about a parameter that may be left out and is no number.
            await RestAnswer.Invalid(NumberlessParameter(context)).ExecuteAsync(context);
        }
    }

    private static string NumberlessParameter(HttpContext context) =>
        context.GetEndpoint()!.Metadata.OfType<IParameterBindingMetadata>().FirstOrDefault(parameter =>
            parameter.HasTryParse
            && context.Request.Query[parameter.Name] is [{ Length: > 0 } text, ..]
            && !(parameter.ParameterInfo.ParameterType == typeof(int?) ? int.TryParse(text, out _) : long.TryParse(text, out _)))
            ?.Name ?? "query";

    /// <summary>Routing has found nothing, or something that only says what is wrong with the call.</summary>
    private static async Task AnswerNothingAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not null)
        {
            await next(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        if (!context.Response.HasStarted)
        {
            await RestAnswer.Refuse(context.Response.StatusCode switch
            {
                StatusCodes.Status405MethodNotAllowed => RestErrors.MethodNotAllowed,
                StatusCodes.Status415UnsupportedMediaType => RestErrors.UnsupportedMediaType,
                _ => RestErrors.RouteNotFound,
            }).ExecuteAsync(context);
        }
    }

    private RestCaller CallerOf(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new RestCaller(null, null);
        }

        var verdict = tokens.Verify(header[Scheme.Length..].Trim(), time.GetUtcNow(), out var access);
        return new RestCaller(verdict, access);
    }

    /// <summary>Why the caller may not do this; null when they may.</summary>
    private static IResult? Refusal(HttpContext context, RestCaller caller)
    {
        if (caller.Verdict is not { } verdict)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return RestAnswer.Refuse(ErrorCodes.BadToken, detail: "Send an access token in the header Authorization, after the word Bearer.");
        }

        if (verdict != TokenVerdict.Valid)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return RestAnswer.Refuse(verdict == TokenVerdict.Expired ? ErrorCodes.TokenExpired : ErrorCodes.BadToken);
        }

        var access = caller.Access!;
        if (!access.Grants(AccessRole.Server))
        {
            return RestAnswer.Refuse(ErrorCodes.NoPermission, detail: "The token needs the role server.");
        }

        return access.Room == AccessToken.AnyRoom
            || (context.Request.RouteValues.TryGetValue("roomId", out object? room) && access.Room == RestBody.IdOf((string)room!))
                ? null
                : RestAnswer.Refuse(ErrorCodes.NoPermission, detail: "The token is good for one room only, and this is not about it.");
    }

    private static IResult ProblemOf(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => RestAnswer.Refuse(ErrorCodes.TooLarge),
        StatusCodes.Status415UnsupportedMediaType => RestAnswer.Refuse(RestErrors.UnsupportedMediaType),
        _ => RestAnswer.Invalid(FieldOf(bad.Message)),
    };

    /// <summary>Binding says <c>Failed to bind parameter "int count" from "x".</c>; without a word in quotes it was the request itself.</summary>
    private static string FieldOf(string message)
    {
        string[] parts = message.Split('"', 3);
        return parts.Length == 3 ? parts[1][(parts[1].LastIndexOf(' ') + 1)..] : "request";
    }
}

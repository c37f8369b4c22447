using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Rtc.Sdp;
using Dais.Server.Hosting;
using Dais.Server.Rest;
using Microsoft.AspNetCore.Http.Features;

namespace Dais.Server.Whip;

/// <summary>The addresses of WHIP and WHEP, and what every call of them goes through.</summary>
public static class WhipRoutes
{
    /// <summary>The longest fragment, in bytes; offers may be as long as a message of the WebSocket.</summary>
    public const int FragmentBytesMax = 16_384;

    private static readonly string[] Looks = ["GET", "HEAD"];

    /// <summary>Adds what it is made of.</summary>
    public static void AddWhip(this IServiceCollection services)
    {
        services.AddSingleton<WhipPace>();
        services.AddSingleton<WhipSessions>();
        services.AddSingleton<WhipEndpoint>();
    }

    /// <summary>Answers below <c>/whip</c> and <c>/whep</c>.</summary>
    public static void UseWhip(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<DaisOptions>();
        var log = app.Services.GetRequiredService<ServerLog>();
        var endpoint = app.Services.GetRequiredService<WhipEndpoint>();
        app.Use((context, next) => Kinds.Any(kind => context.Request.Path.StartsWithSegments(WhipEndpoint.PrefixOf(kind), StringComparison.Ordinal))
            ? GuardAsync(context, next, options.Limits.MessageBytes, log)
            : next(context));
        foreach (var kind in Kinds)
        {
            var routes = app.MapGroup($"{WhipEndpoint.PrefixOf(kind)}/{{roomId}}").ExcludeFromDescription();
            routes.MapPost("", (RequestDelegate)(context => endpoint.PostAsync(context, kind)));
            routes.MapMethods("", ["OPTIONS"], (RequestDelegate)(context => Describe(context, "GET, HEAD, OPTIONS, POST", "Accept-Post", WhipOffer.MediaType)));
            routes.MapMethods("", Looks, (RequestDelegate)Nothing);
            routes.MapPatch("{sessionId}", (RequestDelegate)(context => endpoint.PatchAsync(context, kind)));
            routes.MapDelete("{sessionId}", (RequestDelegate)(context => endpoint.DeleteAsync(context, kind)));
            routes.MapMethods("{sessionId}", ["OPTIONS"], (RequestDelegate)(context =>
                Describe(context, "DELETE, GET, HEAD, OPTIONS, PATCH", "Accept-Patch", IceFragment.MediaType)));
            routes.MapMethods("{sessionId}", Looks, (RequestDelegate)Nothing);
        }
    }

    private static WhipKind[] Kinds { get; } = [WhipKind.Whip, WhipKind.Whep];

    /// <summary>Players are web pages of anybody's: every origin may call, with a token and without cookies (RFC 9725 §4.2).</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next, int offerBytesMax, ServerLog log)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Accept-Patch, Accept-Post, ETag, Link, Location, Retry-After, WWW-Authenticate";
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = HttpMethods.IsPatch(context.Request.Method) ? FragmentBytesMax : offerBytesMax;
        }

        try
        {
            await AnswerAsync(context, next);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await RestAnswer.Refuse(bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCodes.TooLarge : ErrorCodes.InvalidRequest)
                .ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception mistake) when (!context.Response.HasStarted)
        {
            log.CallFailed((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "/whip", mistake);
            await RestAnswer.Refuse(ErrorCodes.InternalError).ExecuteAsync(context);
        }
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is null)
        {
            await RestAnswer.Refuse(RestErrors.RouteNotFound).ExecuteAsync(context);
            return;
        }

        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false, ContentLength: null })
        {
            await RestAnswer.Refuse(RestErrors.MethodNotAllowed).ExecuteAsync(context);
        }
    }

    /// <summary>There is nothing to see, and that is no mistake (RFC 9725 §4.1).</summary>
    private static Task Nothing(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Describe(HttpContext context, string methods, string accepts, string mediaType)
    {
        var headers = context.Response.Headers;
        headers.Allow = methods;
        headers[accepts] = mediaType;
        headers.AccessControlAllowMethods = methods;
        headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type, If-Match";
        headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }
}

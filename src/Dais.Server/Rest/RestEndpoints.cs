using Dais.Protocol.Rest;
using Dais.Server.Hosting;
using Microsoft.AspNetCore.RateLimiting;

namespace Dais.Server.Rest;

/// <summary>Puts the API over HTTP together.</summary>
public static class RestEndpoints
{
    /// <summary>Adds what it is made of.</summary>
    public static void AddRest(this IServiceCollection services)
    {
        services.AddSingleton(provider => new IdempotencyStore(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IdempotentCalls>();
        services.AddSingleton<RestGate>();
        services.AddRateLimiter(static _ => { });
        services.AddOptions<RateLimiterOptions>()
            .Configure<DaisOptions>(static (limiter, options) => RestLimiter.Configure(limiter, options.Limits));
        services.AddSingleton<RoomGateway>();
        services.AddSingleton<RoomHistory>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddRestDocument();
    }

    /// <summary>Answers below <see cref="RestGate.Prefix"/>, and describes itself at <see cref="RestDocument.Address"/>.</summary>
    public static void UseRest(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<RestGate>();
        app.Use((context, next) => gate.InvokeAsync(context, next));
        app.UseRateLimiter();
        app.Use((context, next) => gate.AnswerAsync(context, next));
        app.MapOpenApi(RestDocument.Address);
        var routes = app.MapGroup(RestGate.Prefix).WithMetadata(RestRoute.Mark);
        routes.MapRooms();
        routes.MapMembers();
        routes.MapSeats();
        routes.MapMessages();
        routes.MapConnections();
        routes.MapEvents();
        routes.MapTokens();
        routes.MapWebhooks();
    }

    /// <summary>Names a route and says in one line what it does.</summary>
    /// <param name="route">The route.</param>
    /// <param name="operationId">Its name in the description.</param>
    /// <param name="tag">The group it is listed in.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="refusals">The HTTP statuses it refuses with, beside those every route has.</param>
    internal static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string operationId, string tag, string summary, params ReadOnlySpan<int> refusals)
    {
        route.WithName(operationId).WithTags(tag).WithSummary(summary);
        foreach (int status in (ReadOnlySpan<int>)[400, 401, 403, .. refusals, 429, 500, 503])
        {
            route.Produces<Problem>(status, Problem.MediaType);
        }

        return route;
    }

    /// <summary>Says that a POST may come with an idempotency key.</summary>
    internal static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route) =>
        route.WithMetadata(IdempotentRoute.Mark).Produces<Problem>(422, Problem.MediaType);
}

/// <summary>Marks the routes that an idempotency key may come with.</summary>
public sealed record IdempotentRoute
{
    /// <summary>The mark.</summary>
    public static IdempotentRoute Mark { get; } = new();
}

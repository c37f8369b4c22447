using Dais.Server.Media;

namespace Dais.Server.Hosting;

/// <summary>What a supervisor asks: whether the process lives, and whether it should get clients.</summary>
public static class Health
{
    /// <summary>Adds <c>/healthz</c> (alive) and <c>/readyz</c> (takes clients).</summary>
    public static void MapHealth(this WebApplication app)
    {
        var lifetime = app.Lifetime;
        var media = app.Services.GetRequiredService<MediaPlane>();
        app.MapGet("/healthz", static context => AnswerAsync(context, StatusCodes.Status200OK, "ok"));
        app.MapGet("/readyz", context =>
        {
            string? obstacle = lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
                : !media.IsRunning ? "media workers do not run"
                : null;
            int status = obstacle is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return AnswerAsync(context, status, obstacle ?? "ready");
        });
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}

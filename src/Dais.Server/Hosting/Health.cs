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
            lifetime.ApplicationStopping.IsCancellationRequested ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "stopping")
            : !media.IsRunning ? AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "media workers do not run")
            : AnswerAsync(context, StatusCodes.Status200OK, "ready"));
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}

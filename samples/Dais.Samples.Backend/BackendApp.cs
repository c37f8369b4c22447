using System.Text.Json;
using Dais.Client;
using Dais.Client.Admin;
using Dais.Protocol.Rest;

namespace Dais.Samples.Backend;

/// <summary>The backend of an application: gives its users tokens, learns by webhooks who is where, and shows it.</summary>
public static class BackendApp
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://localhost:5190";

    /// <summary>A webhook's body is small; with extended events up to some tens of kilobytes.</summary>
    private const int WebhookBytesMax = 1 << 20;

    /// <summary>Puts it together.</summary>
    /// <exception cref="BackendSettingsException">A setting is missing.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = WebhookBytesMax);
        var settings = BackendSettings.Read(builder.Configuration);
        builder.Services.AddSingleton<AudienceBoard>();
        builder.Services.AddSingleton(new WebhookVerifier(settings.WebhookSecret));
        builder.Services.AddSingleton(_ => new DaisAdmin(new DaisAdminOptions
        {
            Url = settings.ServerUrl,
            KeyName = settings.KeyName,
            Secret = settings.Secret,
        }));
        builder.Services.AddHostedService<BoardSeeder>();
        var app = builder.Build();
        app.MapGet("/", ShowPageAsync);
        app.MapGet("/audience", StreamAsync);
        app.MapPost("/webhooks", TakeWebhookAsync);
        app.MapPost("/tokens", IssueTokenAsync);
        return app;
    }

    /// <summary>Takes a webhook. Anything but 2xx makes the server send it again, so a repetition is no error.</summary>
    private static async Task TakeWebhookAsync(HttpContext context)
    {
        // 1. The raw bytes: what is signed is those, not what they mean.
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        byte[] body = buffer.ToArray();

        // 2. Whose it is.
        var verdict = context.RequestServices.GetRequiredService<WebhookVerifier>()
            .Verify(body, name => context.Request.Headers[name]);
        if (verdict != WebhookVerdict.Valid)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // 3. What it says.
        if (WebhookNotice.TryRead(body, out var notice))
        {
            context.RequestServices.GetRequiredService<AudienceBoard>().Take(notice);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>
    /// Gives a user a token. A real backend asks its own login who calls; this one believes <c>?user=</c>, so keep it to yourself.
    /// </summary>
    private static async Task IssueTokenAsync(HttpContext context)
    {
        string? user = context.Request.Query["user"];
        string? room = context.Request.Query["room"];
        if (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(room))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("Say who and where: /tokens?user=ann&room=demo", context.RequestAborted);
            return;
        }

        try
        {
            var token = await context.RequestServices.GetRequiredService<DaisAdmin>().IssueTokenAsync(
                new TokenRequest(user, UserName: user, Room: room, Roles: ["host", "audience"]), cancellation: context.RequestAborted);
            await context.Response.WriteAsync(token.Token, context.RequestAborted);
        }
        catch (DaisException refusal)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync($"{refusal.Name}: {refusal.Message}", context.RequestAborted);
        }
    }

    /// <summary>The audience as it changes (server-sent events).</summary>
    private static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await foreach (var board in context.RequestServices.GetRequiredService<AudienceBoard>().WatchAsync(either.Token))
            {
                await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(board, BackendJson.Default.Board)}\n\n", either.Token);
                await context.Response.Body.FlushAsync(either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or this is.
        }
    }

    private static async Task ShowPageAsync(HttpContext context)
    {
        await using var page = typeof(BackendApp).Assembly.GetManifestResourceStream("page.html")!;
        context.Response.ContentType = "text/html; charset=utf-8";
        await page.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

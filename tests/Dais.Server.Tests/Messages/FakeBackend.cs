using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Dais.Server.Tests.Messages;

/// <summary>A question of the hook, as it came.</summary>
public sealed record AskedQuestion(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body read.</summary>
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>An application's backend that is asked about messages.</summary>
public sealed class FakeBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeBackend(WebApplication app) => _app = app;

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<AskedQuestion> Questions { get; } = new();

    /// <summary>How it answers; allows everything by default.</summary>
    public Func<HttpContext, JsonObject, Task> Answer { get; set; } =
        static (context, _) => context.Response.WriteAsync("""{"action":"allow"}""");

    /// <summary>Where it is.</summary>
    public string Url => _app.Urls.Single() + "/messages";

    /// <summary>Starts one.</summary>
    public static async Task<FakeBackend> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var backend = new FakeBackend(app);
        app.Run(backend.ServeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return backend;
    }

    /// <summary>Answers every question with <paramref name="json"/>.</summary>
    public void Say(string json) => Answer = (context, _) => context.Response.WriteAsync(json);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var question = new AskedQuestion(
            body.ToArray(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Questions.Enqueue(question);
        await Answer(context, question.Json);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Dais.Server.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests.Webhooks;

/// <summary>A request as a backend gets it.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="Raw">Its body's bytes.</param>
/// <param name="Body">What they say.</param>
/// <param name="Connection">The connection it came by.</param>
public sealed record ReceivedWebhook(IHeaderDictionary Headers, byte[] Raw, JsonObject Body, string Connection)
{
    public string NoticeId => Body["noticeId"]!.GetValue<string>();

    public int EventType => Body["eventType"]!.GetValue<int>();

    public JsonObject Payload => Body["payload"]!.AsObject();

    public string Room => Payload["channelName"]!.GetValue<string>();

    public string? Account => Payload["account"]?.GetValue<string>();

    /// <summary>The event and whom it is about.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EventType} {Account}").TrimEnd();
}

/// <summary>A backend on a real port that answers as a test says: 200 unless told otherwise. Checks every signature.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    /// <summary>The secret it shares with the server.</summary>
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>Longer than any delay of these tests, also on a machine that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _came = new(0);
    private readonly WebApplication _app;
    private int _inFlight;
    private int _inFlightMax;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>How it answers.</summary>
    public Func<HttpContext, ReceivedWebhook, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Everything that came, in order.</summary>
    public ConcurrentQueue<ReceivedWebhook> Received { get; } = [];

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.Single() + "/hooks";

    /// <summary>The most requests that were on their way at once.</summary>
    public int InFlightMax => Volatile.Read(ref _inFlightMax);

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>What came, as <see cref="ReceivedWebhook.ToString"/> says it.</summary>
    public string[] Told(string? room = null) =>
        [.. Received.Where(each => room is null || each.Room == room).Select(each => each.ToString())];

    /// <summary>Waits until so many have come.</summary>
    public Task UntilAsync(int count) => UntilAsync(() => Received.Count >= count);

    /// <summary>Waits, request by request, until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(await _came.WaitAsync(Patience, TestContext.Current.CancellationToken), "Nothing more comes.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _came.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
        byte[] raw = copy.ToArray();
        var received = new ReceivedWebhook(
            new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value)),
            raw,
            JsonNode.Parse(raw)!.AsObject(),
            context.Connection.Id);
        if (!IsSigned(received))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        int now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(now);
        try
        {
            Received.Enqueue(received);
            _came.Release();
            await Answer(context, received);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static bool IsSigned(ReceivedWebhook received) =>
        received.Headers["Agora-Signature"] == WebhookSignatures.Sha1(Secret, received.Raw)
        && received.Headers["Agora-Signature-V2"] == WebhookSignatures.Sha256(Secret, received.Raw)
        && received.Headers["webhook-id"] == received.NoticeId
        && received.Headers["webhook-signature"] == WebhookSignatures.Standard(
            Secret,
            received.NoticeId,
            long.Parse(received.Headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture),
            received.Raw);

    private void InterlockedMax(int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref _inFlightMax)) < value
            && Interlocked.CompareExchange(ref _inFlightMax, value, seen) != seen)
        {
        }
    }
}

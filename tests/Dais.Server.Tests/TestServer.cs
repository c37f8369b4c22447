using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Dais.Rooms;
using Dais.Rtc.Dtls;
using Dais.Server.Access;
using Dais.Server.Hosting;
using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Server.Storage;
using Dais.Server.Tests.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests;

/// <summary>The whole server on real sockets with ports of the system's choice, and a clock that tests move.</summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>The secret of the key <c>test</c>.</summary>
    public const string Secret = "the secret of the tests, of enough bytes";

    private const int WorkersMax = 4;

    private readonly WebApplication _app;

    private TestServer(WebApplication app, ManualTime time, RecordedLog log, RecordedMediaWorker[] workers)
    {
        _app = app;
        Time = time;
        Log = log;
        Workers = workers;
    }

    /// <summary>The media workers, doubles that only listen.</summary>
    public RecordedMediaWorker[] Workers { get; }

    /// <summary>The first media worker; without a setting that wants more, the only one.</summary>
    public RecordedMediaWorker Worker => Workers[0];

    /// <summary>The server's clock.</summary>
    public ManualTime Time { get; }

    /// <summary>Everything the server logged.</summary>
    public RecordedLog Log { get; }

    /// <summary>Signs tokens this server accepts.</summary>
    public AccessTokenIssuer Tokens { get; } = new("test", Secret);

    /// <summary>Where the server listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Parts => _app.Services;

    /// <summary>Starts a server with <paramref name="settings"/> on top of the defaults of tests.</summary>
    /// <param name="settings">Settings.</param>
    /// <param name="environment">Development takes bare user ids.</param>
    /// <param name="webRoot">Where the web app lies.</param>
    /// <param name="realMedia">Real media workers on real UDP; the clock is then the system's, and <see cref="Time"/>
    /// moves nothing.</param>
    /// <param name="events">An event log other than the settings'.</param>
    /// <param name="time">A clock other than one of its own.</param>
    public static async Task<TestServer> StartAsync(
        Dictionary<string, string?>? settings = null,
        string environment = "Development",
        string? webRoot = null,
        bool realMedia = false,
        IEventLog? events = null,
        ManualTime? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = webRoot,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Trace",
            ["Dais:Keys:test"] = Secret,
            ["Dais:Storage:Durability"] = "memory",
            ["Dais:Media:Port"] = "0",
            ["Dais:Media:Workers"] = "1",
            ["Dais:Media:AdvertisedAddresses"] = "127.0.0.1",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        time ??= new ManualTime();
        var log = new RecordedLog();
        RecordedMediaWorker[] workers = [.. Enumerable.Range(0, WorkersMax).Select(_ => new RecordedMediaWorker())];
        builder.AddDais();
        if (!realMedia)
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddSingleton<IDtlsSessionFactory, FixedFingerprint>();
            builder.Services.AddSingleton<MediaWorkerFactory>(index => workers[index]);
        }

        if (events is not null)
        {
            builder.Services.AddKeyedSingleton(EventLogRegistration.Unwatched, events);
        }

        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        var app = builder.Build();
        app.UseDais();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(app, time, log, workers);
    }

    /// <summary>Connects without opening a session.</summary>
    public async Task<TestClient> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(SignalingEndpoint.Subprotocol);
        await socket.ConnectAsync(WebSocketAddress, TestContext.Current.CancellationToken);
        return new TestClient(socket);
    }

    /// <summary>Starts the room of <paramref name="host"/> and gives the host's connection.</summary>
    public async Task<TestClient> StartRoomAsync(string roomId, string host = "hana", JsonObject? settings = null)
    {
        var client = await OpenAsync(host);
        settings ??= [];
        settings["roomId"] = roomId;
        await client.CallAsync("room.start", settings);
        return client;
    }

    /// <summary>Lets <paramref name="userId"/> join a room and gives their connection.</summary>
    public async Task<TestClient> JoinRoomAsync(string roomId, string userId)
    {
        var client = await OpenAsync(userId);
        await client.CallAsync("room.join", new() { ["roomId"] = roomId });
        return client;
    }

    /// <summary>Connects and opens the session of <paramref name="userId"/>, as development mode allows.</summary>
    public async Task<TestClient> OpenAsync(string userId)
    {
        var client = await ConnectAsync();
        client.Session = await client.CallAsync(
            "session.open", new() { ["userId"] = userId, ["userName"] = $"Name of {userId}" });
        return client;
    }

    /// <summary>Waits until a room has taken note that a member's connection is lost.</summary>
    public async Task UntilAwayAsync(string roomId, string userId)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        while (!await IsAwayAsync(roomId, userId))
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Whether a room keeps the place of a member whose connection is lost.</summary>
    public async Task<bool> IsAwayAsync(string roomId, string userId)
    {
        bool isAway = false;
        await InRoomAsync(roomId, room => isAway = room.State.MemberOf(new UserId(userId))?.ReturnBy is not null);
        return isAway;
    }

    /// <summary>Looks at a room, in its loop.</summary>
    public async Task InRoomAsync(string roomId, Action<LiveRoom> look) =>
        Assert.True(await Parts.GetRequiredService<RoomDirectory>().Find(roomId)!.InvokeAsync(look));

    /// <summary>
    /// Connects and resumes a session, given what it was opened with and the events its client has, by room.
    /// </summary>
    public async Task<(TestClient Client, JsonObject Opened)> ResumeAsync(JsonObject session, params (string RoomId, long Seq)[] seqs)
    {
        var client = await ConnectAsync();
        return (client, await client.CallAsync("session.open", ResumptionOf(session, seqs)));
    }

    /// <summary>The parameters that resume a session.</summary>
    public static JsonObject ResumptionOf(JsonObject session, params (string RoomId, long Seq)[] seqs) => new()
    {
        ["userId"] = session["userId"]!.DeepClone(),
        ["resume"] = new JsonObject
        {
            ["sessionId"] = session["sessionId"]!.DeepClone(),
            ["key"] = session["resumeKey"]!.DeepClone(),
            ["seqs"] = new JsonObject(seqs.Select(seq => KeyValuePair.Create(seq.RoomId, (JsonNode?)seq.Seq))),
        },
    };

    /// <summary>Where the WebSocket endpoint is.</summary>
    public Uri WebSocketAddress => new UriBuilder(Address) { Scheme = "ws", Path = SignalingEndpoint.Path }.Uri;

    /// <summary>A client for plain HTTP.</summary>
    public HttpClient CreateHttpClient() => new() { BaseAddress = Address };

    /// <summary>Stops the server as a signal would.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

using System.Collections.Concurrent;
using System.Net.WebSockets;
using Dais.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Dais.Client.Tests;

/// <summary>The whole server in this process, on ports of the system's choice, with real media; and clients of it.</summary>
public sealed class ServerUnderTest : IAsyncDisposable
{
    /// <summary>How long a test waits for something that should come at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly WebApplication _app;
    private readonly List<DaisClient> _clients = [];
    private readonly ConcurrentDictionary<string, WebSocket> _sockets = new();

    private ServerUnderTest(WebApplication app) => _app = app;

    /// <summary>Where the server listens.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts a server in development mode.</summary>
    /// <param name="settings">Settings on top of the defaults of tests.</param>
    /// <param name="address">Where it listens; by default on a port of the system's choice.</param>
    public static async Task<ServerUnderTest> StartAsync(Dictionary<string, string?>? settings = null, Uri? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Development",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls(address?.ToString() ?? "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dais:Media:Port"] = "0",
            ["Dais:Storage:Durability"] = "memory",
            ["Dais:Media:Workers"] = "1",
            ["Dais:Media:AdvertisedAddresses"] = "127.0.0.1",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddDais();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseDais();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServerUnderTest(app);
    }

    /// <summary>A client that has not connected.</summary>
    public DaisClient CreateClient(string userId, Func<DaisClientOptions, DaisClientOptions>? change = null)
    {
        var options = new DaisClientOptions
        {
            Url = Address,
            UserId = userId,
            UserName = $"Name of {userId}",
            OpenWebSocketAsync = async (address, cancellation) =>
            {
                var socket = new ClientWebSocket();
                socket.Options.AddSubProtocol("dais.v1");
                await socket.ConnectAsync(address, cancellation);
                _sockets[userId] = socket;
                return socket;
            },
        };
        var client = new DaisClient(change is null ? options : change(options));
        _clients.Add(client);
        return client;
    }

    /// <summary>A client with an open session.</summary>
    public async Task<DaisClient> ConnectAsync(string userId)
    {
        var client = CreateClient(userId);
        await client.ConnectAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return client;
    }

    /// <summary>A connected client that has started a room.</summary>
    public async Task<Room> StartRoomAsync(string userId, string roomId = "lobby") =>
        await (await ConnectAsync(userId)).StartRoomAsync(roomId, TestContext.Current.CancellationToken);

    /// <summary>A connected client that has joined a room.</summary>
    public async Task<Room> JoinRoomAsync(string userId, string roomId = "lobby") =>
        await (await ConnectAsync(userId)).JoinRoomAsync(roomId, TestContext.Current.CancellationToken);

    /// <summary>Breaks the connection of <paramref name="userId"/> without a word.</summary>
    public void Cut(string userId) => _sockets[userId].Abort();

    /// <summary>Stops the server and leaves its clients alone.</summary>
    public async Task StopAsync()
    {
        _clients.Clear();
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _app.DisposeAsync();
    }
}

using System.Text.Json.Nodes;
using Dais.Server.Rooms;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>A room, its host and somebody who watches.</summary>
/// <param name="Id">The room; its host is <c>host-</c> and its viewer <c>viewer-</c> and that.</param>
/// <param name="Host">The host, on seat 0.</param>
/// <param name="Viewer">The viewer.</param>
public sealed record HostedRoom(string Id, TestClient Host, TestClient Viewer)
{
    /// <summary>The parameters of a call about the room.</summary>
    public JsonObject In(params (string Name, JsonNode? Value)[] more)
    {
        var parameters = new JsonObject { ["roomId"] = Id };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        return parameters;
    }

    /// <summary>The host asks other rooms; gives the results by room.</summary>
    public async Task<JsonObject> AskAsync(string[] targets, int timeout = 30) =>
        (await Host.CallAsync("coHost.request", In(("targetRoomIds", Targets(targets)), ("timeout", timeout))))["results"]!.AsObject();

    /// <summary>The host asks another room; gives the result.</summary>
    public async Task<int> AskAsync(string target, int timeout = 30) => (await AskAsync([target], timeout))[target]!.GetValue<int>();

    /// <summary>The host accepts a room that has asked.</summary>
    public Task AcceptAsync(string from) => Host.CallAsync("coHost.accept", In(("fromRoomId", from)));

    /// <summary>The room as its host sees it now.</summary>
    public async Task<JsonObject> SeenAsync() => (await Host.CallAsync("room.join", In()))["room"]!.AsObject();

    /// <summary>A list of rooms as the contract has it.</summary>
    public static JsonArray Targets(params string[] targets) => [.. targets.Select(target => (JsonNode?)target)];
}

/// <summary>A server and some rooms.</summary>
public sealed class HostsScene : IAsyncDisposable
{
    private readonly Dictionary<string, HostedRoom> _rooms = [];

    private HostsScene(TestServer server) => Server = server;

    /// <summary>The server.</summary>
    public TestServer Server { get; }

    /// <summary>A room.</summary>
    public HostedRoom this[string room] => _rooms[room];

    /// <summary>Starts the server and the rooms.</summary>
    public static async Task<HostsScene> StartAsync(
        string[] rooms, Dictionary<string, string?>? settings = null, IEventLog? events = null, ManualTime? time = null)
    {
        var scene = new HostsScene(await TestServer.StartAsync(settings, events: events, time: time));
        foreach (string room in rooms)
        {
            await scene.AddAsync(room);
        }

        return scene;
    }

    /// <summary>Starts a room, or comes back to it.</summary>
    public async Task<HostedRoom> AddAsync(string room, JsonObject? settings = null)
    {
        var host = await Server.StartRoomAsync(room, $"host-{room}", settings);
        return _rooms[room] = new HostedRoom(room, host, await Server.JoinRoomAsync(room, $"viewer-{room}"));
    }

    /// <summary>Connects rooms, one after the other with the first.</summary>
    public async Task ConnectAsync(params string[] rooms)
    {
        foreach (string other in rooms[1..])
        {
            Assert.Equal(0, await this[rooms[0]].AskAsync(other));
            await this[other].AcceptAsync(rooms[0]);
        }

        // The asking room has heard of it too.
        string last = rooms[^1];
        await this[rooms[0]].Host.EventWhereAsync("coHost.requestEnded", ended => Text(ended["request"]!["to"]!, "roomId") == last);
    }

    /// <summary>Looks at a room, in its loop.</summary>
    public Task InRoomAsync(string room, Action<LiveRoom> look) => Server.InRoomAsync(room, look);

    /// <summary>Fails unless all rooms agree: who is connected with whom, and who has asked whom.</summary>
    public async Task AgreeAsync()
    {
        var seen = new Dictionary<string, JsonObject>();
        foreach (var room in _rooms.Values)
        {
            seen[room.Id] = await room.SeenAsync();
        }

        Agreement.Check(seen);
    }

    /// <summary>A field's text.</summary>
    public static string Text(JsonNode node, string name) => node[name]!.ToString();

    /// <summary>The rooms in a list of them.</summary>
    public static string[] RoomsOf(JsonNode? list) => [.. list!.AsArray().Select(room => Text(room!, "roomId"))];

    /// <summary>The rooms in a list of those who left, each with why.</summary>
    public static string[] Left(JsonNode changed) =>
        [.. changed["left"]!.AsArray().Select(room => $"{Text(room!, "roomId")} {Text(room!, "reason")}")];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var room in _rooms.Values)
        {
            await room.Host.DisposeAsync();
            await room.Viewer.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}

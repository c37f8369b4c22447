using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms;

/// <summary>
/// The room "lobby" with its host "hana", an admin "adam", and two who came to watch: "gus" and "vera".
/// </summary>
public sealed class StageScene : IAsyncDisposable
{
    private const string RoomId = "lobby";

    private StageScene(TestServer server, TestClient host, TestClient admin, TestClient guest, TestClient viewer)
    {
        Server = server;
        Host = host;
        Admin = admin;
        Guest = guest;
        Viewer = viewer;
    }

    /// <summary>The server.</summary>
    public TestServer Server { get; }

    /// <summary>The owner, on seat 0.</summary>
    public TestClient Host { get; }

    /// <summary>An admin, not seated.</summary>
    public TestClient Admin { get; }

    /// <summary>Somebody who is to come on stage.</summary>
    public TestClient Guest { get; }

    /// <summary>Somebody who only watches.</summary>
    public TestClient Viewer { get; }

    /// <summary>Starts the server, and lets everybody in.</summary>
    public static async Task<StageScene> StartAsync(JsonObject? room = null)
    {
        var server = await TestServer.StartAsync();
        var host = await server.StartRoomAsync(RoomId, settings: room);
        var admin = await server.JoinRoomAsync(RoomId, "adam");
        await host.CallAsync("audience.setAdmin", In(("userId", "adam"), ("isAdmin", true)));
        await admin.WholeEventAsync("member.roleChanged");
        return new StageScene(
            server, host, admin, await server.JoinRoomAsync(RoomId, "gus"), await server.JoinRoomAsync(RoomId, "vera"));
    }

    /// <summary>The parameters of a call about the room.</summary>
    public static JsonObject In(params (string Name, JsonNode? Value)[] more)
    {
        var parameters = new JsonObject { ["roomId"] = RoomId };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        return parameters;
    }

    /// <summary>The room as somebody who joins now sees it.</summary>
    public async Task<JsonObject> SeenByAsync(string userId)
    {
        var client = await Server.OpenAsync(userId);
        return (await client.CallAsync("room.join", In()))["room"]!.AsObject();
    }

    /// <summary>The host lets the guest on stage.</summary>
    public async Task SeatGuestAsync()
    {
        await Guest.CallAsync("seat.apply", In());
        await Host.CallAsync("seat.acceptApplication", In(("userId", "gus")));
        await Guest.EventAsync("seat.applicationEnded");
    }

    /// <summary>Who sits where, as the next change of the seats tells <paramref name="client"/>.</summary>
    public static async Task<string[]> SeatsAsync(TestClient client) =>
    [
        .. (await client.EventAsync("seat.changed"))["seats"]!.AsArray()
            .Select(seat => seat!["user"]?["userId"]!.GetValue<string>()
                ?? (seat["locked"]!.GetValue<bool>() ? "locked" : "")),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { Host, Admin, Guest, Viewer })
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}

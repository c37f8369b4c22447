using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class SessionTests
{
    [Fact]
    public async Task An_open_session_tells_what_the_client_needs()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:IceServers:0:Url"] = "stun:stun.example.org" });
        await using var client = await server.ConnectAsync();

        var opened = await client.CallAsync("session.open", new() { ["userId"] = "anna", ["userName"] = "Anna", ["platform"] = 7 });

        Assert.Equal(("anna", "Anna"), (opened["userId"]!.GetValue<string>(), opened["userName"]!.GetValue<string>()));
        Assert.Equal((10, 10), (opened["pingSeconds"]!.GetValue<int>(), opened["graceSeconds"]!.GetValue<int>()));
        Assert.False(opened["resumed"]!.GetValue<bool>());
        Assert.NotEmpty(opened["sessionId"]!.GetValue<string>());
        Assert.NotEqual(opened["sessionId"]!.GetValue<string>(), opened["resumeKey"]!.GetValue<string>());
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), opened["serverTime"]!.GetValue<long>());
        Assert.Equal("stun:stun.example.org", opened["iceServers"]![0]!["urls"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Whoever_opens_a_session_has_TURN_credentials_of_their_own_that_end()
    {
        await using var server = await TestServer.StartAsync(new()
        {
            ["Dais:IceServers:0:Url"] = "turn:turn.example.org:3478?transport=udp",
            ["Dais:IceServers:0:Secret"] = "north",
            ["Dais:IceServers:0:CredentialSeconds"] = "3600",
            ["Dais:IceServers:1:Url"] = "turns:turn.example.org",
            ["Dais:IceServers:1:Username"] = "all",
            ["Dais:IceServers:1:Credential"] = "alike",
        });
        await using var client = await server.ConnectAsync();

        var servers = (await client.CallAsync("session.open", new() { ["userId"] = "anna" }))["iceServers"]!;

        // 2026-11-21 13:00:00 UTC is an hour after the clock of tests; the signature is that of
        // printf 1795266000:anna | openssl dgst -sha1 -hmac north -binary | base64
        Assert.Equal("1795266000:anna", servers[0]!["username"]!.GetValue<string>());
        Assert.Equal("1t7iPYcvavA5Nc0kj6VjGECeZw0=", servers[0]!["credential"]!.GetValue<string>());
        Assert.Equal(("all", "alike"), (servers[1]!["username"]!.GetValue<string>(), servers[1]!["credential"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Development_mode_takes_a_bare_user_id_and_any_token_beside_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var nobody = await server.ConnectAsync();

        await client.CallAsync("session.open", new() { ["userId"] = "anna", ["token"] = "whatever" });
        Assert.Equal(-32602, await nobody.RefusalCodeAsync("session.open", []));
        Assert.Contains(server.Log.OwnLines, line => line.Id.Id == 2);
    }

    [Fact]
    public async Task Production_takes_tokens_only()
    {
        await using var server = await TestServer.StartAsync(environment: "Production");
        await using var bare = await server.ConnectAsync();
        await using var wrong = await server.ConnectAsync();
        await using var client = await server.ConnectAsync();

        Assert.Equal(1002, await bare.RefusalCodeAsync("session.open", new() { ["userId"] = "anna" }));
        Assert.Equal(1002, await wrong.RefusalCodeAsync("session.open", new() { ["userId"] = "anna", ["token"] = "whatever" }));
        await client.CallAsync("session.open", Token(server, "*", AccessRole.Audience));
        Assert.DoesNotContain(server.Log.OwnLines, line => line.Id.Id == 2);
    }

    [Fact]
    public async Task A_token_is_good_for_its_room_and_its_roles()
    {
        await using var server = await TestServer.StartAsync(environment: "Production");
        await using var host = await server.ConnectAsync();
        await using var viewer = await server.ConnectAsync();
        await using var admin = await server.ConnectAsync();
        await host.CallAsync("session.open", Token(server, "lobby", AccessRole.Host));
        await viewer.CallAsync("session.open", Token(server, "elsewhere", AccessRole.Audience, "vera"));
        await admin.CallAsync("session.open", Token(server, "lobby", AccessRole.Admin, "adam"));

        Assert.Equal(100006, await host.RefusalCodeAsync("room.start", Room("elsewhere")));
        Assert.Equal(100006, await viewer.RefusalCodeAsync("room.start", Room("elsewhere")));
        await host.CallAsync("room.start", Room("lobby"));

        Assert.Equal(1002, await viewer.RefusalCodeAsync("room.join", Room("lobby")));
        var joined = await admin.CallAsync("room.join", Room("lobby"));
        Assert.Equal("admin", joined["room"]!["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_full_node_refuses_the_upgrade()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Limits:ConnectionsMax"] = "1" });
        var first = await server.OpenAsync("anna");
        await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(server.ConnectAsync);

        await first.DisposeAsync();
        var connections = (ConnectionRegistry)server.Parts.GetService(typeof(ConnectionRegistry))!;
        await Eventually.IsTrueAsync(() => connections.Count == 0);
        await using var second = await server.OpenAsync("berta");
    }

    private static JsonObject Token(TestServer server, string room, AccessRole role, string userId = "hana") => new()
    {
        ["token"] = server.Tokens.Issue(new AccessToken(userId, room, [role], server.Time.GetUtcNow().AddHours(1))),
    };

    private static JsonObject Room(string roomId) => new() { ["roomId"] = roomId };
}

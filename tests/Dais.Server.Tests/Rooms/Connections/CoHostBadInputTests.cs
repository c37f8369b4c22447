using System.Text.Json.Nodes;
using static Dais.Server.Tests.Rooms.Connections.HostsScene;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>What hosts of different rooms may not do, with the code of each; both sides stay consistent.</summary>
public sealed class CoHostBadInputTests
{
    [Fact]
    public async Task A_room_cannot_connect_with_itself()
    {
        await using var scene = await StartAsync(["a", "b"]);

        var results = await scene["a"].AskAsync(["a", "b"]);

        Assert.Equal(("-1", "0"), (Text(results, "a"), Text(results, "b")));
        Assert.Single((await scene["a"].SeenAsync())["sentHostRequests"]!.AsArray());
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task A_room_that_never_was_or_has_ended_does_not_exist()
    {
        await using var scene = await StartAsync(["a", "b"]);
        await scene["b"].Host.CallAsync("room.end", scene["b"].In());

        var results = await scene["a"].AskAsync(["b", "nowhere"]);

        Assert.Equal(("1", "1"), (Text(results, "b"), Text(results, "nowhere")));
        Assert.Empty((await scene["a"].SeenAsync())["sentHostRequests"]!.AsArray());
        Assert.Equal(100004, await scene["a"].Host.RefusalCodeAsync(
            "coHost.request", new() { ["roomId"] = "nowhere", ["targetRoomIds"] = HostedRoom.Targets("a") }));
        Assert.Equal(100004, await scene["b"].Host.RefusalCodeAsync("coHost.exit", scene["b"].In()));
    }

    [Fact]
    public async Task Who_has_been_asked_or_is_connected_already_is_busy()
    {
        await using var scene = await StartAsync(["a", "b", "c", "d"]);
        await scene["a"].AskAsync("b");
        Assert.Equal(2, await scene["a"].AskAsync("b"));
        await scene["b"].AcceptAsync("a");
        Assert.Equal(2, await scene["a"].AskAsync("b"));
        Assert.Equal(2, await scene["b"].AskAsync("a"));

        await scene.ConnectAsync("c", "d");

        Assert.Equal(3, await scene["a"].AskAsync("c"));
        Assert.Single(scene["c"].Host.Received, "coHost.requested");
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task Viewers_and_guests_have_no_say_and_strangers_are_not_in_the_room()
    {
        await using var scene = await StartAsync(["a", "b"], new() { ["Dais:Limits:RequestsBurst"] = "1000" });
        var (a, b) = (scene["a"], scene["b"]);
        await using var guest = await scene.Server.JoinRoomAsync("a", "gus");
        await guest.CallAsync("seat.apply", a.In());
        await a.Host.CallAsync("seat.acceptApplication", a.In(("userId", "gus")));
        await b.AskAsync("a");
        foreach (var (client, code) in new[] { (a.Viewer, 100006), (guest, 100006), (b.Host, 100005) })
        {
            foreach (var (method, parameters) in Calls())
            {
                Assert.Equal((method, code), (method, await client.RefusalCodeAsync(method, parameters)));
            }
        }

        await scene.AgreeAsync();
        await a.AcceptAsync("b");

        static IEnumerable<(string Method, JsonObject Parameters)> Calls() =>
        [
            ("coHost.request", new() { ["roomId"] = "a", ["targetRoomIds"] = HostedRoom.Targets("b") }),
            ("coHost.cancel", new() { ["roomId"] = "a", ["targetRoomId"] = "b" }),
            ("coHost.accept", new() { ["roomId"] = "a", ["fromRoomId"] = "b" }),
            ("coHost.reject", new() { ["roomId"] = "a", ["fromRoomId"] = "b" }),
            ("coHost.exit", new() { ["roomId"] = "a" }),
            ("coHost.candidates", new() { ["roomId"] = "a" }),
            ("coHost.muteRemoteAudio", new() { ["roomId"] = "a", ["remoteRoomId"] = "b", ["muted"] = true }),
        ];
    }

    [Fact]
    public async Task An_admin_may_do_what_the_host_may()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        await a.Host.CallAsync("audience.setAdmin", a.In(("userId", "viewer-a"), ("isAdmin", true)));
        await b.AskAsync("a");

        await a.Viewer.CallAsync("coHost.accept", a.In(("fromRoomId", "b")));
        Assert.Equal("accepted", Text(await a.Viewer.EventAsync("coHost.requestEnded"), "outcome"));
        await a.Viewer.CallAsync("coHost.exit", a.In());
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task A_tenth_room_finds_no_place()
    {
        string[] nine = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"];
        await using var scene = await StartAsync([.. nine, "tenth"], new() { ["Dais:Limits:RequestsBurst"] = "1000" });
        Assert.Equal(0, await scene["tenth"].AskAsync("r1"));
        await scene.ConnectAsync(nine);
        Assert.Equal(9, (await scene["r9"].SeenAsync())["connection"]!["members"]!.AsArray().Count);

        // 1. Asking while it is full.
        Assert.Equal(4, await scene["r3"].AskAsync("tenth"));

        // 2. Accepting what was asked before: refused, and the request has failed on both sides.
        Assert.Equal(100404, await scene["r1"].Host.RefusalCodeAsync("coHost.accept", scene["r1"].In(("fromRoomId", "tenth"))));
        await AssertFailedAsync(scene["r1"], scene["tenth"], 100404);
        Assert.Null((await scene["tenth"].SeenAsync())["connection"]);
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task Accepting_when_both_are_connected_with_others_ends_the_request_on_both_sides()
    {
        await using var scene = await StartAsync(["a", "b", "c", "d"]);
        await scene["a"].AskAsync("b");
        await scene.ConnectAsync("c", "a");
        await scene.ConnectAsync("d", "b");

        Assert.Equal(100403, await scene["b"].Host.RefusalCodeAsync("coHost.accept", scene["b"].In(("fromRoomId", "a"))));

        await AssertFailedAsync(scene["a"], scene["b"], 100403);
        Assert.Equal(-2311, await scene["b"].Host.RefusalCodeAsync("coHost.accept", scene["b"].In(("fromRoomId", "a"))));
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task What_is_not_open_cannot_be_answered()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        await a.AskAsync("b");
        await a.Host.CallAsync("coHost.cancel", a.In(("targetRoomId", "b")));

        Assert.Equal(-2311, await b.Host.RefusalCodeAsync("coHost.accept", b.In(("fromRoomId", "a"))));
        Assert.Equal(-2311, await b.Host.RefusalCodeAsync("coHost.reject", b.In(("fromRoomId", "a"))));
        Assert.Equal(-2311, await a.Host.RefusalCodeAsync("coHost.cancel", a.In(("targetRoomId", "b"))));
        Assert.Equal(-2311, await a.Host.RefusalCodeAsync("coHost.accept", a.In(("fromRoomId", "nowhere"))));
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task Only_who_is_connected_can_leave_or_silence()
    {
        await using var scene = await StartAsync(["a", "b", "c"]);
        var a = scene["a"];
        Assert.Equal(100400, await a.Host.RefusalCodeAsync("coHost.exit", a.In()));
        Assert.Equal(100400, await a.Host.RefusalCodeAsync("coHost.muteRemoteAudio", a.In(("remoteRoomId", "b"), ("muted", true))));
        await scene.ConnectAsync("a", "b");
        Assert.Equal(100400, await a.Host.RefusalCodeAsync("coHost.muteRemoteAudio", a.In(("remoteRoomId", "c"), ("muted", true))));
        Assert.Equal(100400, await a.Host.RefusalCodeAsync("coHost.muteRemoteAudio", a.In(("remoteRoomId", "a"), ("muted", true))));
        await a.Host.CallAsync("coHost.exit", a.In());
        Assert.Equal(100400, await scene["b"].Host.RefusalCodeAsync("coHost.exit", scene["b"].In()));
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task A_room_that_wants_no_guests_while_connected_refuses_the_one_or_the_other()
    {
        await using var scene = await StartAsync(["b"]);
        var a = await scene.AddAsync("a", new() { ["allowGuestsWhileConnected"] = false, ["seatMode"] = "free" });

        // 1. A guest sits: no connection, neither asked for nor accepted.
        await a.Viewer.CallAsync("seat.take", a.In(("seatIndex", 2)));
        Assert.Equal(100403, await a.Host.RefusalCodeAsync("coHost.request", a.In(("targetRoomIds", HostedRoom.Targets("b")))));
        Assert.Equal(3, await scene["b"].AskAsync("a"));

        // 2. Connected: no guest.
        await a.Viewer.CallAsync("seat.leave", a.In());
        await scene.ConnectAsync("a", "b");
        Assert.Equal(100403, await a.Viewer.RefusalCodeAsync("seat.take", a.In(("seatIndex", 2))));
        Assert.Equal(100403, await a.Viewer.RefusalCodeAsync("seat.apply", a.In()));
        await scene.AgreeAsync();
    }

    [Theory]
    [InlineData("coHost.request", """{"roomId": "a", "targetRoomIds": []}""", "targetRoomIds")]
    [InlineData("coHost.request", """{"roomId": "a", "targetRoomIds": "b"}""", "targetRoomIds")]
    [InlineData("coHost.request", """{"roomId": "a", "targetRoomIds": [null]}""", "targetRoomIds")]
    [InlineData("coHost.request", """{"roomId": "a", "targetRoomIds": ["1","2","3","4","5","6","7","8","9","10"]}""", "targetRoomIds")]
    [InlineData("coHost.request", """{"roomId": "a", "targetRoomIds": ["b"], "timeout": -1}""", "timeout")]
    [InlineData("coHost.cancel", """{"roomId": "a"}""", "targetRoomId")]
    [InlineData("coHost.accept", """{"roomId": "a", "fromRoomId": 7}""", "fromRoomId")]
    [InlineData("coHost.exit", """{}""", "roomId")]
    [InlineData("coHost.muteRemoteAudio", """{"roomId": "a", "remoteRoomId": "b"}""", "muted")]
    [InlineData("coHost.candidates", """{"roomId": "a", "cursor": "next"}""", "cursor")]
    public async Task Wrong_parameters_are_named(string method, string parameters, string field)
    {
        await using var scene = await StartAsync(["a"]);

        var error = await scene["a"].Host.RefusedAsync(method, JsonNode.Parse(parameters)!.AsObject());

        Assert.Equal(("-32602", field), (Text(error, "code"), Text(error["data"]!, "field")));
    }

    private static async Task AssertFailedAsync(HostedRoom one, HostedRoom other, int code)
    {
        foreach (var room in new[] { one, other })
        {
            var failed = await room.Host.EventWhereAsync("coHost.requestEnded", data => Text(data, "outcome") == "failed");
            Assert.Equal(code, failed["code"]!.GetValue<int>());
        }
    }
}

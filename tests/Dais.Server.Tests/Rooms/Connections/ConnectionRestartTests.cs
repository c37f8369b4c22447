using Dais.Rooms;
using Dais.Server.Rooms;
using Dais.Server.Tests.Rooms.Log;
using Microsoft.Extensions.DependencyInjection;
using static Dais.Server.Tests.Rooms.Connections.HostsScene;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>Connected rooms, and the next server on what the first left.</summary>
public sealed class ConnectionRestartTests : IAsyncDisposable
{
    private readonly HeldLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Rooms_are_connected_as_they_were_and_open_requests_can_be_accepted()
    {
        string connection;
        await using (var scene = await StartAsync(["a", "b", "c"], events: _log))
        {
            await scene.ConnectAsync("a", "b");
            Assert.Equal(0, await scene["c"].AskAsync("a"));
            await scene["a"].Host.CallAsync("coHost.muteRemoteAudio", scene["a"].In(("remoteRoomId", "b"), ("muted", true)));
            connection = Text((await scene["a"].SeenAsync())["connection"]!, "connectionId");
        }

        await using var next = await StartAsync(["a", "b", "c"], events: _log);
        var seen = (await next["a"].SeenAsync())["connection"]!;
        Assert.Equal(connection, Text(seen, "connectionId"));
        Assert.Equal("b", Assert.Single(seen["mutedRooms"]!.AsArray())!.ToString());
        await next.AgreeAsync();
        await next["a"].AcceptAsync("c");
        Assert.Equal(["a", "b", "c"], RoomsOf((await next["b"].SeenAsync())["connection"]!["members"]));
        await next.AgreeAsync();
    }

    [Fact]
    public async Task What_a_restart_makes_of_a_host_the_other_rooms_show_before_anybody_is_let_in()
    {
        await using (var scene = await StartAsync(["a", "b"], events: _log))
        {
            await scene.ConnectAsync("a", "b");
            await scene.InRoomAsync("a", room => room.Execute(new RoomCommand.SetDevices(new UserId("host-a"), true, true)));
            await scene["b"].Viewer.EventWhereAsync(
                "stage.changed", data => Text(data["stage"]!.AsArray()[^1]!, "microphone") == "on");
        }

        await using var next = await TestServer.StartAsync(events: _log);
        await using var viewer = await next.OpenAsync("vera");
        var room = (await viewer.CallAsync("room.join", new() { ["roomId"] = "b" }))["room"]!;

        Assert.Equal(["b", "a"], RoomsOf(room["stage"]));
        Assert.Equal(("off", "off"), (Text(room["stage"]![1]!, "microphone"), Text(room["stage"]![1]!, "camera")));
    }

    [Fact]
    public async Task A_request_that_ran_out_while_the_server_was_down_has_timed_out_on_both_sides()
    {
        await using (var scene = await StartAsync(["a", "b"], events: _log))
        {
            await scene["a"].AskAsync("b", timeout: 30);
        }

        var later = new ManualTime();
        later.Advance(TimeSpan.FromMinutes(1));
        await using var next = await StartAsync(["a", "b"], events: _log, time: later);

        Assert.Empty((await next["a"].SeenAsync())["sentHostRequests"]!.AsArray());
        Assert.Empty((await next["b"].SeenAsync())["receivedHostRequests"]!.AsArray());
        Assert.Equal(-2311, await next["b"].Host.RefusalCodeAsync("coHost.accept", next["b"].In(("fromRoomId", "a"))));
        Assert.Equal(0, await next["a"].AskAsync("b"));
    }

    [Fact]
    public async Task Without_a_grace_for_hosts_a_restart_ends_connected_rooms_together()
    {
        var settings = new Dictionary<string, string?> { ["Dais:HostGraceSeconds"] = "0" };
        await using (var scene = await StartAsync(["a", "b", "c"], settings, _log))
        {
            await scene.ConnectAsync("a", "b", "c");
        }

        await using var next = await TestServer.StartAsync(settings, events: _log);

        var rooms = next.Parts.GetRequiredService<RoomDirectory>();
        await Eventually.IsTrueAsync(() => rooms.List("")!.Rooms.IsEmpty);
        await foreach (var entry in _log.ListAsync("", TestContext.Current.CancellationToken))
        {
            Assert.True(entry.ExpiresAt is not null, $"{entry.Stream} is still alive.");
        }
    }
}

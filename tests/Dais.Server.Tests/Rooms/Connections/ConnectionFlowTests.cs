using Dais.Rooms;
using static Dais.Server.Tests.Rooms.Connections.HostsScene;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>Hosts of different rooms, as clients see it.</summary>
public sealed class ConnectionFlowTests
{
    [Fact]
    public async Task A_request_is_shown_to_both_hosts_and_to_nobody_else()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);

        Assert.Equal(0, await a.AskAsync("b"));

        var sent = (await a.Host.EventAsync("coHost.requested"))["request"]!;
        var received = (await b.Host.EventAsync("coHost.requested"))["request"]!;
        Assert.Equal(sent.ToJsonString(), received.ToJsonString());
        Assert.Equal(("a", "b"), (Text(sent["from"]!, "roomId"), Text(sent["to"]!, "roomId")));
        Assert.Equal(Text(sent, "requestId"), Text((await a.SeenAsync())["sentHostRequests"]![0]!, "requestId"));
        Assert.Equal(Text(sent, "requestId"), Text((await b.SeenAsync())["receivedHostRequests"]![0]!, "requestId"));
        await b.Viewer.CallAsync("session.ping");
        Assert.DoesNotContain("coHost.requested", b.Viewer.Received);
        Assert.Empty((await b.Viewer.CallAsync("room.join", b.In()))["room"]!["receivedHostRequests"]!.AsArray());
    }

    [Fact]
    public async Task Everybody_sees_who_is_connected_and_the_stage_before_the_hosts_see_the_request_accepted()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        await a.AskAsync("b");
        await b.AcceptAsync("a");

        // 1. The answer comes after everything it leads to.
        Assert.Equal(["coHost.requested", "coHost.changed", "stage.changed", "coHost.requestEnded"], Told(b.Host));
        Assert.Equal("#3", b.Host.Received.Last());

        // 2. The other room's host and both audiences.
        var ended = await a.Host.EventAsync("coHost.requestEnded");
        Assert.Equal(("accepted", "0"), (Text(ended, "outcome"), Text(ended, "code")));
        Assert.Equal(["coHost.requested", "coHost.changed", "stage.changed", "coHost.requestEnded"], Told(a.Host));
        foreach (var (room, other) in new[] { (a, "b"), (b, "a") })
        {
            var changed = await room.Viewer.EventAsync("coHost.changed");
            Assert.Equal(["a", "b"], RoomsOf(changed["connection"]!["members"]));
            Assert.Equal([other], RoomsOf(changed["joined"]));
            Assert.Empty(changed["left"]!.AsArray());
            var stage = (await room.Viewer.EventAsync("stage.changed"))["stage"]!.AsArray();
            Assert.Equal([room.Id, other], RoomsOf(stage));
            Assert.Equal(["0", "1"], stage.Select(entry => Text(entry!, "slot")));
            Assert.Equal($"host-{other}", Text(stage[1]!["user"]!, "userId"));
            Assert.DoesNotContain("coHost.requestEnded", room.Viewer.Received);
        }

        // 3. Whoever comes later.
        await using var late = await scene.Server.JoinRoomAsync("b", "late");
        var seen = (await late.CallAsync("room.join", b.In()))["room"]!;
        Assert.Equal(["a", "b"], RoomsOf(seen["connection"]!["members"]));
        Assert.Equal(["b", "a"], RoomsOf(seen["stage"]));
        await scene.AgreeAsync();
    }

    [Theory]
    [InlineData("coHost.reject", "rejected")]
    [InlineData("coHost.cancel", "cancelled")]
    public async Task A_request_that_is_declined_or_taken_back_ends_on_both_sides(string method, string outcome)
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        await a.AskAsync("b");

        await (method == "coHost.reject"
            ? b.Host.CallAsync(method, b.In(("fromRoomId", "a")))
            : a.Host.CallAsync(method, a.In(("targetRoomId", "b"))));

        Assert.Equal(outcome, Text(await a.Host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal(outcome, Text(await b.Host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal(-2311, await b.Host.RefusalCodeAsync("coHost.accept", b.In(("fromRoomId", "a"))));
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task Requests_that_cross_connect_with_exactly_one_accepted_end_on_each_side()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);

        int[] results = await Task.WhenAll(a.AskAsync("b"), b.AskAsync("a"));
        Assert.Equal([0, 0], results);

        foreach (var room in new[] { a, b })
        {
            Assert.Equal("accepted", Text(await room.Host.EventAsync("coHost.requestEnded"), "outcome"));
            var seen = await room.SeenAsync();
            Assert.Equal(2, seen["connection"]!["members"]!.AsArray().Count);
            Assert.Single(room.Host.Received, "coHost.requestEnded");
            Assert.Single(room.Host.Received, "coHost.requested");
        }

        await scene.AgreeAsync();
    }

    [Fact]
    public async Task A_request_times_out_in_both_rooms_and_can_be_made_again()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        await a.AskAsync("b", timeout: 5);

        scene.Server.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("timedOut", Text(await a.Host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal("timedOut", Text(await b.Host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal(-2311, await b.Host.RefusalCodeAsync("coHost.accept", b.In(("fromRoomId", "a"))));
        Assert.Equal(0, await a.AskAsync("b", timeout: 0));
        scene.Server.Time.Advance(TimeSpan.FromSeconds(20));
        await b.AcceptAsync("a");
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task A_third_room_joins_any_member_and_whoever_is_left_alone_is_not_connected()
    {
        await using var scene = await StartAsync(["a", "b", "c"]);
        var (a, b, c) = (scene["a"], scene["b"], scene["c"]);
        await scene.ConnectAsync("a", "b");

        // 1. The newcomer asks a member.
        Assert.Equal(0, await c.AskAsync("b"));
        await b.AcceptAsync("c");
        foreach (var (room, joined) in new[] { (a, new[] { "c" }), (b, ["c"]), (c, ["a", "b"]) })
        {
            var changed = await room.Viewer.EventWhereAsync("coHost.changed", data => data["connection"]!["members"]!.AsArray().Count == 3);
            Assert.Equal(["a", "b", "c"], RoomsOf(changed["connection"]!["members"]));
            Assert.Equal(joined, RoomsOf(changed["joined"]));
            Assert.Equal(3, (await room.Viewer.EventWhereAsync("stage.changed", data => data["stage"]!.AsArray().Count == 3))["stage"]!.AsArray().Count);
        }

        await scene.AgreeAsync();

        // 2. One leaves: the other two stay.
        await b.Host.CallAsync("coHost.exit", b.In());
        Assert.Equal(["b left"], Left(await b.Viewer.EventAsync("coHost.changed")));
        foreach (var room in new[] { a, c })
        {
            var changed = await room.Viewer.EventAsync("coHost.changed");
            Assert.Equal(["a", "c"], RoomsOf(changed["connection"]!["members"]));
            Assert.Equal(["b left"], Left(changed));
            Assert.DoesNotContain("b", RoomsOf((await room.Viewer.EventAsync("stage.changed"))["stage"]));
        }

        // 3. Another leaves: nobody is connected any more.
        await c.Host.CallAsync("coHost.exit", c.In());
        var last = await a.Viewer.EventAsync("coHost.changed");
        Assert.Null(last["connection"]);
        Assert.Equal(["c left", "a alone"], Left(last));
        Assert.Equal(["a"], RoomsOf((await a.Viewer.EventAsync("stage.changed"))["stage"]));
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task What_changes_about_a_host_is_seen_in_the_other_room()
    {
        await using var scene = await StartAsync(["a", "b"]);
        await scene.ConnectAsync("a", "b");
        var viewer = scene["b"].Viewer;
        await viewer.EventAsync("stage.changed");

        await scene.InRoomAsync("a", room => room.Execute(new RoomCommand.SetDevices(new UserId("host-a"), true, true)));
        Assert.Equal(("on", "on"), Devices(await viewer.EventAsync("stage.changed")));

        await scene["a"].Host.CallAsync("media.setMuted", scene["a"].In(("camera", true)));
        Assert.Equal(("on", "off"), Devices(await viewer.EventAsync("stage.changed")));

        await scene["a"].Host.CallAsync("seat.leave", scene["a"].In());
        Assert.Equal(["b"], RoomsOf((await viewer.EventAsync("stage.changed"))["stage"]));
        await scene["a"].Host.CallAsync("seat.take", scene["a"].In(("seatIndex", 3)));
        var back = await viewer.EventAsync("stage.changed");
        Assert.Equal(["b", "a"], RoomsOf(back["stage"]));
        Assert.Equal("3", Text(back["stage"]![1]!, "seatIndex"));

        static (string, string) Devices(System.Text.Json.Nodes.JsonObject changed) =>
            (Text(changed["stage"]![1]!, "microphone"), Text(changed["stage"]![1]!, "camera"));
    }

    [Fact]
    public async Task A_host_whose_connection_drops_stays_with_devices_off_until_the_grace_is_over()
    {
        await using var scene = await StartAsync(["a", "b"]);
        await scene.ConnectAsync("a", "b");
        var b = scene["b"];
        await scene.InRoomAsync("a", room => room.Execute(new RoomCommand.SetDevices(new UserId("host-a"), true, true)));
        await b.Viewer.EventWhereAsync("stage.changed", data => Text(data["stage"]!.AsArray()[^1]!, "microphone") == "on");

        // 1. Away: the picture's place stays.
        scene["a"].Host.Drop();
        var away = await b.Viewer.EventAsync("stage.changed");
        Assert.Equal(["b", "a"], RoomsOf(away["stage"]));
        Assert.Equal("off", Text(away["stage"]![1]!, "microphone"));
        Assert.DoesNotContain("coHost.changed", Told(b.Viewer).Skip(2));

        // 2. Gone: the room leaves the connection, and then ends.
        for (int second = 0; second < 60; second += 10)
        {
            await Task.WhenAll(
                b.Host.CallAsync("session.ping"), b.Viewer.CallAsync("session.ping"), scene["a"].Viewer.CallAsync("session.ping"));
            scene.Server.Time.Advance(TimeSpan.FromSeconds(10));
        }

        var changed = await b.Viewer.EventWhereAsync("coHost.changed", data => data["connection"] is null);
        Assert.Equal(["a hostTimeout", "b alone"], Left(changed));
        Assert.Equal("hostTimeout", Text(await scene["a"].Viewer.EventAsync("room.ended"), "reason"));
        Assert.Equal(["coHost.changed", "stage.changed", "room.ended"], Told(scene["a"].Viewer)[^3..]);
    }

    [Fact]
    public async Task A_room_that_ends_leaves_its_connection_first_and_ends_its_requests()
    {
        await using var scene = await StartAsync(["a", "b", "c", "d"]);
        var (a, b) = (scene["a"], scene["b"]);
        await scene.ConnectAsync("a", "b");
        await a.AskAsync("c");
        await scene["d"].AskAsync("a");

        await a.Host.CallAsync("room.end", a.In());

        Assert.Equal("host", Text(await a.Viewer.EventAsync("room.ended"), "reason"));
        Assert.Equal(["coHost.changed", "stage.changed", "room.ended"], Told(a.Viewer)[^3..]);
        var changed = await b.Viewer.EventWhereAsync("coHost.changed", data => data["connection"] is null);
        Assert.Equal(["a roomEnded", "b alone"], Left(changed));
        Assert.Equal("roomEnded", Text(await scene["c"].Host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal("roomEnded", Text(await scene["d"].Host.EventAsync("coHost.requestEnded"), "outcome"));

        // Its id is free when the end is answered.
        await a.Host.CallAsync("room.start", a.In());
        Assert.Null((await a.SeenAsync())["connection"]);
        await scene.AgreeAsync();
    }

    [Fact]
    public async Task Leaving_without_a_grace_ends_the_connection_too()
    {
        await using var scene = await StartAsync(["a", "b"], new() { ["Dais:HostGraceSeconds"] = "0" });
        await scene.ConnectAsync("a", "b");

        await scene["a"].Host.CallAsync("room.leave", scene["a"].In());

        Assert.Equal("hostTimeout", Text(await scene["a"].Viewer.EventAsync("room.ended"), "reason"));
        var changed = await scene["b"].Viewer.EventWhereAsync("coHost.changed", data => data["connection"] is null);
        Assert.Equal(["a hostTimeout", "b alone"], Left(changed));
    }

    [Fact]
    public async Task Silencing_a_room_is_for_all_of_ones_own_and_for_nobody_else()
    {
        await using var scene = await StartAsync(["a", "b"]);
        await scene.ConnectAsync("a", "b");
        var a = scene["a"];

        await a.Host.CallAsync("coHost.muteRemoteAudio", a.In(("remoteRoomId", "b"), ("muted", true)));

        var muted = await a.Viewer.EventWhereAsync("coHost.changed", data => data["joined"]!.AsArray().Count == 0);
        Assert.Equal("b", Assert.Single(muted["connection"]!["mutedRooms"]!.AsArray())!.ToString());
        Assert.Empty((await scene["b"].SeenAsync())["connection"]!["mutedRooms"]!.AsArray());
        await a.Host.CallAsync("coHost.muteRemoteAudio", a.In(("remoteRoomId", "b"), ("muted", false)));
        Assert.Empty((await a.Viewer.EventAsync("coHost.changed"))["connection"]!["mutedRooms"]!.AsArray());
    }

    [Fact]
    public async Task The_backend_ends_a_connection_for_all_of_it()
    {
        await using var scene = await StartAsync(["a", "b", "c"]);
        await scene.ConnectAsync("a", "b", "c");

        await scene.InRoomAsync("b", room => room.Execute(new RoomCommand.EndConnection()));

        foreach (string room in new[] { "a", "b", "c" })
        {
            var changed = await scene[room].Viewer.EventWhereAsync("coHost.changed", data => data["connection"] is null);
            Assert.Equal(["a removed", "b removed", "c removed"], Left(changed));
        }
    }

    [Fact]
    public async Task Whoever_resumes_has_missed_nothing_of_it()
    {
        await using var scene = await StartAsync(["a", "b"]);
        var (a, b) = (scene["a"], scene["b"]);
        long seen = (await b.Viewer.CallAsync("room.join", b.In()))["seq"]!.GetValue<long>();
        long seenByHost = (await b.Host.CallAsync("room.join", b.In()))["seq"]!.GetValue<long>();
        b.Viewer.Drop();
        await scene.Server.UntilAwayAsync("b", "viewer-b");

        await a.AskAsync("b");
        await b.AcceptAsync("a");
        await b.Host.CallAsync("coHost.exit", b.In());

        var (viewer, opened) = await scene.Server.ResumeAsync(b.Viewer.Session, ("b", seen));
        await using var again = viewer;
        Assert.True(opened["resumed"]!.GetValue<bool>());
        Assert.Equal(["a", "b"], RoomsOf((await viewer.EventAsync("coHost.changed"))["connection"]!["members"]));
        Assert.Equal(["b", "a"], RoomsOf((await viewer.EventAsync("stage.changed"))["stage"]));
        Assert.Null((await viewer.EventAsync("coHost.changed"))["connection"]);
        Assert.DoesNotContain("coHost.requestEnded", viewer.Received);

        b.Host.Drop();
        await scene.Server.UntilAwayAsync("b", "host-b");
        var (host, _) = await scene.Server.ResumeAsync(b.Host.Session, ("b", seenByHost));
        await using var hostAgain = host;
        Assert.Equal("accepted", Text(await host.EventAsync("coHost.requestEnded"), "outcome"));
        Assert.Equal(["coHost.requested", "coHost.changed", "stage.changed", "coHost.requestEnded"], Told(host)[..4]);
    }

    private static string[] Told(TestClient client) =>
        [.. client.Received.Where(type => type.StartsWith("coHost.", StringComparison.Ordinal) || type is "stage.changed" or "room.ended")];
}

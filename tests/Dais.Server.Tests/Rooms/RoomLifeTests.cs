using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms;

public sealed class RoomLifeTests
{
    [Fact]
    public async Task A_room_is_started_listed_joined_and_ended()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        var started = await host.CallAsync("room.start", new() { ["roomId"] = "lobby", ["name"] = "The lobby", ["metadata"] = new JsonObject { ["k"] = "v" } });
        Assert.Equal("host", started["room"]!["role"]!.GetValue<string>());
        Assert.Equal("hana", started["room"]!["seats"]![0]!["user"]!["userId"]!.GetValue<string>());
        Assert.Equal("v", started["room"]!["metadata"]!["k"]!.GetValue<string>());

        await using var viewer = await server.OpenAsync("vera");
        var listed = Assert.Single((await viewer.CallAsync("room.list"))["rooms"]!.AsArray())!;
        Assert.Equal(("lobby", "The lobby", "hana"), (
            listed["roomId"]!.GetValue<string>(), listed["name"]!.GetValue<string>(), listed["owner"]!["userId"]!.GetValue<string>()));

        var joined = await viewer.CallAsync("room.join", Room("lobby"));
        Assert.Equal("audience", joined["room"]!["role"]!.GetValue<string>());
        Assert.Equal(1, joined["room"]!["audienceCount"]!.GetValue<int>());
        Assert.True(joined["seq"]!.GetValue<long>() > started["seq"]!.GetValue<long>());
        var seen = await host.WholeEventAsync("audience.joined");
        Assert.Equal("vera", seen["data"]!["user"]!["userId"]!.GetValue<string>());
        Assert.DoesNotContain("audience.joined", viewer.Received);

        await host.CallAsync("room.end", Room("lobby"));
        Assert.Equal("host", (await viewer.EventAsync("room.ended"))["reason"]!.GetValue<string>());
        Assert.Empty((await viewer.CallAsync("room.list"))["rooms"]!.AsArray());
        Assert.Equal(100004, await viewer.RefusalCodeAsync("room.join", Room("lobby")));

        // The id is free again, for anybody.
        await viewer.CallAsync("room.start", Room("lobby"));
    }

    [Fact]
    public async Task Events_have_growing_places_and_the_snapshot_says_where_it_stands()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        long snapshot = (await viewer.CallAsync("room.join", Room("lobby")))["seq"]!.GetValue<long>();

        await host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = "New name" });
        var updated = await viewer.WholeEventAsync("room.updated");

        Assert.True(updated["seq"]!.GetValue<long>() > snapshot);
        Assert.Equal("New name", updated["data"]!["name"]!.GetValue<string>());
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), updated["at"]!.GetValue<long>());
        Assert.Null(updated["data"]!["notice"]);
    }

    [Fact]
    public async Task The_owner_starting_again_comes_back_and_another_owner_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var other = await server.OpenAsync("otto");

        Assert.Equal(100003, await other.RefusalCodeAsync("room.start", Room("lobby")));
        var again = await host.CallAsync("room.start", Room("lobby"));

        Assert.Equal("host", again["room"]!["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refused_start_leaves_no_room_behind()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");

        Assert.Equal(-2340, await host.RefusalCodeAsync("room.start", new() { ["roomId"] = "lobby", ["maxSeats"] = 5000 }));
        Assert.Equal(100004, await host.RefusalCodeAsync("room.join", Room("lobby")));
        await host.CallAsync("room.start", Room("lobby"));
    }

    [Fact]
    public async Task The_list_has_pages_newest_first_and_hides_private_rooms()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        for (int number = 0; number < 5; number++)
        {
            await host.CallAsync("room.start", new() { ["roomId"] = $"room-{number}", ["isPublic"] = number != 2 });
        }

        var first = await host.CallAsync("room.list", new() { ["count"] = 3 });
        var second = await host.CallAsync("room.list", new() { ["count"] = 3, ["cursor"] = first["cursor"]!.GetValue<string>() });

        Assert.Equal(["room-4", "room-3", "room-1"], first["rooms"]!.AsArray().Select(room => room!["roomId"]!.GetValue<string>()));
        Assert.Equal(["room-0"], second["rooms"]!.AsArray().Select(room => room!["roomId"]!.GetValue<string>()));
        Assert.Equal("", second["cursor"]!.GetValue<string>());
        Assert.Equal(-32602, await host.RefusalCodeAsync("room.list", new() { ["cursor"] = "elsewhere" }));
    }

    [Fact]
    public async Task A_kicked_member_is_told_and_closed_with_its_code()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await host.CallAsync("audience.kick", new() { ["roomId"] = "lobby", ["userId"] = "vera" });

        Assert.Equal("kicked", (await viewer.EventAsync("audience.left"))["reason"]!.GetValue<string>());
        Assert.Equal(4503, await viewer.Closed);
        Assert.Equal("kicked", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Leaving_is_told_to_the_others_and_the_members_are_listed()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var first = await server.JoinRoomAsync("lobby", "vera");
        await using var second = await server.JoinRoomAsync("lobby", "viktor");

        var page = await host.CallAsync("audience.list", new() { ["roomId"] = "lobby", ["count"] = 1 });
        Assert.Equal(2, page["count"]!.GetValue<int>());
        var rest = await host.CallAsync("audience.list", new() { ["roomId"] = "lobby", ["cursor"] = page["cursor"]!.GetValue<string>() });
        Assert.Equal(
            ["vera", "viktor"],
            page["members"]!.AsArray().Concat(rest["members"]!.AsArray()).Select(member => member!["user"]!["userId"]!.GetValue<string>()).Order());

        server.Time.Advance(TimeSpan.FromSeconds(7));
        await first.CallAsync("room.leave", Room("lobby"));
        var left = await second.EventAsync("audience.left");
        Assert.Equal(("left", 7), (left["reason"]!.GetValue<string>(), left["durationSeconds"]!.GetValue<int>()));
        Assert.Equal(100005, await first.RefusalCodeAsync("audience.list", Room("lobby")));
        Assert.Equal(100005, await first.RefusalCodeAsync("room.leave", Room("lobby")));
    }

    [Fact]
    public async Task Limits_of_the_node_are_refusals()
    {
        await using var server = await TestServer.StartAsync(new()
        {
            ["Dais:Limits:RoomsMax"] = "2",
            ["Dais:Limits:MembersPerRoomMax"] = "1",
            ["Dais:Limits:RoomsPerConnectionMax"] = "1",
        });
        await using var host = await server.StartRoomAsync("one");
        await using var viewer = await server.JoinRoomAsync("one", "vera");
        await using var late = await server.OpenAsync("lara");

        Assert.Equal(100008, await late.RefusalCodeAsync("room.join", Room("one")));
        Assert.Equal(1006, await host.RefusalCodeAsync("room.start", Room("two")));
        await using var other = await server.StartRoomAsync("two", "otto");
        Assert.Equal(1006, await late.RefusalCodeAsync("room.start", Room("three")));
    }

    private static JsonObject Room(string roomId) => new() { ["roomId"] = roomId };
}

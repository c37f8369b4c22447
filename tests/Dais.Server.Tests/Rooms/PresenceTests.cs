using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms;

public sealed class PresenceTests
{
    [Fact]
    public async Task A_dropped_guest_keeps_the_seat_for_the_grace_and_comes_back_to_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", Room("lobby"));
        await host.EventAsync("seat.changed");

        guest.Drop();
        Assert.True((await host.EventAsync("seat.changed"))["seats"]![1]!["reconnecting"]!.GetValue<bool>());
        server.Time.Advance(TimeSpan.FromSeconds(9));
        await using var again = await server.OpenAsync("gus");
        var joined = await again.CallAsync("room.join", Room("lobby"));

        Assert.Equal("gus", joined["room"]!["seats"]![1]!["user"]!["userId"]!.GetValue<string>());
        Assert.False((await host.EventAsync("seat.changed"))["seats"]![1]!["reconnecting"]!.GetValue<bool>());
        Assert.DoesNotContain("audience.left", host.Received);
        await guest.DisposeAsync();
    }

    [Fact]
    public async Task A_dropped_guest_who_does_not_come_back_loses_the_seat()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", Room("lobby"));
        await host.EventAsync("seat.changed");

        guest.Drop();
        await host.EventAsync("seat.changed");
        server.Time.Advance(TimeSpan.FromSeconds(10));

        var left = Assert.Single((await host.EventAsync("seat.changed"))["left"]!.AsArray())!;
        Assert.Equal("timedOut", left["reason"]!.GetValue<string>());
        Assert.Equal("connectionLost", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_dropped_viewer_leaves_after_the_grace()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        viewer.Drop();
        await server.UntilAwayAsync("lobby", "vera");
        server.Time.Advance(TimeSpan.FromSeconds(9));
        await host.CallAsync("session.ping");
        Assert.DoesNotContain("audience.left", host.Received);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("connectionLost", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_viewer_who_closes_the_connection_leaves_at_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await viewer.CloseAsync(1001);

        Assert.Equal("left", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_room_waits_for_its_host_and_goes_on_when_the_host_is_back()
    {
        await using var server = await TestServer.StartAsync();
        var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        host.Drop();
        Assert.Equal("hostAway", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        await using var again = await server.StartRoomAsync("lobby");

        Assert.Equal("live", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        await host.DisposeAsync();
    }

    [Fact]
    public async Task The_room_ends_when_its_host_does_not_come_back()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        host.Drop();
        await viewer.EventAsync("room.phase");
        for (int second = 0; second < 60; second += 10)
        {
            // A client that says nothing for too long would be closed itself.
            server.Time.Advance(TimeSpan.FromSeconds(10));
            await viewer.CallAsync("session.ping");
        }

        Assert.Equal("hostTimeout", (await viewer.EventAsync("room.ended"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_newer_connection_of_a_user_replaces_the_older()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var older = await server.JoinRoomAsync("lobby", "vera");
        await using var newer = await server.JoinRoomAsync("lobby", "vera");

        Assert.Equal(4501, await older.Closed);
        await host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = "Still here" });
        await newer.EventAsync("room.updated");
        Assert.DoesNotContain("audience.left", host.Received);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_and_counts_as_dropped()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        server.Time.Advance(TimeSpan.FromSeconds(24));
        await host.CallAsync("session.ping");
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(4409, await viewer.Closed);
        await server.UntilAwayAsync("lobby", "vera");
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("connectionLost", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task One_connection_may_be_in_several_rooms()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("one");
        await host.CallAsync("room.start", Room("two"));
        await using var viewer = await server.JoinRoomAsync("one", "vera");
        await viewer.CallAsync("room.join", Room("two"));

        await host.CallAsync("room.end", Room("one"));

        Assert.Equal("one", (await viewer.WholeEventAsync("room.ended"))["roomId"]!.GetValue<string>());
        Assert.Equal(2, (await viewer.CallAsync("audience.list", Room("two")))["count"]!.GetValue<int>() + 1);
    }

    private static JsonObject Room(string roomId) => new() { ["roomId"] = roomId };
}

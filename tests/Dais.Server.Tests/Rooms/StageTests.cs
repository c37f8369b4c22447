using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms;

public sealed class StageTests
{
    [Fact]
    public async Task A_guest_applies_is_accepted_and_everybody_sees_the_seat_before_the_answer()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        var applied = await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby", ["extraInfo"] = "please" });
        var request = (await host.EventAsync("seat.applied"))["request"]!;
        Assert.False(applied["seated"]!.GetValue<bool>());
        Assert.Equal(applied["requestId"]!.GetValue<string>(), request["requestId"]!.GetValue<string>());
        Assert.Equal(("gus", "please"), (request["user"]!["userId"]!.GetValue<string>(), request["extraInfo"]!.GetValue<string>()));

        await host.CallAsync("seat.acceptApplication", Room("lobby", "gus"));
        foreach (var client in new[] { host, guest, viewer })
        {
            var seats = (await client.EventAsync("seat.changed"))["seats"]!.AsArray();
            Assert.Equal("gus", seats[1]!["user"]!["userId"]!.GetValue<string>());
            Assert.Equal(2, (await client.EventAsync("stage.changed"))["stage"]!.AsArray().Count);
        }

        Assert.Equal("accepted", (await guest.EventAsync("seat.applicationEnded"))["outcome"]!.GetValue<string>());
        Assert.DoesNotContain("seat.applied", viewer.Received);
        Assert.DoesNotContain("seat.applicationEnded", viewer.Received);
        string[] atHost = [.. host.Received.SkipWhile(message => message != "seat.applied").Skip(1)];
        Assert.Equal(["seat.changed", "stage.changed", "seat.applicationEnded", "#3"], atHost);
    }

    [Fact]
    public async Task The_host_takes_the_guest_off_stage()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        Assert.True((await guest.CallAsync("seat.apply", Room("lobby")))["seated"]!.GetValue<bool>());
        await guest.EventAsync("seat.changed");

        await host.CallAsync("seat.kick", Room("lobby", "gus"));
        var left = Assert.Single((await guest.EventAsync("seat.changed"))["left"]!.AsArray())!;

        Assert.Equal(("gus", "kicked", "hana"), (
            left["user"]!["userId"]!.GetValue<string>(),
            left["reason"]!.GetValue<string>(),
            left["by"]!["userId"]!.GetValue<string>()));
        Assert.Single((await guest.EventAsync("stage.changed"))["stage"]!.AsArray());
    }

    [Fact]
    public async Task An_application_nobody_answers_times_out_for_both_sides()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby", ["timeout"] = 5 });
        await host.EventAsync("seat.applied");

        server.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("timedOut", (await host.EventAsync("seat.applicationEnded"))["outcome"]!.GetValue<string>());
        Assert.Equal("timedOut", (await guest.EventAsync("seat.applicationEnded"))["outcome"]!.GetValue<string>());
    }

    [Fact]
    public async Task Rejecting_cancelling_and_leaving_the_seat_have_their_events()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");

        await guest.CallAsync("seat.apply", Room("lobby"));
        await host.CallAsync("seat.rejectApplication", Room("lobby", "gus"));
        Assert.Equal("rejected", (await guest.EventAsync("seat.applicationEnded"))["outcome"]!.GetValue<string>());

        await guest.CallAsync("seat.apply", Room("lobby"));
        await guest.CallAsync("seat.cancelApplication", Room("lobby"));
        Assert.Equal("cancelled", (await guest.EventAsync("seat.applicationEnded"))["outcome"]!.GetValue<string>());
        Assert.Equal(-2311, await guest.RefusalCodeAsync("seat.cancelApplication", Room("lobby")));

        await guest.CallAsync("seat.apply", Room("lobby"));
        await host.CallAsync("seat.acceptApplication", Room("lobby", "gus"));
        await guest.CallAsync("seat.leave", Room("lobby"));
        Assert.Equal(100206, await guest.RefusalCodeAsync("seat.leave", Room("lobby")));
    }

    [Fact]
    public async Task What_only_hosts_may_do_is_refused_to_others()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        await guest.CallAsync("seat.apply", Room("lobby"));

        Assert.Equal(100006, await viewer.RefusalCodeAsync("seat.acceptApplication", Room("lobby", "gus")));
        Assert.Equal(100006, await viewer.RefusalCodeAsync("room.end", Room("lobby")));
        Assert.Equal(100006, await viewer.RefusalCodeAsync("audience.kick", Room("lobby", "gus")));
        Assert.Equal(100006, await viewer.RefusalCodeAsync("seat.kick", Room("lobby", "hana")));
        Assert.Equal(100006, await viewer.RefusalCodeAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = "mine" }));

        await host.CallAsync("audience.setAdmin", new() { ["roomId"] = "lobby", ["userId"] = "vera", ["isAdmin"] = true });
        Assert.Equal("admin", (await viewer.EventAsync("member.roleChanged"))["role"]!.GetValue<string>());
        await viewer.CallAsync("seat.acceptApplication", Room("lobby", "gus"));
    }

    private static JsonObject Room(string roomId, string? userId = null)
    {
        var parameters = new JsonObject { ["roomId"] = roomId };
        if (userId is not null)
        {
            parameters["userId"] = userId;
        }

        return parameters;
    }
}

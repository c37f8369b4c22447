using System.Text.Json.Nodes;
using Dais.Server.Tests.Rooms;

namespace Dais.Server.Tests.Messages;

public sealed class PresenceStateTests
{
    [Fact]
    public async Task What_a_member_lets_others_know_is_told_listed_and_given()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");

        await ann.CallAsync("presence.setState", State("""{"mood":"happy","level":"7"}"""));
        await ann.CallAsync("presence.setState", State("""{"level":null,"cap":""}"""));

        await host.EventAsync("presence.changed");
        var changed = await host.EventAsync("presence.changed");
        Assert.Equal(("ann", """{"mood":"happy"}"""), (changed["user"]!["userId"]!.GetValue<string>(), changed["state"]!.ToJsonString()));
        var given = await host.CallAsync("presence.getState", StageScene.In(("userId", "ann")));
        Assert.Equal(changed.ToJsonString(), given.ToJsonString());
        var listed = Assert.Single((await host.CallAsync("audience.list", StageScene.In()))["members"]!.AsArray())!;
        Assert.Equal("""{"mood":"happy"}""", listed["state"]!.ToJsonString());
        await using var bob = await server.OpenAsync("bob");
        var room = (await bob.CallAsync("room.join", StageScene.In()))["room"]!;
        Assert.Equal(changed.ToJsonString(), Assert.Single(room["presence"]!.AsArray())!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"":"x"}""")]
    [InlineData("""{"k":5}""")]
    [InlineData("""[]""")]
    [InlineData("null")]
    public async Task What_is_no_state_is_refused(string state)
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");

        var refused = await host.RefusedAsync("presence.setState", State(state));

        Assert.Equal(-32602, refused["code"]!.GetValue<int>());
        Assert.StartsWith("state", refused["data"]!["field"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_learns_where_they_are_by_whichever_connection_but_not_where_others_are()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("one");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await using var other = await server.StartRoomAsync("two", "olga");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await using var phone = await server.JoinRoomAsync("two", "hana");

        var rooms = (await phone.CallAsync("presence.whereIs"))["rooms"]!.AsArray();

        Assert.Equal(["one host", "two audience"], rooms.Select(room => $"{room!["roomId"]} {room["role"]}"));
        Assert.Equal(2, (await host.CallAsync("presence.whereIs", new() { ["userId"] = "hana" }))["rooms"]!.AsArray().Count);
        Assert.Equal(100006, await host.RefusalCodeAsync("presence.whereIs", new() { ["userId"] = "olga" }));
        await phone.CallAsync("room.leave", new() { ["roomId"] = "two" });
        Assert.Equal("one", Assert.Single((await phone.CallAsync("presence.whereIs"))["rooms"]!.AsArray())!["roomId"]!.GetValue<string>());
        await host.CallAsync("room.end", new() { ["roomId"] = "one" });
        Assert.Empty((await phone.CallAsync("presence.whereIs"))["rooms"]!.AsArray());
    }

    private static JsonObject State(string state) => StageScene.In(("state", JsonNode.Parse(state)));
}

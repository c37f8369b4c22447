using System.Net;
using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rest;

public sealed class MemberAndSeatRoutesTests
{
    [Fact]
    public async Task Members_are_listed_page_by_page_and_counted()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        await using var bob = await scene.Server.JoinRoomAsync("lobby", "bob");
        await using var cat = await scene.Server.JoinRoomAsync("lobby", "cat");

        var first = (await scene.GetAsync("/v1/rooms/lobby/members?count=2")).Is(HttpStatusCode.OK).Json;
        string cursor = first["cursor"]!.GetValue<string>();
        var second = (await scene.GetAsync($"/v1/rooms/lobby/members?count=2&cursor={cursor}")).Json;

        Assert.Equal(["cat", "bob", "ann"], Users(first).Concat(Users(second)));
        Assert.Equal((3, ""), (first["count"]!.GetValue<int>(), second["cursor"]!.GetValue<string>()));
        var count = (await scene.GetAsync("/v1/rooms/lobby/members/count")).Json;
        Assert.Equal((3, true), (count["count"]!.GetValue<int>(), count["hostPresent"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task What_members_let_others_know_is_with_them_in_lists_and_where_they_are()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        await using var bob = await scene.Server.JoinRoomAsync("lobby", "bob");
        await ann.CallAsync(
            "presence.setState", new() { ["roomId"] = "lobby", ["state"] = new JsonObject { ["mood"] = "happy", ["level"] = "7" } });

        var members = (await scene.GetAsync("/v1/rooms/lobby/members")).Is(HttpStatusCode.OK).Json["members"]!.AsArray();
        var places = (await scene.GetAsync("/v1/users/ann/rooms")).Is(HttpStatusCode.OK).Json["rooms"]!.AsArray();

        Assert.Equal(["{}", """{"level":"7","mood":"happy"}"""], members.Select(member => member!["state"]!.ToJsonString()));
        Assert.Equal("""{"level":"7","mood":"happy"}""", Assert.Single(places)!["member"]!["state"]!.ToJsonString());
    }

    [Fact]
    public async Task Members_of_no_room_and_a_cursor_of_none_are_refused()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        foreach (string path in new[] { "members", "members/count", "seats" })
        {
            (await scene.GetAsync($"/v1/rooms/other/{path}")).Refused(HttpStatusCode.NotFound, "roomNotFound");
        }

        (await scene.GetAsync("/v1/rooms/lobby/members?cursor=x")).Refused(HttpStatusCode.BadRequest, "invalidParams", "cursor");
        (await scene.GetAsync("/v1/rooms/lobby/members?count=201")).Refused(HttpStatusCode.BadRequest, "invalidParams", "count");
    }

    [Fact]
    public async Task A_member_is_kicked_and_nobody_else()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");

        (await scene.DeleteAsync("/v1/rooms/lobby/members/ann")).Is(HttpStatusCode.NoContent);

        Assert.Equal(4503, await ann.Closed);
        Assert.Equal("kicked", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
        (await scene.DeleteAsync("/v1/rooms/lobby/members/ann")).Refused(HttpStatusCode.NotFound, "userNotInRoom");
        (await scene.DeleteAsync("/v1/rooms/lobby/members/hana")).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.DeleteAsync("/v1/rooms/other/members/ann")).Refused(HttpStatusCode.NotFound, "roomNotFound");
    }

    [Fact]
    public async Task A_member_is_picked_for_a_seat_and_taken_off_again()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        var pick = new JsonObject { ["userId"] = "ann" };

        var seats = (await scene.PostAsync("/v1/rooms/lobby/seats/3/pick", pick)).Is(HttpStatusCode.OK).Json["seats"]!;

        Assert.Equal("ann", seats[3]!["user"]!["userId"]!.GetValue<string>());
        Assert.Equal("ann", (await ann.EventAsync("seat.changed"))["joined"]![0]!["userId"]!.GetValue<string>());
        (await scene.PostAsync("/v1/rooms/lobby/seats/3/pick", pick)).Is(HttpStatusCode.OK);
        (await scene.PostAsync("/v1/rooms/lobby/seats/4/pick", pick)).Refused(HttpStatusCode.Conflict, "alreadySeated");

        (await scene.DeleteAsync("/v1/rooms/lobby/seats/3/user")).Is(HttpStatusCode.NoContent);
        Assert.Equal("kicked", (await ann.EventAsync("seat.changed"))["left"]![0]!["reason"]!.GetValue<string>());
        (await scene.DeleteAsync("/v1/rooms/lobby/seats/3/user")).Refused(HttpStatusCode.Conflict, "notSeated");
        (await scene.PostAsync("/v1/rooms/lobby/seats/-1/pick", pick)).Is(HttpStatusCode.OK);
        Assert.Equal("ann", (await scene.GetAsync("/v1/rooms/lobby/seats")).Json["seats"]![1]!["user"]!["userId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_seat_is_locked_and_unlocked()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        var pick = new JsonObject { ["userId"] = "ann" };

        (await scene.PutAsync("/v1/rooms/lobby/seats/2/lock")).Is(HttpStatusCode.NoContent);
        (await scene.PutAsync("/v1/rooms/lobby/seats/2/lock")).Is(HttpStatusCode.NoContent);
        (await scene.PostAsync("/v1/rooms/lobby/seats/2/pick", pick)).Refused(HttpStatusCode.Conflict, "seatLocked");

        (await scene.DeleteAsync("/v1/rooms/lobby/seats/2/lock")).Is(HttpStatusCode.NoContent);
        (await scene.PostAsync("/v1/rooms/lobby/seats/2/pick", pick)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_wrong_with_a_seat_is_said()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        var pick = new JsonObject { ["userId"] = "ann" };

        (await scene.PostAsync("/v1/rooms/lobby/seats/1/pick", pick)).Refused(HttpStatusCode.NotFound, "userNotInRoom");
        (await scene.PostAsync("/v1/rooms/other/seats/1/pick", pick)).Refused(HttpStatusCode.NotFound, "roomNotFound");
        (await scene.PostAsync("/v1/rooms/lobby/seats/x/pick", pick)).Refused(HttpStatusCode.BadRequest, "invalidParams", "index");
        (await scene.PostTextAsync("/v1/rooms/lobby/seats/1/pick", "{}")).Refused(HttpStatusCode.BadRequest, "invalidParams", "userId");
        (await scene.PutAsync("/v1/rooms/lobby/seats/99/lock")).Refused(HttpStatusCode.NotFound, "noSuchSeat");
        (await scene.DeleteAsync("/v1/rooms/lobby/seats/-1/user")).Refused(HttpStatusCode.NotFound, "noSuchSeat");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        (await scene.PostAsync("/v1/rooms/lobby/seats/0/pick", pick)).Refused(HttpStatusCode.Conflict, "seatOccupied");
    }

    [Fact]
    public async Task Connections_are_listed_and_ended()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var one = await scene.Server.StartRoomAsync("one", "host1");
        await using var two = await scene.Server.StartRoomAsync("two", "host2");
        Assert.Empty((await scene.GetAsync("/v1/connections")).Json["connections"]!.AsArray());
        await one.CallAsync("coHost.request", new() { ["roomId"] = "one", ["targetRoomIds"] = new JsonArray("two") });
        await two.CallAsync("coHost.accept", new() { ["roomId"] = "two", ["fromRoomId"] = "one" });
        await one.EventAsync("coHost.changed");
        await two.EventAsync("coHost.changed");

        var connection = Assert.Single((await scene.GetAsync("/v1/connections")).Json["connections"]!.AsArray())!;
        Assert.Equal(["one", "two"], connection["members"]!.AsArray().Select(room => room!["roomId"]!.GetValue<string>()));
        string id = connection["connectionId"]!.GetValue<string>();
        (await scene.DeleteAsync($"/v1/connections/{id}")).Is(HttpStatusCode.NoContent);

        Assert.Null((await one.EventAsync("coHost.changed"))["connection"]);
        Assert.Equal("removed", (await two.EventAsync("coHost.changed"))["left"]![0]!["reason"]!.GetValue<string>());
        (await scene.DeleteAsync($"/v1/connections/{id}")).Refused(HttpStatusCode.NotFound, "connectionNotFound");
        (await scene.DeleteAsync("/v1/connections/none")).Refused(HttpStatusCode.NotFound, "connectionNotFound");
    }

    private static IEnumerable<string> Users(JsonObject page) =>
        page["members"]!.AsArray().Select(member => member!["user"]!["userId"]!.GetValue<string>());
}

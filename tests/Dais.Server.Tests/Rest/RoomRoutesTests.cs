using System.Net;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Storage;

namespace Dais.Server.Tests.Rest;

public sealed class RoomRoutesTests
{
    private static JsonObject Creation(string roomId = "lobby", string ownerId = "hana") => new()
    {
        ["roomId"] = roomId,
        ["ownerId"] = ownerId,
        ["ownerName"] = "Hana",
        ["name"] = "The lobby",
        ["maxSeats"] = 4,
        ["seatMode"] = "free",
        ["metadata"] = new JsonObject { ["topic"] = "tea" },
    };

    [Fact]
    public async Task Rooms_are_listed_page_by_page_private_ones_too()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var one = await scene.Server.StartRoomAsync("one", "host1");
        await using var two = await scene.Server.StartRoomAsync("two", "host2", new() { ["isPublic"] = false });
        await using var three = await scene.Server.StartRoomAsync("three", "host3");

        var first = (await scene.GetAsync("/v1/rooms?count=2")).Is(HttpStatusCode.OK);
        string cursor = first.Json["cursor"]!.GetValue<string>();
        var second = await scene.GetAsync($"/v1/rooms?count=2&cursor={cursor}");

        Assert.Equal(["three", "two"], first.Ids("rooms", "roomId"));
        Assert.Equal(["one"], second.Ids("rooms", "roomId"));
        Assert.Equal("", second.Json["cursor"]!.GetValue<string>());
        Assert.False(first.Json["rooms"]![1]!["isPublic"]!.GetValue<bool>());
        Assert.Equal("host3", first.Json["rooms"]![0]!["owner"]!["userId"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("count=101", "count")]
    [InlineData("count=-1", "count")]
    [InlineData("count=many", "count")]
    [InlineData("count=99999999999", "count")]
    public async Task A_cursor_or_count_that_is_none_is_refused(string query, string field)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.GetAsync($"/v1/rooms?{query}")).Refused(HttpStatusCode.BadRequest, "invalidParams", field);
    }

    [Fact]
    public async Task A_room_is_shown_as_it_is()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby", settings: new() { ["name"] = "The lobby" });
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        await ann.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });

        var room = (await scene.GetAsync("/v1/rooms/lobby")).Is(HttpStatusCode.OK).Json;

        Assert.Equal("The lobby", room["name"]!.GetValue<string>());
        Assert.Equal("live", room["phase"]!.GetValue<string>());
        Assert.Equal(1, room["audienceCount"]!.GetValue<int>());
        Assert.Equal("ann", room["applications"]![0]!["user"]!["userId"]!.GetValue<string>());
        Assert.Equal("hana", room["seats"]![0]!["user"]!["userId"]!.GetValue<string>());
        Assert.True(room.ContainsKey("endsAt") && room["endsAt"] is null);
        Assert.True(room["seq"]!.GetValue<long>() > 0);
        (await scene.GetAsync("/v1/rooms/other")).Refused(HttpStatusCode.NotFound, "roomNotFound");
    }

    [Fact]
    public async Task An_id_with_a_slash_and_a_space_is_reached()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("tea/room 1?");

        var room = await scene.GetAsync($"/v1/rooms/{Uri.EscapeDataString("tea/room 1?")}");

        Assert.Equal("tea/room 1?", room.Is(HttpStatusCode.OK).Json["roomId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_created_room_is_live_and_waits_for_its_host_longer_than_the_grace()
    {
        await using var scene = await RestScene.StartOpenAsync();

        var created = (await scene.PostAsync("/v1/rooms", Creation())).Is(HttpStatusCode.Created);

        Assert.Equal("/v1/rooms/lobby", created.Headers.Location!.ToString());
        Assert.Equal("hostAway", created.Json["phase"]!.GetValue<string>());
        Assert.Equal("tea", created.Json["metadata"]!["topic"]!.GetValue<string>());
        Assert.Equal(scene.Server.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), created.Json["endsAt"]!.GetValue<long>());
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        scene.Server.Time.Advance(TimeSpan.FromSeconds(20));
        await using var host = await scene.Server.OpenAsync("hana");
        var entered = await host.CallAsync("room.start", new() { ["roomId"] = "lobby" });
        Assert.Equal("host", entered["room"]!["role"]!.GetValue<string>());
        Assert.Equal("live", (await ann.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        Assert.Null((await scene.GetAsync("/v1/rooms/lobby")).Json["endsAt"]);
    }

    [Fact]
    public async Task A_created_room_whose_host_never_comes_ends()
    {
        await using var scene = await RestScene.StartOpenAsync();
        var creation = Creation();
        creation["hostWaitSeconds"] = 5;
        await scene.PostAsync("/v1/rooms", creation);
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");

        scene.Server.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("hostTimeout", (await ann.EventAsync("room.ended"))["reason"]!.GetValue<string>());
        await Eventually.IsTrueAsync(() => scene.GetAsync("/v1/rooms/lobby").Result.Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_room_that_waits_for_its_host_waits_on_after_a_restart()
    {
        await using var log = new MemoryLog();
        string before;
        await using (var first = await RestScene.StartAsync(events: log))
        {
            before = (await first.PostAsync("/v1/rooms", Creation())).Text;
            await first.Server.StopAsync();
        }

        await using var second = await RestScene.StartAsync(events: log);

        Assert.Equal(before, (await second.GetAsync("/v1/rooms/lobby")).Is(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task A_room_that_is_live_is_not_created_again()
    {
        await using var scene = await RestScene.StartAsync();
        await scene.PostAsync("/v1/rooms", Creation());

        (await scene.PostAsync("/v1/rooms", Creation())).Refused(HttpStatusCode.Conflict, "roomIdTaken");
        (await scene.PostAsync("/v1/rooms", Creation(ownerId: "otto"))).Refused(HttpStatusCode.Conflict, "roomIdTaken");
    }

    [Fact]
    public async Task What_a_room_refuses_leaves_no_room_behind()
    {
        await using var scene = await RestScene.StartAsync(new() { ["Dais:Limits:RoomsMax"] = "1" });
        var tooMany = Creation();
        tooMany["maxSeats"] = 1_000;

        (await scene.PostAsync("/v1/rooms", tooMany)).Refused(HttpStatusCode.BadRequest, "tooManySeats");
        (await scene.PostAsync("/v1/rooms", Creation("first"))).Is(HttpStatusCode.Created);
        (await scene.PostAsync("/v1/rooms", Creation("second"))).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");
    }

    [Theory]
    [InlineData("""{"ownerId":"hana"}""", "roomId")]
    [InlineData("""{"roomId":"lobby"}""", "ownerId")]
    [InlineData("""{"roomId":"","ownerId":"hana"}""", "roomId")]
    [InlineData("""{"roomId":"lobby","ownerId":7}""", "ownerId")]
    [InlineData("""{"roomId":"lobby","ownerId":"hana","seatMode":"chaos"}""", "seatMode")]
    [InlineData("""{"roomId":"lobby","ownerId":"hana","maxSeats":"4"}""", "maxSeats")]
    [InlineData("""{"roomId":"lobby","ownerId":"hana","hostWaitSeconds":-1}""", "hostWaitSeconds")]
    [InlineData("""{"roomId":"lobby","ownerId":"hana","metadata":{"a":null}}""", "metadata.a")]
    [InlineData("""[]""", "body")]
    [InlineData("""null""", "body")]
    public async Task A_body_with_a_wrong_field_is_refused_by_its_name(string body, string field)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostTextAsync("/v1/rooms", body)).Refused(HttpStatusCode.BadRequest, "invalidParams", field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("roomId=lobby")]
    [InlineData("{\"roomId\":\"lobby\",}")]
    public async Task A_body_that_is_no_json_is_refused(string body)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostTextAsync("/v1/rooms", body)).Refused(HttpStatusCode.BadRequest, "parseError");
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostTextAsync("/v1/rooms", "<room/>", "application/xml"))
            .Refused(HttpStatusCode.UnsupportedMediaType, "unsupportedMediaType");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_with_a_key_and_without()
    {
        await using var scene = await RestScene.StartAsync(new() { ["Dais:Limits:MessageBytes"] = "4096" });
        string body = $$"""{"roomId":"lobby","ownerId":"hana","notice":"{{new string('x', 5_000)}}"}""";

        (await scene.PostTextAsync("/v1/rooms", body)).Refused(HttpStatusCode.RequestEntityTooLarge, "tooLarge");
        (await scene.PostTextAsync("/v1/rooms", body, key: "k")).Refused(HttpStatusCode.RequestEntityTooLarge, "tooLarge");
    }

    [Fact]
    public async Task The_backend_ends_a_room()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.DeleteAsync("/v1/rooms/lobby")).Is(HttpStatusCode.NoContent);

        Assert.Equal("server", (await host.EventAsync("room.ended"))["reason"]!.GetValue<string>());
        (await scene.DeleteAsync("/v1/rooms/lobby")).Refused(HttpStatusCode.NotFound, "roomNotFound");
        (await scene.PostAsync("/v1/rooms", Creation())).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Who_is_where_is_known()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var one = await scene.Server.StartRoomAsync("one", "host1");
        await using var two = await scene.Server.StartRoomAsync("two", "host2");
        await using var ann = await scene.Server.OpenAsync("ann");
        await ann.CallAsync("room.join", new() { ["roomId"] = "one" });
        await ann.CallAsync("room.join", new() { ["roomId"] = "two" });

        Assert.Equal(["two", "one"], (await scene.GetAsync("/v1/users/ann/rooms")).Ids("rooms", "roomId"));
        var host = (await scene.GetAsync("/v1/users/host1/rooms")).Json["rooms"]![0]!;
        Assert.Equal(("host", 0), (host["member"]!["role"]!.GetValue<string>(), host["member"]!["seatIndex"]!.GetValue<int>()));
        Assert.Empty((await scene.GetAsync("/v1/users/nobody/rooms")).Ids("rooms", "roomId"));
    }

    [Fact]
    public async Task A_server_that_stops_says_so_to_the_backend_or_carries_the_call_out()
    {
        await using var scene = await RestScene.StartAsync();
        await scene.PostAsync("/v1/rooms", Creation());
        await scene.Server.InRoomAsync("lobby", room => room.Owner.Stop());

        (await scene.DeleteAsync("/v1/rooms/lobby")).Refused(HttpStatusCode.ServiceUnavailable, "stopping");
    }

    [Fact]
    public async Task Tokens_are_issued_and_open_sessions()
    {
        await using var scene = await RestScene.StartAsync();
        var issued = (await scene.PostAsync("/v1/tokens", new JsonObject
        {
            ["userId"] = "hana",
            ["userName"] = "Hana",
            ["room"] = "lobby",
            ["roles"] = new JsonArray("host"),
            ["ttlSeconds"] = 60,
        })).Is(HttpStatusCode.Created).Json;

        await using var client = await scene.Server.ConnectAsync();
        var opened = await client.CallAsync("session.open", new() { ["token"] = issued["token"]!.DeepClone() });
        Assert.Equal(("hana", "Hana"), (opened["userId"]!.GetValue<string>(), opened["userName"]!.GetValue<string>()));
        await client.CallAsync("room.start", new() { ["roomId"] = "lobby" });
        Assert.Equal(100006, await client.RefusalCodeAsync("room.start", new() { ["roomId"] = "other" }));
        Assert.Equal(scene.Server.Time.GetUtcNow().AddSeconds(60).ToUnixTimeMilliseconds(), issued["expiresAt"]!.GetValue<long>());

        // It is the user's, not the backend's.
        scene.Token = issued["token"]!.GetValue<string>();
        (await scene.GetAsync("/v1/rooms")).Refused(HttpStatusCode.Forbidden, "noPermission");
    }

    [Theory]
    [InlineData("""{}""", "userId")]
    [InlineData("""{"userId":"ann","roles":["server"]}""", "roles")]
    [InlineData("""{"userId":"ann","roles":[]}""", "roles")]
    [InlineData("""{"userId":"ann","ttlSeconds":0}""", "ttlSeconds")]
    [InlineData("""{"userId":"ann","ttlSeconds":99999999}""", "ttlSeconds")]
    [InlineData("""{"userId":"ann","room":""}""", "room")]
    [InlineData("""{"userId":"ann","key":"other"}""", "key")]
    public async Task A_token_nobody_may_have_is_refused(string body, string field)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostTextAsync("/v1/tokens", body)).Refused(HttpStatusCode.BadRequest, "invalidParams", field);
    }

    [Fact]
    public async Task A_token_is_signed_with_the_key_that_is_asked_for()
    {
        await using var scene = await RestScene.StartAsync(new() { ["Dais:Keys:newer"] = "the newer secret of the tests, long enough" });
        var issued = await scene.PostTextAsync("/v1/tokens", """{"userId":"ann","key":"newer"}""");

        var verifier = new AccessTokenVerifier(new Dictionary<string, string> { ["newer"] = "the newer secret of the tests, long enough" });
        var verdict = verifier.Verify(issued.Json["token"]!.GetValue<string>(), scene.Server.Time.GetUtcNow(), out var access);
        Assert.Equal((TokenVerdict.Valid, "ann"), (verdict, access!.UserId));
    }
}

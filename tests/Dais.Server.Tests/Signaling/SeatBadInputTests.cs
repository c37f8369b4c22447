using System.Text.Json.Nodes;
using Dais.Server.Tests.Rooms;
using static Dais.Server.Tests.Rooms.StageScene;

namespace Dais.Server.Tests.Signaling;

/// <summary>Whatever somebody asks of the stage, they get the documented error, and everybody's session lives on.</summary>
public sealed class SeatBadInputTests
{
    /// <summary>Every method that only hosts and admins may call, with parameters that would be right for them.</summary>
    public static TheoryData<string, string> OrdersOfModerators { get; } = new()
    {
        { "seat.acceptApplication", """{"userId":"gus"}""" },
        { "seat.rejectApplication", """{"userId":"gus"}""" },
        { "seat.invite", """{"userId":"gus"}""" },
        { "seat.cancelInvitation", """{"userId":"gus"}""" },
        { "seat.kick", """{"userId":"gus"}""" },
        { "seat.lock", """{"seatIndex":1}""" },
        { "seat.unlock", """{"seatIndex":1}""" },
        { "seat.take", """{"seatIndex":1}""" },
        { "seat.move", """{"userId":"hana","seatIndex":1}""" },
        { "seat.setDevice", """{"userId":"hana","microphone":"locked"}""" },
        { "seat.setMode", """{"seatMode":"free"}""" },
    };

    [Theory]
    [MemberData(nameof(OrdersOfModerators))]
    public async Task Without_the_right_it_is_refused_and_nothing_happens(string method, string parameters)
    {
        await using var scene = await StartAsync();

        Assert.Equal(100006, await scene.Viewer.RefusalCodeAsync(method, Parse(parameters)));

        Assert.DoesNotContain(scene.Host.Received, IsAboutSeats);
        await AssertEverybodyLivesAsync(scene);
    }

    [Theory]
    [InlineData("seat.kick", """{"userId":"hana"}""")]
    [InlineData("seat.move", """{"userId":"hana","seatIndex":1}""")]
    [InlineData("seat.setDevice", """{"userId":"hana","camera":"off"}""")]
    [InlineData("seat.setMode", """{"seatMode":"free"}""")]
    public async Task What_an_admin_may_not_do_to_the_host_is_refused(string method, string parameters)
    {
        await using var scene = await StartAsync();

        Assert.Equal(100006, await scene.Admin.RefusalCodeAsync(method, Parse(parameters)));
        await AssertEverybodyLivesAsync(scene);
    }

    [Theory]
    [InlineData("seat.acceptApplication", "{}", -2311)]
    [InlineData("seat.rejectApplication", "{}", -2311)]
    [InlineData("seat.cancelInvitation", "{}", -2311)]
    [InlineData("seat.invite", "{}", 100005)]
    [InlineData("seat.kick", "{}", 100005)]
    [InlineData("seat.move", """{"seatIndex":1}""", 100005)]
    [InlineData("seat.setDevice", """{"camera":"off"}""", 100005)]
    public async Task About_a_user_who_is_not_there_it_is_refused(string method, string parameters, int code)
    {
        await using var scene = await StartAsync();
        var about = Parse(parameters);
        about["userId"] = "nobody";

        Assert.Equal(code, await scene.Host.RefusalCodeAsync(method, about));
        await AssertEverybodyLivesAsync(scene);
    }

    [Theory]
    [InlineData("seat.apply", "{}")]
    [InlineData("seat.cancelApplication", "{}")]
    [InlineData("seat.acceptApplication", """{"userId":"gus"}""")]
    [InlineData("seat.rejectApplication", """{"userId":"gus"}""")]
    [InlineData("seat.invite", """{"userId":"gus"}""")]
    [InlineData("seat.cancelInvitation", """{"userId":"gus"}""")]
    [InlineData("seat.acceptInvitation", "{}")]
    [InlineData("seat.rejectInvitation", "{}")]
    [InlineData("seat.take", """{"seatIndex":1}""")]
    [InlineData("seat.leave", "{}")]
    [InlineData("seat.kick", """{"userId":"gus"}""")]
    [InlineData("seat.lock", """{"seatIndex":1}""")]
    [InlineData("seat.unlock", """{"seatIndex":1}""")]
    [InlineData("seat.move", """{"seatIndex":1}""")]
    [InlineData("seat.setDevice", """{"userId":"gus"}""")]
    public async Task By_a_user_who_is_not_in_the_room_it_is_refused(string method, string parameters)
    {
        await using var scene = await StartAsync();
        await using var stranger = await scene.Server.OpenAsync("stan");

        Assert.Equal(100005, await stranger.RefusalCodeAsync(method, Parse(parameters)));
        await AssertEverybodyLivesAsync(scene);
    }

    [Theory]
    [InlineData("seat.apply", """{"seatIndex":10}""")]
    [InlineData("seat.invite", """{"userId":"gus","seatIndex":10}""")]
    [InlineData("seat.take", """{"seatIndex":10}""")]
    [InlineData("seat.lock", """{"seatIndex":10}""")]
    [InlineData("seat.unlock", """{"seatIndex":10}""")]
    [InlineData("seat.move", """{"seatIndex":10}""")]
    public async Task A_seat_that_does_not_exist_is_refused(string method, string parameters)
    {
        await using var scene = await StartAsync();
        await scene.Admin.CallAsync("seat.take", In(("seatIndex", 1)));
        var caller = method switch
        {
            "seat.apply" => scene.Viewer,
            "seat.take" => await scene.Server.StartRoomAsync("other", "otto", new() { ["keepOwnerOnSeat"] = false }),
            _ => scene.Admin,
        };
        var about = Parse(parameters);
        about["roomId"] = method == "seat.take" ? "other" : "lobby";

        Assert.Equal(-2344, await caller.RefusalCodeAsync(method, about));
        await AssertEverybodyLivesAsync(scene);
    }

    [Fact]
    public async Task What_is_done_twice_is_refused_the_second_time_or_changes_nothing()
    {
        await using var scene = await StartAsync();
        var first = await scene.Guest.CallAsync("seat.apply", In());
        var second = await scene.Guest.CallAsync("seat.apply", In(("seatIndex", 5)));
        Assert.Equal(first["requestId"]!.GetValue<string>(), second["requestId"]!.GetValue<string>());
        await scene.Host.CallAsync("seat.acceptApplication", In(("userId", "gus")));
        Assert.Equal(-2311, await scene.Admin.RefusalCodeAsync("seat.acceptApplication", In(("userId", "gus"))));
        Assert.Equal(-2311, await scene.Admin.RefusalCodeAsync("seat.rejectApplication", In(("userId", "gus"))));
        Assert.Equal(100203, await scene.Guest.RefusalCodeAsync("seat.apply", In()));
        Assert.Equal(100203, await scene.Host.RefusalCodeAsync("seat.invite", In(("userId", "gus"))));
        await scene.Host.CallAsync("seat.kick", In(("userId", "gus")));
        Assert.Equal(100206, await scene.Admin.RefusalCodeAsync("seat.kick", In(("userId", "gus"))));
        Assert.Equal(100206, await scene.Guest.RefusalCodeAsync("seat.leave", In()));
        Assert.Equal(100206, await scene.Guest.RefusalCodeAsync("seat.move", In(("seatIndex", 2))));
        Assert.Equal(100206, await scene.Host.RefusalCodeAsync("seat.setDevice", In(("userId", "gus"), ("camera", "off"))));

        first = await scene.Host.CallAsync("seat.invite", In(("userId", "gus")));
        second = await scene.Admin.CallAsync("seat.invite", In(("userId", "gus")));
        Assert.Equal(first["requestId"]!.GetValue<string>(), second["requestId"]!.GetValue<string>());
        await scene.Guest.CallAsync("seat.rejectInvitation", In());
        Assert.Equal(-2311, await scene.Guest.RefusalCodeAsync("seat.rejectInvitation", In()));
        Assert.Equal(-2311, await scene.Guest.RefusalCodeAsync("seat.acceptInvitation", In()));
        Assert.Equal(-2311, await scene.Host.RefusalCodeAsync("seat.cancelInvitation", In(("userId", "gus"))));

        await scene.Host.CallAsync("seat.lock", In(("seatIndex", 4)));
        await scene.Host.CallAsync("seat.lock", In(("seatIndex", 4)));
        await AssertEverybodyLivesAsync(scene);
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_to_act_on()
    {
        await using var scene = await StartAsync();
        await scene.Guest.CallAsync("seat.apply", In());
        await scene.Host.CallAsync("room.end", In());
        await scene.Guest.EventAsync("room.ended");

        Assert.Equal(100004, await scene.Host.RefusalCodeAsync("seat.acceptApplication", In(("userId", "gus"))));
        Assert.Equal(100004, await scene.Host.RefusalCodeAsync("seat.invite", In(("userId", "gus"))));
        Assert.Equal(100004, await scene.Guest.RefusalCodeAsync("seat.cancelApplication", In()));
        Assert.DoesNotContain("seat.applicationEnded", scene.Guest.Received);
        await scene.Guest.CallAsync("session.ping");
        await scene.Host.CallAsync("session.ping");
    }

    [Theory]
    [InlineData("seat.apply", """{"timeout":60000}""", "timeout")]
    [InlineData("seat.apply", """{"timeout":1801}""", "timeout")]
    [InlineData("seat.apply", """{"seatIndex":-2}""", "seatIndex")]
    [InlineData("seat.invite", """{"userId":"gus","timeout":60000}""", "timeout")]
    [InlineData("seat.invite", """{"userId":"gus","timeout":-1}""", "timeout")]
    [InlineData("seat.invite", """{"userId":"gus","seatIndex":"1"}""", "seatIndex")]
    [InlineData("seat.invite", """{"userId":"gus","extraInfo":7}""", "extraInfo")]
    [InlineData("seat.invite", "{}", "userId")]
    [InlineData("seat.take", "{}", "seatIndex")]
    [InlineData("seat.lock", """{"seatIndex":-1}""", "seatIndex")]
    [InlineData("seat.unlock", """{"seatIndex":4294967297}""", "seatIndex")]
    [InlineData("seat.move", """{"seatIndex":1,"policy":"push"}""", "policy")]
    [InlineData("seat.move", """{"seatIndex":1,"policy":1}""", "policy")]
    [InlineData("seat.move", """{"seatIndex":1,"userId":""}""", "userId")]
    [InlineData("seat.setDevice", """{"userId":"gus","microphone":"on"}""", "microphone")]
    [InlineData("seat.setDevice", """{"userId":"gus","camera":true}""", "camera")]
    [InlineData("seat.setMode", """{"seatMode":"Free"}""", "seatMode")]
    [InlineData("seat.setMode", "{}", "seatMode")]
    public async Task A_missing_or_wrong_field_is_named(string method, string parameters, string field)
    {
        await using var scene = await StartAsync();

        var error = await scene.Guest.RefusedAsync(method, Parse(parameters));

        Assert.Equal(-32602, error["code"]!.GetValue<int>());
        Assert.Equal(field, error["data"]!["field"]!.GetValue<string>());
        await AssertEverybodyLivesAsync(scene);
    }

    [Theory]
    [InlineData("seat.apply")]
    [InlineData("seat.invite")]
    public async Task A_large_attachment_is_refused_by_name_and_one_of_a_megabyte_as_too_large(string method)
    {
        await using var scene = await StartAsync();
        var about = In(("userId", "gus"), ("extraInfo", new string('x', 100_000)));

        var error = await scene.Guest.RefusedAsync(method, about);
        Assert.Equal((-32602, "extraInfo"), (error["code"]!.GetValue<int>(), error["data"]!["field"]!.GetValue<string>()));

        string megabyte = new('x', 1_048_576);
        about["extraInfo"] = megabyte;
        var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 9, ["method"] = method, ["params"] = about.DeepClone() };
        await scene.Guest.SendTextAsync(call.ToJsonString());
        Assert.Equal(1005, (await scene.Guest.StrayAsync())["error"]!["code"]!.GetValue<int>());
        await AssertEverybodyLivesAsync(scene);
    }

    private static JsonObject Parse(string parameters)
    {
        var parsed = JsonNode.Parse(parameters)!.AsObject();
        parsed["roomId"] = "lobby";
        return parsed;
    }

    private static bool IsAboutSeats(string message) => message.StartsWith("seat.", StringComparison.Ordinal);

    private static async Task AssertEverybodyLivesAsync(StageScene scene)
    {
        await scene.Host.CallAsync("room.update", In(("notice", "We are still here")));
        foreach (var client in new[] { scene.Admin, scene.Guest, scene.Viewer })
        {
            await client.CallAsync("session.ping");
            await client.EventAsync("room.updated");
        }

        Assert.DoesNotContain(scene.Server.Log.OwnLines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }
}

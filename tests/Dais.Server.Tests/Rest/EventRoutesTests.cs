using System.Net;
using System.Text.Json.Nodes;
using Dais.Server.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Rest;

public sealed class EventRoutesTests
{
    private static readonly Dictionary<string, string?> Unhurried = new() { ["Dais:Limits:RequestsBurst"] = "10000" };

    [Fact]
    public async Task The_log_is_what_clients_were_told()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        await ann.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
        var told = new[] { await host.WholeEventAsync("audience.joined"), await host.WholeEventAsync("seat.applied") };

        var events = await AllAsync(scene, "lobby", limit: 100);

        foreach (var each in told)
        {
            var found = Assert.Single(events, found => found["seq"]!.GetValue<long>() == each["seq"]!.GetValue<long>());
            Assert.Equal(
                (each["at"]!.ToJsonString(), each["type"]!.ToJsonString(), each["data"]!.ToJsonString()),
                (found["at"]!.ToJsonString(), found["type"]!.ToJsonString(), found["data"]!.ToJsonString()));
        }
    }

    [Fact]
    public async Task Pages_of_any_size_are_the_same_log_also_after_the_end()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        foreach (string user in new[] { "ann", "bob", "cat" })
        {
            await using var member = await scene.Server.JoinRoomAsync("lobby", user);
            await member.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
            await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "lobby", ["userId"] = user });
            await member.CallAsync("room.leave", new() { ["roomId"] = "lobby" });
        }

        string[] live = await TextsAsync(scene, "lobby", limit: 100);
        Assert.Equal(live, await TextsAsync(scene, "lobby", limit: 1));
        Assert.Equal(live, await TextsAsync(scene, "lobby", limit: 7));
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        string[] ended = await TextsAsync(scene, "lobby", limit: 5);

        Assert.Equal(live, ended[..^1]);
        Assert.Contains("room.ended", ended[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_new_is_an_empty_page_that_says_where_to_go_on()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        long seq = (await scene.GetAsync("/v1/rooms/lobby")).Json["seq"]!.GetValue<long>();

        var page = (await scene.GetAsync($"/v1/rooms/lobby/events?after={seq}")).Is(HttpStatusCode.OK).Json;

        Assert.Empty(page["events"]!.AsArray());
        Assert.Equal((seq, false), (page["lastSeq"]!.GetValue<long>(), page["hasMore"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=100000", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=x", "limit")]
    public async Task A_place_that_never_was_is_refused(string query, string field)
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.GetAsync($"/v1/rooms/lobby/events?{query}")).Refused(HttpStatusCode.BadRequest, "invalidParams", field);
    }

    [Fact]
    public async Task A_room_that_never_was_has_no_log()
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.GetAsync("/v1/rooms/lobby/events")).Refused(HttpStatusCode.NotFound, "roomNotFound");
    }

    [Fact]
    public async Task A_long_live_is_replayed_from_its_beginning_after_its_end_and_so_is_the_next_life()
    {
        await using var scene = await RestScene.StartOpenAsync(Unhurried);
        await using var host = await scene.Server.StartRoomAsync("lobby");
        string[] live = await LiveAsync(scene, host, rounds: 3);
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        Assert.NotEmpty(await OlderSnapshotsAsync(scene));
        string[] ended = await TextsAsync(scene, "lobby", limit: 97);
        Assert.Equal(live, ended[..^1]);
        Assert.Contains("room.ended", ended[^1], StringComparison.Ordinal);

        await host.CallAsync("room.start", new() { ["roomId"] = "lobby" });
        string[] again = await LiveAsync(scene, host, rounds: 2, after: ended.Length);
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });
        string[] both = await TextsAsync(scene, "lobby", limit: 1_000);
        Assert.Equal([.. ended, .. again], both[..^1]);
    }

    [Fact]
    public async Task A_log_that_keeps_less_begins_where_it_says_and_is_right_from_there()
    {
        await using var scene = await RestScene.StartOpenAsync(new(Unhurried) { ["Dais:Storage:KeepEvents"] = "150" });
        await using var host = await scene.Server.StartRoomAsync("lobby");
        string[] live = await LiveAsync(scene, host, rounds: 3);
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        var gone = (await scene.GetAsync("/v1/rooms/lobby/events?after=0")).Refused(HttpStatusCode.Gone, "eventsForgotten");
        long oldest = gone.Json["oldestSeq"]!.GetValue<long>();
        (await scene.GetAsync($"/v1/rooms/lobby/events?after={oldest - 2}")).Refused(HttpStatusCode.Gone, "eventsForgotten");

        string[] kept = [.. (await AllAsync(scene, "lobby", limit: 90, after: oldest - 1)).Select(each => each.ToJsonString())];

        Assert.True(kept.Length > 150);
        Assert.True(kept.Length < live.Length);
        Assert.Equal(live[^(kept.Length - 1)..], kept[..^1]);
    }

    [Fact]
    public async Task What_the_log_has_forgotten_is_gone_and_the_answer_says_what_is_left()
    {
        await using var scene = await RestScene.StartOpenAsync(new(Unhurried) { ["Dais:Storage:KeepEvents"] = "0" });
        await using var host = await scene.Server.StartRoomAsync("lobby");
        string[] live = await LiveAsync(scene, host, rounds: 1);
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        // With the room its memory of everything is gone; the log has a snapshot, and what came after it.
        var gone = (await scene.GetAsync("/v1/rooms/lobby/events?after=0")).Refused(HttpStatusCode.Gone, "eventsForgotten");
        long oldest = gone.Json["oldestSeq"]!.GetValue<long>();
        Assert.True(oldest > 200);
        var rest = await AllAsync(scene, "lobby", limit: 10, after: oldest - 1);
        Assert.Equal(oldest, rest[0]["seq"]!.GetValue<long>());
        Assert.Equal(live[^1], rest[^2].ToJsonString());
        Assert.Equal("room.ended", rest[^1]["type"]!.GetValue<string>());
        (await scene.GetAsync($"/v1/rooms/lobby/events?after={oldest - 2}")).Refused(HttpStatusCode.Gone, "eventsForgotten");
    }

    /// <summary>Has a room live long enough for a snapshot a round, with people on seats and in the audience; gives what was told.</summary>
    private static async Task<string[]> LiveAsync(RestScene scene, TestClient host, int rounds, int after = 0)
    {
        for (int round = 0; round < rounds; round++)
        {
            await using var ann = await scene.Server.JoinRoomAsync("lobby", $"ann{round}");
            await ann.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
            await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "lobby", ["userId"] = $"ann{round}" });
            for (int change = 0; change < 260; change++)
            {
                await host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = $"{change} {new string('n', 90)}" });
            }

            if (round % 2 == 0)
            {
                await ann.CallAsync("room.leave", new() { ["roomId"] = "lobby" });
            }
        }

        return (await TextsAsync(scene, "lobby", limit: 1_000))[after..];
    }

    private static async Task<IReadOnlyList<Snapshot>> OlderSnapshotsAsync(RestScene scene) =>
        (await scene.Server.Parts.GetRequiredService<IEventLog>().LoadAsync("room:lobby", TestContext.Current.CancellationToken)).Older;

    private static async Task<string[]> TextsAsync(RestScene scene, string roomId, int limit) =>
        [.. (await AllAsync(scene, roomId, limit)).Select(each => each.ToJsonString())];

    private static async Task<List<JsonNode>> AllAsync(RestScene scene, string roomId, int limit, long after = 0)
    {
        var found = new List<JsonNode>();
        bool hasMore;
        do
        {
            var page = (await scene.GetAsync($"/v1/rooms/{roomId}/events?after={after}&limit={limit}")).Is(HttpStatusCode.OK).Json;
            found.AddRange(page["events"]!.AsArray().Select(each => each!));
            Assert.True(page["events"]!.AsArray().Count <= limit);
            after = page["lastSeq"]!.GetValue<long>();
            hasMore = page["hasMore"]!.GetValue<bool>();
        }
        while (hasMore);
        return found;
    }
}

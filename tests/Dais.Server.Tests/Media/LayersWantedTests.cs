using System.Text.Json.Nodes;
using Dais.Sfu;

namespace Dais.Server.Tests.Media;

/// <summary>A publisher knows which of its encodings are watched, whatever it has missed.</summary>
public sealed class LayersWantedTests
{
    private static readonly string AnotherCertificate = string.Join(':', Enumerable.Repeat("EF", 32));

    [Fact]
    public async Task A_publisher_alone_is_told_which_encodings_are_watched()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        await PublishAsync(host, Offers.Publish());

        Want(server, "q", "h");

        Assert.Equal("""{"roomId":"lobby","rids":["q","h"]}""", (await ToldAsync(host)).ToJsonString());
        Assert.Empty(await ToldByNowAsync(viewer));
    }

    [Fact]
    public async Task Who_resumes_is_told_again_what_was_said_last()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        long seq = (await host.CallAsync("room.start", new() { ["roomId"] = "lobby" }))["seq"]!.GetValue<long>();
        await PublishAsync(host, Offers.Publish(rids: "q;h;f"));
        Want(server, "q");
        Assert.Equal("q", await RidsAsync(host));

        host.Drop();
        await server.UntilAwayAsync("lobby", "hana");
        var (again, _) = await server.ResumeAsync(host.Session, ("lobby", seq));

        Assert.Equal("q", await RidsAsync(again));
        Want(server, "q", "h", "f");
        Assert.Equal("q h f", await RidsAsync(again));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Who_resumes_learns_what_was_said_while_nobody_heard_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        long seq = (await host.CallAsync("room.start", new() { ["roomId"] = "lobby" }))["seq"]!.GetValue<long>();
        await PublishAsync(host, Offers.Publish(rids: "q;h;f"));

        host.Drop();
        await server.UntilAwayAsync("lobby", "hana");
        Want(server, "q", "h");
        var (again, _) = await server.ResumeAsync(host.Session, ("lobby", seq));

        Assert.Equal("q h", await RidsAsync(again));
        await again.DisposeAsync();
    }

    [Fact]
    public async Task Who_resumes_and_was_told_nothing_still_is()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.OpenAsync("hana");
        long seq = (await host.CallAsync("room.start", new() { ["roomId"] = "lobby" }))["seq"]!.GetValue<long>();
        await PublishAsync(host, Offers.Publish(rids: "q;h;f"));

        host.Drop();
        await server.UntilAwayAsync("lobby", "hana");
        var (again, _) = await server.ResumeAsync(host.Session, ("lobby", seq));

        Assert.Empty(await ToldByNowAsync(again));
        await again.DisposeAsync();
    }

    [Theory]
    [InlineData("old1")]
    [InlineData("new1")]
    public async Task An_offer_of_the_same_connection_is_answered_with_what_is_watched(string ufrag)
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await PublishAsync(host, Offers.Publish("old1", rids: "q;h;f"));
        Want(server, "q");
        Assert.Equal("q", await RidsAsync(host));

        await PublishAsync(host, Offers.Publish(ufrag, rids: "q;h;f"));

        Assert.Equal(["q"], await ToldByNowAsync(host));
    }

    [Fact]
    public async Task A_new_connection_in_the_place_of_another_begins_with_all_and_hears_nothing_of_the_other()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await PublishAsync(host, Offers.Publish("old1", rids: "q;h;f"));
        var before = server.Worker.Last<SfuCommand.OpenPublisher>().Id;
        Want(server, "q");
        Assert.Equal("q", await RidsAsync(host));

        await PublishAsync(host, Offers.Publish("new1", AnotherCertificate, rids: "q;h;f"));
        server.Worker.Say(new SfuEvent.LayersWanted(before, ["q"]));

        Assert.Equal(["q h f"], await ToldByNowAsync(host));
    }

    [Fact]
    public async Task Who_stops_publishing_and_begins_again_is_told_nothing_of_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await PublishAsync(host, Offers.Publish("old1", rids: "q;h;f"));
        Want(server, "q");
        Assert.Equal("q", await RidsAsync(host));

        await host.CallAsync("media.unpublish", new() { ["roomId"] = "lobby" });
        await PublishAsync(host, Offers.Publish("new1", AnotherCertificate, rids: "q;h;f"));

        Assert.Empty(await ToldByNowAsync(host));
    }

    private static void Want(TestServer server, params string[] rids) =>
        server.Worker.Say(new SfuEvent.LayersWanted(server.Worker.Last<SfuCommand.OpenPublisher>().Id, [.. rids]));

    private static Task<JsonObject> PublishAsync(TestClient host, string offer) =>
        host.CallAsync("media.publish", new() { ["roomId"] = "lobby", ["offer"] = offer });

    private static async Task<JsonObject> ToldAsync(TestClient client)
    {
        while (true)
        {
            var told = await client.NotificationAsync();
            if (told.ContainsKey("rids"))
            {
                return told;
            }
        }
    }

    private static async Task<string> RidsAsync(TestClient client) => Shown(await ToldAsync(client));

    /// <summary>What a client has been told, and not been asked for here, when the room has done everything so far.</summary>
    private static async Task<List<string>> ToldByNowAsync(TestClient client)
    {
        // Answered in the room's loop, after whatever was decided there before.
        await client.CallAsync("media.prefer", new() { ["roomId"] = "lobby", ["slots"] = new JsonArray() });
        var told = new List<string>();
        while (client.TryTakeNotification(out var notification))
        {
            if (notification.ContainsKey("rids"))
            {
                told.Add(Shown(notification));
            }
        }

        return told;
    }

    private static string Shown(JsonObject told) => string.Join(' ', told["rids"]!.AsArray().Select(rid => rid!.GetValue<string>()));
}

using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Dais.Server.Tests.Rooms;

namespace Dais.Server.Tests.Messages;

public sealed class MessageBadInputTests
{
    [Theory]
    [InlineData("""{"kind":"text"}""", "text")]
    [InlineData("""{"kind":"text","text":""}""", "text")]
    [InlineData("""{"kind":"text","text":5}""", "text")]
    [InlineData("""{"kind":"custom","text":"x","data":"y"}""", "text")]
    [InlineData("""{"kind":"custom"}""", "data")]
    [InlineData("""{"kind":"Text","text":"x"}""", "kind")]
    [InlineData("""{"text":"x"}""", "kind")]
    [InlineData("""{"kind":"text","text":"x","to":[]}""", "to")]
    [InlineData("""{"kind":"text","text":"x","to":["ä"]}""", "to")]
    [InlineData("""{"kind":"text","text":"x","to":[null]}""", "to")]
    [InlineData("""{"kind":"text","text":"x","to":"ann"}""", "to")]
    public async Task A_wrong_message_is_refused_with_the_field(string message, string field)
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        var parameters = JsonNode.Parse(message)!.AsObject();
        parameters["roomId"] = "lobby";

        var refused = await host.RefusedAsync("message.send", parameters);

        Assert.Equal(-32602, refused["code"]!.GetValue<int>());
        Assert.StartsWith(field, refused["data"]!["field"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"beforeSeq":-1}""", -32602)]
    [InlineData("""{"beforeSeq":"1"}""", -32602)]
    [InlineData("""{"beforeSeq":1.5}""", -32602)]
    [InlineData("""{"count":101}""", -32602)]
    [InlineData("""{"beforeSeq":0}""", 0)]
    [InlineData("""{"beforeSeq":3}""", 0)]
    [InlineData("""{"beforeSeq":9007199254740991}""", 1)]
    public async Task A_place_where_no_message_is_gives_those_before_it(string page, int expected)
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await host.CallAsync("message.send", MessageTests.Text("the only one"));
        var parameters = JsonNode.Parse(page)!.AsObject();
        parameters["roomId"] = "lobby";

        var answer = await host.AnswerAsync("message.history", parameters);

        Assert.Equal(
            expected, answer["error"]?["code"]!.GetValue<int>() ?? answer["result"]!["messages"]!.AsArray().Count);
    }

    [Fact]
    public async Task Who_is_not_in_the_room_neither_writes_nor_reads()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var stranger = await server.OpenAsync("sid");

        Assert.Equal(100005, await stranger.RefusalCodeAsync("message.send", MessageTests.Text("hello")));
        Assert.Equal(100005, await stranger.RefusalCodeAsync("message.history", StageScene.In()));
        Assert.Equal(100005, await stranger.RefusalCodeAsync("presence.setState", StageScene.In(("state", new JsonObject()))));
        Assert.Equal(100005, await stranger.RefusalCodeAsync("presence.getState", StageScene.In(("userId", "hana"))));
        Assert.Equal(100004, await stranger.RefusalCodeAsync(
            "message.send", new() { ["roomId"] = "nowhere", ["kind"] = "text", ["text"] = "x" }));
        Assert.Equal(100005, await host.RefusalCodeAsync("message.send", MessageTests.Text("x", ("to", new JsonArray("sid")))));
    }

    [Fact]
    public async Task Too_much_text_or_data_is_too_large()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");

        Assert.Equal(1005, await host.RefusalCodeAsync("message.send", MessageTests.Text(new string('x', 2_001))));
        Assert.Equal(1005, await host.RefusalCodeAsync(
            "message.send", StageScene.In(("kind", "custom"), ("data", new string('x', 8_193)))));
        Assert.Equal(1005, await host.RefusalCodeAsync(
            "presence.setState", StageScene.In(("state", new JsonObject { ["k"] = new string('x', 5_000) }))));
        await host.CallAsync("message.send", MessageTests.Text(new string('x', 2_000)));
    }

    [Fact]
    public async Task A_message_of_1_MB_is_refused_and_one_of_10_MB_costs_the_connection_alone()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var flooder = await server.JoinRoomAsync("lobby", "flo");

        await flooder.SendTextAsync(MessageTests.Text(new string('x', 1_000_000)).ToJsonString());
        Assert.Equal(1005, (await flooder.StrayAsync())["error"]!["code"]!.GetValue<int>());
        await flooder.CallAsync("message.send", MessageTests.Text("still here"));

        try
        {
            await flooder.SendTextAsync(MessageTests.Text(new string('x', 10_000_000)).ToJsonString());
        }
        catch (WebSocketException)
        {
            // The server may have closed before all of it was sent.
        }

        Assert.Equal(4510, await flooder.Closed);
        Assert.Equal("still here", (await host.EventAsync("message"))["text"]!.GetValue<string>());
        await host.CallAsync("message.send", MessageTests.Text("so am I"));
    }

    [Fact]
    public async Task A_flood_is_cut_to_the_burst_and_everybody_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var flooder = await server.JoinRoomAsync("lobby", "flo");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 80).Select(number => flooder.AnswerAsync("message.send", MessageTests.Text($"{number}"))));

        var refusals = answers.Where(answer => answer["error"] is not null).Select(answer => answer["error"]!).ToArray();
        Assert.Equal(60, refusals.Length);
        Assert.All(refusals, refusal =>
        {
            Assert.Equal((1004, true), (refusal["code"]!.GetValue<int>(), refusal["data"]!["retryable"]!.GetValue<bool>()));
            Assert.Equal(100, refusal["data"]!["retryAfterMs"]!.GetValue<int>());
        });
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await flooder.CallAsync("message.send", MessageTests.Text("calm"));
        await host.CallAsync("session.ping");
        Assert.Equal(21, host.Received.Count(type => type == "message"));
    }

    [Fact]
    public async Task The_rate_is_a_setting()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Messages:PerSecond"] = "1", ["Dais:Messages:Burst"] = "1" });
        await using var host = await server.StartRoomAsync("lobby");
        await host.CallAsync("message.send", MessageTests.Text("one"));

        var refused = await host.RefusedAsync("message.send", MessageTests.Text("two"));

        Assert.Equal(1_000, refused["data"]!["retryAfterMs"]!.GetValue<int>());
    }
}

using System.Text.Json.Nodes;
using Dais.Server.Storage;
using Dais.Server.Tests.Rooms;

namespace Dais.Server.Tests.Messages;

public sealed class MessageTests
{
    [Fact]
    public async Task Everybody_in_the_room_gets_the_message_and_the_sender_its_place()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");

        var sent = await ann.CallAsync("message.send", Text("hello 花", ("data", "{\"color\":1}")));

        foreach (var client in new[] { host, ann })
        {
            var told = await client.WholeEventAsync("message");
            Assert.Equal(sent["seq"]!.GetValue<long>(), told["seq"]!.GetValue<long>());
            var data = told["data"]!.AsObject();
            Assert.Equal(sent["messageId"]!.GetValue<string>(), data["messageId"]!.GetValue<string>());
            Assert.Equal(("ann", "Name of ann"), (Of(data["from"]!, "userId"), Of(data["from"]!, "userName")));
            Assert.Equal(("text", "hello 花", "{\"color\":1}"), (Of(data, "kind"), Of(data, "text"), Of(data, "data")));
            Assert.False(data.ContainsKey("to") || data.ContainsKey("customType"));
        }
    }

    [Fact]
    public async Task A_message_for_some_goes_to_them_and_its_sender_alone()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");
        await using var bob = await server.JoinRoomAsync("lobby", "bob");

        await ann.CallAsync("message.send", StageScene.In(
            ("kind", "custom"), ("data", "{}"), ("customType", "gift"), ("to", new JsonArray("bob", "absent"))));
        await ann.CallAsync("message.send", Text("for all"));

        foreach (var client in new[] { ann, bob })
        {
            var data = await client.EventAsync("message");
            Assert.Equal(("custom", "gift", "{}"), (Of(data, "kind"), Of(data, "customType"), Of(data, "data")));
            Assert.Equal(["bob"], data["to"]!.AsArray().Select(user => user!.GetValue<string>()));
        }

        Assert.Equal("for all", Of(await host.EventAsync("message"), "text"));
        Assert.Equal(["for all"], await HistoryAsync(host));
        Assert.Equal([null, "for all"], await HistoryAsync(bob));
    }

    [Fact]
    public async Task The_history_is_asked_for_in_pages_and_no_snapshot_has_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        for (int message = 1; message <= 5; message++)
        {
            await host.CallAsync("message.send", Text($"{message}"));
        }

        await using var ann = await server.OpenAsync("ann");
        var room = (await ann.CallAsync("room.join", StageScene.In()))["room"]!.AsObject();

        Assert.False(room.ContainsKey("messages"));
        var page = (await ann.CallAsync("message.history", StageScene.In(("count", 2))))["messages"]!.AsArray();
        Assert.Equal(["4", "5"], page.Select(message => Of(message!, "text")));
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeMilliseconds(), page[0]!["at"]!.GetValue<long>());
        long before = page[0]!["seq"]!.GetValue<long>();
        Assert.Equal(["2", "3"], await HistoryAsync(ann, ("beforeSeq", before), ("count", 2)));
    }

    [Fact]
    public async Task Who_resumes_is_told_what_was_written_meanwhile()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        var ann = await server.JoinRoomAsync("lobby", "ann");
        await host.CallAsync("message.send", Text("before"));
        long seq = (await ann.WholeEventAsync("message"))["seq"]!.GetValue<long>();

        ann.Drop();
        await server.UntilAwayAsync("lobby", "ann");
        await host.CallAsync("message.send", Text("meanwhile"));
        await host.CallAsync("message.send", Text("not for ann", ("to", new JsonArray("hana"))));
        var (again, _) = await server.ResumeAsync(ann.Session, ("lobby", seq));
        await host.CallAsync("message.send", Text("after"));

        Assert.Equal("meanwhile", Of(await again.EventAsync("message"), "text"));
        Assert.Equal("after", Of(await again.EventAsync("message"), "text"));
        await ann.DisposeAsync();
        await again.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_starts_again_knows_what_was_written_who_is_muted_and_who_is_where()
    {
        var events = new MemoryLog();
        await using var server = await TestServer.StartAsync(events: events);
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");
        await ann.CallAsync("message.send", Text("hello"));
        await host.CallAsync("audience.setMessageDisabled", StageScene.In(("userId", "ann"), ("disabled", true)));
        await host.CallAsync("presence.setState", StageScene.In(("state", new JsonObject { ["mood"] = "happy" })));
        await server.StopAsync();

        await using var next = await TestServer.StartAsync(events: events, time: server.Time);
        await using var again = await next.OpenAsync("hana");
        Assert.Equal("lobby", Of(Assert.Single((await again.CallAsync("presence.whereIs"))["rooms"]!.AsArray())!, "roomId"));
        var room = (await again.CallAsync("room.join", StageScene.In()))["room"]!;
        await using var ann2 = await next.JoinRoomAsync("lobby", "ann");

        Assert.Equal("happy", Of(Assert.Single(room["presence"]!.AsArray())!["state"]!, "mood"));
        Assert.Equal(["hello"], await HistoryAsync(again));
        Assert.Equal(-2381, await ann2.RefusalCodeAsync("message.send", Text("me again")));
    }

    [Fact]
    public async Task A_muted_member_learns_of_it_and_so_do_those_who_may_act()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");
        await using var bob = await server.JoinRoomAsync("lobby", "bob");

        await host.CallAsync("audience.setMessageDisabled", StageScene.In(("userId", "ann"), ("disabled", true)));

        Assert.True((await ann.EventAsync("member.messageDisabledChanged"))["disabled"]!.GetValue<bool>());
        Assert.Equal("ann", Of((await host.EventAsync("member.messageDisabledChanged"))["user"]!, "userId"));
        var members = (await bob.CallAsync("audience.list", StageScene.In()))["members"]!.AsArray();
        Assert.Equal([false, true], members.Select(member => member!["messageDisabled"]!.GetValue<bool>()));
        Assert.DoesNotContain("member.messageDisabledChanged", bob.Received);
        Assert.Equal(-2381, await ann.RefusalCodeAsync("message.send", Text("hello")));
        Assert.Equal(100006, await bob.RefusalCodeAsync(
            "audience.setMessageDisabled", StageScene.In(("userId", "ann"), ("disabled", false))));
        await using var again = await server.OpenAsync("ann");
        Assert.True((await again.CallAsync("room.join", StageScene.In()))["room"]!["messageDisabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task In_a_silenced_room_hosts_write_alone()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["messagesDisabled"] = true });
        await using var ann = await server.JoinRoomAsync("lobby", "ann");
        Assert.Equal(-2380, await ann.RefusalCodeAsync("message.send", Text("hello")));
        await host.CallAsync("message.send", Text("welcome"));

        await host.CallAsync("room.update", StageScene.In(("messagesDisabled", false)));

        Assert.False((await ann.EventAsync("room.updated"))["messagesDisabled"]!.GetValue<bool>());
        await ann.CallAsync("message.send", Text("thanks"));
    }

    internal static JsonObject Text(string text, params (string Name, JsonNode? Value)[] more) =>
        StageScene.In([("kind", "text"), ("text", text), .. more]);

    internal static async Task<IEnumerable<string?>> HistoryAsync(TestClient client, params (string Name, JsonNode? Value)[] page) =>
        (await client.CallAsync("message.history", StageScene.In(page)))["messages"]!.AsArray().Select(message => message!["text"]?.GetValue<string>());

    private static string Of(JsonNode node, string name) => node[name]!.GetValue<string>();
}

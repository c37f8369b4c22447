using System.Net;
using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rest;

public sealed class MessageRoutesTests
{
    [Fact]
    public async Task The_backend_writes_to_everybody_or_to_some_and_reads_all_of_it()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        await using var bob = await scene.Server.JoinRoomAsync("lobby", "bob");

        var sent = (await scene.PostAsync("/v1/rooms/lobby/messages", Message("""{"kind":"text","text":"for bob","to":["bob"]}"""), "key"))
            .Is(HttpStatusCode.Created);
        var again = await scene.PostAsync("/v1/rooms/lobby/messages", Message("""{"kind":"text","text":"for bob","to":["bob"]}"""), "key");
        (await scene.PostAsync("/v1/rooms/lobby/messages", Message("""{"kind":"custom","data":"{}","customType":"gift"}""")))
            .Is(HttpStatusCode.Created);
        await ann.CallAsync("message.send", new() { ["roomId"] = "lobby", ["kind"] = "text", ["text"] = "hi" });

        Assert.Equal(sent.Text, again.Text);
        var told = await bob.WholeEventAsync("message");
        Assert.Equal(sent.Json["seq"]!.GetValue<long>(), told["seq"]!.GetValue<long>());
        Assert.Equal(
            ("shop", "The shop", "for bob"),
            (told["data"]!["from"]!["userId"]!.GetValue<string>(),
                told["data"]!["from"]!["userName"]!.GetValue<string>(),
                told["data"]!["text"]!.GetValue<string>()));
        Assert.Equal("gift", (await ann.EventAsync("message"))["customType"]!.GetValue<string>());
        var all = (await scene.GetAsync("/v1/rooms/lobby/messages")).Is(HttpStatusCode.OK).Json["messages"]!.AsArray();
        Assert.Equal(["shop", "shop", "ann"], all.Select(each => each!["from"]!["userId"]!.GetValue<string>()));
        long last = all[2]!["seq"]!.GetValue<long>();
        var before = (await scene.GetAsync($"/v1/rooms/lobby/messages?beforeSeq={last}&count=1")).Json["messages"]!.AsArray();
        Assert.Equal("gift", Assert.Single(before)!["customType"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_member_is_muted_and_may_write_again()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var ann = await scene.Server.JoinRoomAsync("lobby", "ann");
        JsonObject hello = new() { ["roomId"] = "lobby", ["kind"] = "text", ["text"] = "hello" };

        (await scene.PutAsync("/v1/rooms/lobby/members/ann/messageDisabled")).Is(HttpStatusCode.NoContent);

        await ann.RefusedAsync("message.send", hello.DeepClone().AsObject());
        var listed = (await scene.GetAsync("/v1/rooms/lobby/members")).Json["members"]![0]!;
        Assert.True(listed["messageDisabled"]!.GetValue<bool>());
        (await scene.DeleteAsync("/v1/rooms/lobby/members/ann/messageDisabled")).Is(HttpStatusCode.NoContent);
        await ann.CallAsync("message.send", hello);
        (await scene.PutAsync("/v1/rooms/lobby/members/eve/messageDisabled")).Refused(HttpStatusCode.NotFound, "userNotInRoom");
        (await scene.PutAsync("/v1/rooms/lobby/members/hana/messageDisabled")).Refused(HttpStatusCode.Forbidden, "noPermission");
    }

    [Theory]
    [InlineData("""{"kind":"text"}""", "text")]
    [InlineData("""{"kind":"custom"}""", "data")]
    [InlineData("""{"kind":"shout","text":"x"}""", "kind")]
    [InlineData("""{"kind":"text","text":"x","to":[]}""", "to")]
    [InlineData("""{"kind":"text","text":"x","userId":""}""", "userId")]
    public async Task What_is_no_message_is_refused_with_the_field(string message, string field)
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.PostAsync("/v1/rooms/lobby/messages", Message(message))).Refused(HttpStatusCode.BadRequest, "invalidParams", field);
    }

    [Fact]
    public async Task A_message_for_nobody_too_long_a_one_and_one_of_10_MB_are_refused()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.PostAsync("/v1/rooms/lobby/messages", Message("""{"kind":"text","text":"x","to":["eve"]}""")))
            .Refused(HttpStatusCode.NotFound, "userNotInRoom");
        (await scene.PostAsync("/v1/rooms/other/messages", Message("""{"kind":"text","text":"x"}""")))
            .Refused(HttpStatusCode.NotFound, "roomNotFound");
        foreach (int length in new[] { 2_001, 10 << 20 })
        {
            var body = Message("""{"kind":"text"}""");
            body["text"] = new string('x', length);
            (await scene.PostAsync("/v1/rooms/lobby/messages", body)).Refused(HttpStatusCode.RequestEntityTooLarge, "tooLarge");
        }

        (await scene.GetAsync("/v1/rooms/lobby/messages?count=101")).Refused(HttpStatusCode.BadRequest, "invalidParams", "count");
        (await scene.GetAsync("/v1/rooms/lobby/messages?beforeSeq=-1")).Refused(HttpStatusCode.BadRequest, "invalidParams", "beforeSeq");
    }

    private static JsonObject Message(string json)
    {
        var message = JsonNode.Parse(json)!.AsObject();
        message.TryAdd("userId", "shop");
        message["userName"] = "The shop";
        return message;
    }
}

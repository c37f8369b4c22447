using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Tests.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests.Messages;

public sealed class MessageHookTests
{
    private const string Secret = "the secret of the hook";

    [Fact]
    public async Task The_backend_is_asked_before_a_message_is_shown_and_can_tell_who_asks()
    {
        await using var backend = await FakeBackend.StartAsync();
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");

        var sent = await host.CallAsync("message.send", MessageTests.Text("hello", ("to", new JsonArray("hana"))));

        var asked = Assert.Single(backend.Questions);
        string id = sent["messageId"]!.GetValue<string>();
        Assert.Equal(
            $$"""{"roomId":"lobby","messageId":"{{id}}","at":{{server.Time.GetUtcNow().ToUnixTimeMilliseconds()}},"from":{"userId":"hana","userName":"Name of hana","avatarUrl":""},"kind":"text","text":"hello","to":["hana"]}""",
            Encoding.UTF8.GetString(asked.Body));
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), asked.Body)), asked.Headers["Agora-Signature-V2"]);
        Assert.Equal(id, asked.Headers["webhook-id"]);
        string timestamp = asked.Headers["webhook-timestamp"];
        Assert.Equal(server.Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(timestamp, CultureInfo.InvariantCulture));
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. asked.Body];
        Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed)), asked.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_refused_message_is_not_shown_and_its_sender_learns_why()
    {
        await using var backend = await FakeBackend.StartAsync();
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");
        backend.Say("""{"action":"refuse","reason":"Be kind","code":17}""");

        var refused = await host.RefusedAsync("message.send", MessageTests.Text("rude"));

        Assert.Equal((100600, "Be kind"), (refused["code"]!.GetValue<int>(), refused["message"]!.GetValue<string>()));
        Assert.Equal(
            ("messageRefused", 17), (refused["data"]!["name"]!.GetValue<string>(), refused["data"]!["applicationCode"]!.GetValue<int>()));
        Assert.Empty(await MessageTests.HistoryAsync(host));
    }

    [Fact]
    public async Task A_message_is_shown_as_the_backend_changed_it()
    {
        await using var backend = await FakeBackend.StartAsync();
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");
        backend.Say("""{"action":"replace","text":"****"}""");

        await host.CallAsync("message.send", MessageTests.Text("rude", ("data", "kept")));

        var data = await host.EventAsync("message");
        Assert.Equal(("****", "kept"), (data["text"]!.GetValue<string>(), data["data"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "garbage")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"action":"explode"}""")]
    [InlineData(200, """{"action":5}""")]
    [InlineData(200, """{"action":"allow"} trailing""")]
    [InlineData(200, """{"action":"replace"}""")]
    [InlineData(200, """{"action":"replace","text":""}""")]
    [InlineData(200, """{"action":"replace","text":"\ud800"}""")]
    [InlineData(200, """{"action":"refuse","code":"x"}""")]
    [InlineData(204, "")]
    [InlineData(302, "")]
    [InlineData(500, """{"action":"refuse"}""")]
    public async Task A_backend_that_makes_no_sense_lets_messages_through_or_not_as_is_set(int status, string body)
    {
        await using var backend = await FakeBackend.StartAsync();
        backend.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status == 302 ? "/elsewhere" : "";
            return status == 204 ? Task.CompletedTask : context.Response.WriteAsync(body);
        };
        await using (var open = await StartAsync(backend))
        {
            await using var host = await open.StartRoomAsync("lobby");
            await host.CallAsync("message.send", MessageTests.Text("hello"));
            Assert.Single(open.Log.OwnLines, line => line.Text.StartsWith("The message hook fails", StringComparison.Ordinal));
        }

        await using var closed = await StartAsync(backend, ("FailOpen", "false"));
        await using var other = await closed.StartRoomAsync("lobby");
        var refused = await other.RefusedAsync("message.send", MessageTests.Text("hello"));
        Assert.Equal((100601, true), (refused["code"]!.GetValue<int>(), refused["data"]!["retryable"]!.GetValue<bool>()));
        Assert.Equal(2, backend.Questions.Count);
    }

    [Fact]
    public async Task A_backend_that_hangs_holds_up_nobody_but_the_sender_and_not_for_long()
    {
        await using var backend = await FakeBackend.StartAsync();
        backend.Answer = static (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");

        var first = ann.CallAsync("message.send", MessageTests.Text("1"));
        var second = ann.CallAsync("message.send", MessageTests.Text("2"));
        await Eventually.IsTrueAsync(() => backend.Questions.Count == 2);
        await ann.CallAsync("session.ping");
        await host.CallAsync("room.update", StageScene.In(("name", "goes on")));
        server.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(first.IsCompleted || second.IsCompleted);
        server.Time.Advance(TimeSpan.FromSeconds(0.1));

        await Task.WhenAll(first, second);
        Assert.Equal(["1", "2"], await MessageTests.HistoryAsync(host));
    }

    [Fact]
    public async Task Messages_keep_their_order_whichever_answer_comes_first()
    {
        await using var backend = await FakeBackend.StartAsync();
        var release = new TaskCompletionSource();
        backend.Answer = async (context, question) =>
        {
            if (question["text"]!.GetValue<string>() == "first")
            {
                await release.Task;
            }

            await context.Response.WriteAsync("""{"action":"allow"}""");
        };
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");
        await using var ann = await server.JoinRoomAsync("lobby", "ann");

        var first = ann.CallAsync("message.send", MessageTests.Text("first"));
        var second = ann.CallAsync("message.send", MessageTests.Text("second"));
        await Eventually.IsTrueAsync(() => backend.Questions.Count == 2);
        await host.CallAsync("message.send", MessageTests.Text("another sender"));
        release.SetResult();

        await Task.WhenAll(first, second);
        Assert.Equal(["another sender", "first", "second"], await MessageTests.HistoryAsync(host));
    }

    [Fact]
    public async Task Nobody_is_asked_about_what_the_room_refuses_and_a_flood_is_refused_before_it_waits()
    {
        await using var backend = await FakeBackend.StartAsync();
        backend.Answer = static (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var server = await StartAsync(backend);
        await using var host = await server.StartRoomAsync("lobby");
        await using var stranger = await server.OpenAsync("sid");
        Assert.Equal(100005, await stranger.RefusalCodeAsync("message.send", MessageTests.Text("hello")));
        Assert.Empty(backend.Questions);

        var calls = Enumerable.Range(0, 30).Select(number => host.AnswerAsync("message.send", MessageTests.Text($"{number}"))).ToArray();
        var refused = await Task.WhenAll(calls[20..]);
        Assert.All(refused, answer => Assert.Equal(1004, answer["error"]!["code"]!.GetValue<int>()));
        Assert.All(refused, answer => Assert.Equal(2_000, answer["error"]!["data"]!["retryAfterMs"]!.GetValue<int>()));
        await Eventually.IsTrueAsync(() => backend.Questions.Count == 20);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task An_answer_of_64_MiB_is_not_read_to_its_end()
    {
        await using var backend = await FakeBackend.StartAsync();
        backend.Answer = static async (context, _) =>
        {
            byte[] flood = new byte[16_384];
            for (int part = 0; part < 4_096 && !context.RequestAborted.IsCancellationRequested; part++)
            {
                await context.Response.Body.WriteAsync(flood, context.RequestAborted);
            }
        };
        await using var server = await StartAsync(backend, ("FailOpen", "false"));
        await using var host = await server.StartRoomAsync("lobby");

        Assert.Equal(100601, await host.RefusalCodeAsync("message.send", MessageTests.Text("hello")));
    }

    [Fact]
    public async Task A_private_target_is_asked_only_when_that_is_allowed()
    {
        await using var backend = await FakeBackend.StartAsync();
        await using var server = await StartAsync(backend, ("AllowPrivateTarget", "false"), ("FailOpen", "false"));
        await using var host = await server.StartRoomAsync("lobby");

        Assert.Equal(100601, await host.RefusalCodeAsync("message.send", MessageTests.Text("hello")));
        Assert.Empty(backend.Questions);
        Assert.Contains(server.Log.OwnLines, line => line.Level == LogLevel.Warning && line.Text.Contains("private target", StringComparison.Ordinal));
    }

    private static Task<TestServer> StartAsync(FakeBackend backend, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Dais:Messages:Hook:Url"] = backend.Url,
            ["Dais:Messages:Hook:Secret"] = Secret,
            ["Dais:Messages:Hook:AllowPrivateTarget"] = "true",
        };
        foreach (var (key, value) in settings)
        {
            all[$"Dais:Messages:Hook:{key}"] = value;
        }

        return TestServer.StartAsync(all);
    }
}

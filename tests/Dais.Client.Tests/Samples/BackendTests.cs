using System.Net;
using System.Text.Json.Nodes;
using Dais.Client.Admin;
using Dais.Samples.Backend;

namespace Dais.Client.Tests.Samples;

public sealed class BackendTests
{
    private const string Secret = "the secret of the tests, of enough bytes";
    private const string WebhookSecret = "the secret of the webhooks";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_shows_who_is_watching_as_it_changes()
    {
        // The server has to know where webhooks go before it starts, and the backend where the server is: the port is found first.
        var serverAddress = FreeAddress();
        await using var backend = BackendApp.Build(
            ["--urls=http://127.0.0.1:0", $"--DAIS_URL={serverAddress}", $"--DAIS_SECRET={Secret}", $"--DAIS_WEBHOOK_SECRET={WebhookSecret}"]);
        await backend.StartAsync(Cancellation);
        var backendAddress = new Uri(backend.Urls.Single());
        await using var server = await ServerUnderTest.StartAsync(
            new()
            {
                ["Dais:Keys:main"] = Secret,
                ["Dais:Webhooks:AllowPrivateTargets"] = "true",
                ["Dais:Webhooks:sample:Url"] = new Uri(backendAddress, "webhooks").ToString(),
                ["Dais:Webhooks:sample:Secret"] = WebhookSecret,
            },
            serverAddress);
        using var http = new HttpClient { BaseAddress = backendAddress };
        using var stream = new StreamReader(await http.GetStreamAsync("/audience", Cancellation));

        // 1. A user with a token of the backend.
        string token = await (await http.PostAsync("/tokens?user=hana&room=demo", null, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        var host = server.CreateClient("hana", options => options with { UserId = null, Token = token });
        await host.ConnectAsync(Cancellation);
        await host.StartRoomAsync("demo", Cancellation);
        await server.JoinRoomAsync("ann", "demo");

        // 2. Both are on the page, and whoever leaves is not.
        await UntilAsync(stream, "ann hana*");
        await host.FindRoom("demo")!.EndAsync(Cancellation);
        await UntilAsync(stream, "");
        Assert.Contains("EventSource", await http.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_that_is_not_the_servers_is_refused_and_one_that_comes_twice_counts_once()
    {
        await using var backend = BackendApp.Build(
            ["--urls=http://127.0.0.1:0", "--DAIS_URL=http://127.0.0.1:1", $"--DAIS_SECRET={Secret}", $"--DAIS_WEBHOOK_SECRET={WebhookSecret}"]);
        await backend.StartAsync(Cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(backend.Urls.Single()) };
        string body = $$$"""{"noticeId":"n","eventType":105,"notifyMs":{{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}}},"sid":"s","payload":{"channelName":"demo","account":"ann"}}""";
        string signature = Server.Webhooks.WebhookSignatures.Sha256(WebhookSecret, System.Text.Encoding.UTF8.GetBytes(body));

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, body, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(http, body + " ", signature));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(http, body, signature));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(http, body, signature));

        var board = backend.Services.GetService(typeof(AudienceBoard)) as AudienceBoard;
        Assert.Equal(1, board!.Current.Notices);
        Assert.Equal("ann", Assert.Single(Assert.Single(board.Current.Rooms).Members).UserId);
    }

    [Fact]
    public void A_missing_setting_is_said() =>
        Assert.Contains("DAIS_WEBHOOK_SECRET", Assert.Throws<BackendSettingsException>(
            () => BackendApp.Build(["--DAIS_SECRET=x"])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_board_follows_a_whole_live()
    {
        var board = new AudienceBoard();
        int number = 0;
        foreach (var (type, user) in new[] { (101, ""), (103, "hana"), (105, "ann"), (111, "ann"), (105, "bob"), (112, "ann"), (106, "bob"), (1000, "") })
        {
            board.Take(NoticeOf($"n{number++}", type, user));
        }

        Assert.Equal([new BoardMember("ann", false), new BoardMember("hana", true)], Assert.Single(board.Current.Rooms).Members);
        Assert.False(board.Take(NoticeOf("n2", 105, "ann")));
        board.Take(NoticeOf("end", 102, ""));
        Assert.Empty(board.Current.Rooms);
    }

    private static WebhookNotice NoticeOf(string id, int type, string user)
    {
        string body = $$$"""{"noticeId":"{{{id}}}","eventType":{{{type}}},"notifyMs":1,"sid":"s","payload":{"channelName":"demo","account":"{{{user}}}"}}""";
        Assert.True(WebhookNotice.TryRead(System.Text.Encoding.UTF8.GetBytes(body), out var notice));
        return notice;
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string body, string? signature)
    {
        using var content = new StringContent(body);
        if (signature is not null)
        {
            content.Headers.Add("Agora-Signature-V2", signature);
        }

        using var answer = await http.PostAsync("/webhooks", content, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>Reads the stream until the rooms' members, those on stage with a star, are <paramref name="members"/>.</summary>
    private static async Task UntilAsync(StreamReader stream, string members)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(ServerUnderTest.Patience);
        while (await stream.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)
                && JsonNode.Parse(line["data: ".Length..])!["rooms"]!.AsArray()
                    .SelectMany(room => room!["members"]!.AsArray())
                    .Select(member => member!["userId"]!.GetValue<string>() + (member["onStage"]!.GetValue<bool>() ? "*" : "")) is var found
                && string.Join(' ', found) == members)
            {
                return;
            }
        }

        Assert.Fail($"The stream ended before '{members}'.");
    }

    private static Uri FreeAddress()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}

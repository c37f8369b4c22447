using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Signaling;
using Dais.Server.Tests.Media;

namespace Dais.Server.Tests.Signaling;

/// <summary>
/// Whatever one client sends, it gets the documented error, and its session and everybody else live on.
/// </summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"session.ping"} trailing""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""")]
    public async Task A_malformed_frame_is_a_parse_error(string text)
    {
        await using var scene = await Scene.StartAsync();

        await scene.Client.SendTextAsync(text);

        Assert.Equal(-32700, Code(await scene.Client.StrayAsync()));
        await scene.AssertEverybodyLivesAsync();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"session.ping"}]""")]
    [InlineData("""{"jsonrpc":"1.0","method":"session.ping"}""")]
    [InlineData("""{"jsonrpc":"2.0"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"session.ping"}""")]
    public async Task What_is_no_call_is_an_invalid_request(string text)
    {
        await using var scene = await Scene.StartAsync();

        await scene.Client.SendTextAsync(text);

        Assert.Equal(-32600, Code(await scene.Client.StrayAsync()));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task Deep_nesting_is_a_parse_error()
    {
        await using var scene = await Scene.StartAsync();

        await scene.Client.SendTextAsync($$"""{"jsonrpc":"2.0","id":1,"method":"room.join","params":{{new string('[', 50_000)}}""");

        Assert.Equal(-32700, Code(await scene.Client.StrayAsync()));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task An_unknown_method_is_refused()
    {
        await using var scene = await Scene.StartAsync();

        Assert.Equal(-32601, await scene.Client.RefusalCodeAsync("room.explode"));
        Assert.Equal(-32601, await scene.Client.RefusalCodeAsync("Session.Ping"));
        await scene.AssertEverybodyLivesAsync();
    }

    [Theory]
    [InlineData("room.join", """{}""", "roomId")]
    [InlineData("room.join", """{"roomId":5}""", "roomId")]
    [InlineData("room.join", """{"roomId":null}""", "roomId")]
    [InlineData("room.join", """{"roomId":""}""", "roomId")]
    [InlineData("room.join", """{"roomId":"ä"}""", "roomId")]
    [InlineData("room.join", """{"roomId":"lobby","offer":{}}""", "offer")]
    [InlineData("room.join", """["lobby"]""", "params")]
    [InlineData("room.start", """{"roomId":"x","maxSeats":"ten"}""", "maxSeats")]
    [InlineData("room.start", """{"roomId":"x","seatMode":"Free"}""", "seatMode")]
    [InlineData("seat.apply", """{"roomId":"lobby","seatIndex":1.5}""", "seatIndex")]
    [InlineData("seat.apply", """{"roomId":"lobby","timeout":-1}""", "timeout")]
    [InlineData("seat.kick", """{"roomId":"lobby"}""", "userId")]
    public async Task A_missing_or_wrong_field_is_named(string method, string parameters, string field)
    {
        await using var scene = await Scene.StartAsync();

        await scene.Client.SendTextAsync($$"""{"jsonrpc":"2.0","id":"x","method":"{{method}}","params":{{parameters}}}""");
        var error = (await scene.Client.StrayAsync())["error"]!;

        Assert.Equal(-32602, error["code"]!.GetValue<int>());
        Assert.Equal(field, error["data"]!["field"]!.GetValue<string>());
        Assert.Equal(("invalidParams", false), (error["data"]!["name"]!.GetValue<string>(), error["data"]!["retryable"]!.GetValue<bool>()));
        await scene.AssertEverybodyLivesAsync();
    }

    [Theory]
    [InlineData("room.join")]
    [InlineData("room.leave")]
    [InlineData("room.end")]
    [InlineData("seat.apply")]
    [InlineData("media.unpublish")]
    [InlineData("audience.list")]
    public async Task An_unknown_room_is_refused(string method)
    {
        await using var scene = await Scene.StartAsync();

        Assert.Equal(100004, await scene.Client.RefusalCodeAsync(method, new() { ["roomId"] = "nowhere" }));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task A_call_before_session_open_is_refused_and_the_connection_closed()
    {
        await using var scene = await Scene.StartAsync();
        await using var early = await scene.Server.ConnectAsync();

        Assert.Equal(1001, await early.RefusalCodeAsync("room.list"));
        Assert.Equal(4401, await early.Closed);
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task An_expired_token_and_a_forged_one_are_told_apart()
    {
        await using var scene = await Scene.StartAsync();
        var now = scene.Server.Time.GetUtcNow();
        var good = new AccessToken("tina", "*", [AccessRole.Audience], now.AddHours(1)) { UserName = "Tina" };
        string forged = new AccessTokenIssuer("test", "a secret this server does not know").Issue(good);
        string expired = scene.Server.Tokens.Issue(good with { ExpiresAt = now.AddSeconds(-1) });

        foreach (var (token, code) in new[] { (forged, 1002), ("nonsense", 1002), (expired, 1003) })
        {
            await using var client = await scene.Server.ConnectAsync();
            Assert.Equal(code, await client.RefusalCodeAsync("session.open", Token(token)));
            Assert.Equal(4401, await client.Closed);
        }

        await using var tina = await scene.Server.ConnectAsync();
        var opened = await tina.CallAsync("session.open", Token(scene.Server.Tokens.Issue(good)));
        Assert.Equal(("tina", "Tina"), (opened["userId"]!.GetValue<string>(), opened["userName"]!.GetValue<string>()));
        Assert.Equal(-32600, await tina.RefusalCodeAsync("session.open", Token(scene.Server.Tokens.Issue(good))));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task An_oversized_message_is_refused_and_the_session_goes_on()
    {
        await using var scene = await Scene.StartAsync(new() { ["Dais:Limits:MessageBytes"] = "4096" });

        await scene.Client.SendTextAsync($$$"""{"jsonrpc":"2.0","id":9,"method":"room.join","params":{"roomId":"{{{new string('x', 5_000)}}}"}}""");

        Assert.Equal(1005, Code(await scene.Client.StrayAsync()));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task A_message_far_beyond_the_limit_closes_the_connection()
    {
        await using var scene = await Scene.StartAsync(new() { ["Dais:Limits:MessageBytes"] = "4096" });
        await using var flooder = await scene.Server.OpenAsync("fred");

        await flooder.SendTextAsync(new string('x', 100_000));

        Assert.Equal(4510, await flooder.Closed);
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task A_binary_message_closes_the_connection()
    {
        await using var scene = await Scene.StartAsync();
        await using var other = await scene.Server.OpenAsync("otto");

        await other.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary);

        Assert.Equal(4510, await other.Closed);
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task Text_that_is_no_UTF8_ends_that_connection_only()
    {
        await using var scene = await Scene.StartAsync();
        await using var other = await scene.Server.OpenAsync("otto");

        await other.SendAsync(new byte[] { 0xFF, 0xFE, 0xFD }, WebSocketMessageType.Text);

        await other.Closed;
        await scene.AssertEverybodyLivesAsync();
    }

    [Theory]
    [InlineData("not an offer")]
    [InlineData("v=0\r\n")]
    [InlineData("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")]
    public async Task A_bad_offer_is_refused_with_a_sentence_and_nobody_joins(string offer)
    {
        await using var scene = await Scene.StartAsync();
        await using var other = await scene.Server.OpenAsync("otto");

        foreach (string method in new[] { "media.subscribe", "media.publish" })
        {
            var error = await scene.Client.RefusedAsync(method, new() { ["roomId"] = "lobby", ["offer"] = offer });
            Assert.Equal(-32602, error["code"]!.GetValue<int>());
            Assert.Equal("offer", error["data"]!["field"]!.GetValue<string>());
            Assert.True(error["message"]!.GetValue<string>().Length > "Invalid parameters: offer: ".Length);
        }

        Assert.Equal(-32602, await other.RefusalCodeAsync("room.join", new() { ["roomId"] = "lobby", ["offer"] = offer }));
        Assert.Equal(100005, await other.RefusalCodeAsync("media.subscribe", new() { ["roomId"] = "lobby", ["offer"] = Offers.Subscribe() }));
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task Too_many_calls_are_refused_with_the_time_to_wait()
    {
        await using var scene = await Scene.StartAsync(new()
        {
            ["Dais:Limits:RequestsPerSecond"] = "10",
            ["Dais:Limits:RequestsBurst"] = "20",
        });
        await using var eager = await scene.Server.OpenAsync("egon");
        for (int call = 0; call < 19; call++)
        {
            await eager.CallAsync("session.ping");
        }

        var error = await eager.RefusedAsync("session.ping");
        Assert.Equal(1004, error["code"]!.GetValue<int>());
        Assert.Equal(100, error["data"]!["retryAfterMs"]!.GetValue<int>());

        scene.Server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await eager.CallAsync("session.ping");
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task A_call_without_an_id_is_done_without_an_answer()
    {
        await using var scene = await Scene.StartAsync();

        await scene.Client.SendTextAsync("""{"jsonrpc":"2.0","method":"room.leave","params":{"roomId":"lobby"}}""");

        await scene.Host.EventAsync("audience.left");
        await scene.Client.CallAsync("session.ping");
    }

    [Fact]
    public async Task An_upgrade_without_the_subprotocol_is_refused()
    {
        await using var scene = await Scene.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("dais.v0");

        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(scene.Server.WebSocketAddress, TestContext.Current.CancellationToken));
        using var http = scene.Server.CreateHttpClient();
        using var answer = await http.GetAsync(SignalingEndpoint.Path, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        await scene.AssertEverybodyLivesAsync();
    }

    [Fact]
    public async Task Random_text_never_ends_the_session()
    {
        await using var scene = await Scene.StartAsync(new() { ["Dais:Limits:RequestsPerSecond"] = "100000", ["Dais:Limits:RequestsBurst"] = "100000" });
        var random = new Random(20261121);
        const string Template = """{"jsonrpc":"2.0","id":"z","method":"seat.apply","params":{"roomId":"lobby","seatIndex":1,"timeout":60,"extraInfo":"x"}}""";
        for (int round = 0; round < 300; round++)
        {
            var text = new StringBuilder(Template);
            for (int change = 0; change <= round % 4; change++)
            {
                text[random.Next(text.Length)] = (char)random.Next(' ', '~');
            }

            await scene.Client.SendTextAsync(text.ToString());
        }

        await scene.AssertEverybodyLivesAsync();
    }

    private static JsonObject Token(string token) => new() { ["token"] = token };

    private static int Code(JsonObject answer) => answer["error"]!["code"]!.GetValue<int>();

    /// <summary>A room with a host and the client that misbehaves.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required TestServer Server { get; init; }

        public required TestClient Host { get; init; }

        public required TestClient Client { get; init; }

        public static async Task<Scene> StartAsync(Dictionary<string, string?>? settings = null)
        {
            var server = await TestServer.StartAsync(settings);
            var host = await server.StartRoomAsync("lobby");
            return new Scene { Server = server, Host = host, Client = await server.JoinRoomAsync("lobby", "berta") };
        }

        public async Task AssertEverybodyLivesAsync()
        {
            await Client.CallAsync("session.ping");
            await Host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["notice"] = "We are still here" });
            await Client.EventAsync("room.updated");
            Assert.DoesNotContain(Server.Log.OwnLines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Host.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}

using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class SlowConsumerTests
{
    [Fact]
    public async Task Who_does_not_read_is_closed_and_the_others_do_not_wait()
    {
        await using var server = await TestServer.StartAsync(new()
        {
            ["Dais:Limits:OutgoingQueueMessages"] = "16",
            ["Dais:Limits:RequestsPerSecond"] = "100000",
            ["Dais:Limits:RequestsBurst"] = "100000",
        });
        await using var host = await server.StartRoomAsync("lobby");
        using var slow = new ClientWebSocket();
        slow.Options.AddSubProtocol(SignalingEndpoint.Subprotocol);
        await slow.ConnectAsync(server.WebSocketAddress, TestContext.Current.CancellationToken);
        await SendAsync(slow, """{"jsonrpc":"2.0","id":1,"method":"session.open","params":{"userId":"sid"}}""");
        await SendAsync(slow, """{"jsonrpc":"2.0","id":2,"method":"room.join","params":{"roomId":"lobby"}}""");
        await host.EventAsync("audience.joined");

        // The kernel buffers some megabytes before the server's queue fills: each update carries 15 KB.
        var metadata = new JsonObject();
        for (int key = 0; key < 8; key++)
        {
            metadata[$"key{key}"] = new string('m', 1_900);
        }

        bool isGone = false;
        for (int update = 0; update < 5_000 && !isGone; update++)
        {
            metadata["count"] = $"{update}";
            await host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["metadata"] = metadata.DeepClone() });
            isGone = await server.IsAwayAsync("lobby", "sid");
        }

        Assert.True(isGone);
        await host.CallAsync("session.ping");

        // What it has read is only the beginning; the rest is more than is held, so it gets the room as it is.
        var (closedWith, opened) = await ReadToCloseAsync(slow);
        Assert.Equal(4408, closedWith);
        var (again, resumed) = await server.ResumeAsync(opened!, ("lobby", 2));
        Assert.True(resumed["resumed"]!.GetValue<bool>());
        var sync = await again.SyncAsync();
        Assert.Equal(metadata["count"]!.GetValue<string>(), sync["room"]!["metadata"]!["count"]!.GetValue<string>());
        await again.DisposeAsync();
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    private static async Task<(int? Code, JsonObject? Opened)> ReadToCloseAsync(ClientWebSocket socket)
    {
        JsonObject? opened = null;
        byte[] buffer = new byte[65_536];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken).AsTask().WaitAsync(TestClient.Patience);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return ((int?)socket.CloseStatus, opened);
            }

            opened ??= JsonNode.Parse(buffer.AsSpan(0, received.Count))!["result"]!.AsObject();
        }
    }
}

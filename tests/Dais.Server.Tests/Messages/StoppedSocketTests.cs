using System.Net.Sockets;
using System.Text;

namespace Dais.Server.Tests.Messages;

public sealed class StoppedSocketTests
{
    [Fact]
    public async Task A_socket_that_just_stops_is_noticed_within_the_ping_time_and_reported_as_lost()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:AudienceGraceSeconds"] = "0" });
        await using var host = await server.StartRoomAsync("lobby");
        using var stopped = new TcpClient();
        await stopped.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        var stream = stopped.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET /v1/ws HTTP/1.1\r\nHost: {server.Address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: dais.v1\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await SendAsync(stream, """{"jsonrpc":"2.0","id":1,"method":"session.open","params":{"userId":"sid"}}""");
        await SendAsync(stream, """{"jsonrpc":"2.0","id":2,"method":"room.join","params":{"roomId":"lobby"}}""");
        await host.EventAsync("audience.joined");

        // From here on it neither reads nor writes, and closes nothing.
        server.Time.Advance(TimeSpan.FromSeconds(24));
        await host.CallAsync("session.ping");
        Assert.DoesNotContain("audience.left", host.Received);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var left = await host.EventAsync("audience.left");
        Assert.Equal(("sid", "connectionLost"), (left["user"]!["userId"]!.GetValue<string>(), left["reason"]!.GetValue<string>()));
        Assert.Equal(25, left["durationSeconds"]!.GetValue<int>());
    }

    /// <summary>One text frame, masked with zeros (RFC 6455 §5.2).</summary>
    private static async Task SendAsync(NetworkStream stream, string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        byte[] frame = [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
        Assert.True(payload.Length < 126);
        await stream.WriteAsync(frame, TestContext.Current.CancellationToken);
    }
}

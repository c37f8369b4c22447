using System.Net.Sockets;
using System.Text;

namespace Dais.Server.Tests.Signaling;

/// <summary>What a WebSocket does by itself (RFC 6455 §5.5 and 7), seen from a bare socket.</summary>
public sealed class ControlFrameTests
{
    [Fact]
    public async Task A_ping_is_answered_by_a_pong_of_the_same_bytes()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await ConnectAsync(server);

        // "hi", masked with zeroes.
        await client.GetStream().WriteAsync(new byte[] { 0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69 }, TestContext.Current.CancellationToken);

        Assert.Equal([0x8A, 2, 0x68, 0x69], await ReadAsync(client, 4));
    }

    [Fact]
    public async Task A_close_is_answered_and_the_connection_ends()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await ConnectAsync(server);

        await client.GetStream().WriteAsync(new byte[] { 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8 }, TestContext.Current.CancellationToken);

        Assert.Equal([0x88, 2, 0x03, 0xE8], await ReadAsync(client, 4));
        Assert.Empty(await ReadAsync(client, 1));
    }

    [Fact]
    public async Task A_frame_without_a_mask_is_a_protocol_error()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await ConnectAsync(server);

        await client.GetStream().WriteAsync(new byte[] { 0x81, 6, 0x68, 0x69, 0x68, 0x69, 0x68, 0x69 }, TestContext.Current.CancellationToken);

        // 1002 and nothing after it.
        Assert.Equal([0x88, 2, 0x03, 0xEA], await ReadAsync(client, 5));
    }

    private static async Task<TcpClient> ConnectAsync(TestServer server)
    {
        var client = new TcpClient();
        var address = server.WebSocketAddress;
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: dais.v1\r\n\r\n"),
            TestContext.Current.CancellationToken);

        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)Assert.Single(await ReadAsync(client, 1)));
        }

        // The example of RFC 6455 §1.3.
        Assert.StartsWith("HTTP/1.1 101", head.ToString(), StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head.ToString(), StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Protocol: dais.v1\r\n", head.ToString(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>So many bytes, or fewer when the connection ends before.</summary>
    private static async Task<byte[]> ReadAsync(TcpClient client, int count)
    {
        byte[] bytes = new byte[count];
        int read = await client.GetStream()
            .ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TestClient.Patience);
        return bytes[..read];
    }
}

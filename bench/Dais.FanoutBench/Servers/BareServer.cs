using System.Collections.Immutable;
using System.Net.WebSockets;

namespace Dais.FanoutBench.Servers;

/// <summary>The least that can be done with Kestrel's WebSockets: one loop that writes one shared buffer to every socket.</summary>
internal static class BareServer
{
    private static ImmutableList<WebSocket> _sockets = [];

    internal static int Run(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Map("/ws", ServeAsync);
        app.Run();
        return 0;
    }

    private static async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        ImmutableInterlocked.Update(ref _sockets, static (all, added) => all.Add(added), socket);
        byte[]? buffer = null;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer ?? Memory<byte>.Empty, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (buffer is null)
            {
                // Only who says something needs a buffer.
                buffer = new byte[4096];
                continue;
            }

            byte[] shared = buffer[..received.Count];
            foreach (var member in _sockets)
            {
                await member.SendAsync(shared, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        }
    }
}

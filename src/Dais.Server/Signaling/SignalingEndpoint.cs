using Dais.Protocol;

namespace Dais.Server.Signaling;

/// <summary>The WebSocket endpoint of the contract.</summary>
public sealed class SignalingEndpoint(SignalingContext signaling, ConnectionRegistry connections)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/v1/ws";

    /// <summary>The subprotocol a client has to offer.</summary>
    public const string Subprotocol = "dais.v1";

    /// <summary>Serves one connection from upgrade to close.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol))
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"This address speaks WebSocket with the subprotocol {Subprotocol}.");
            return;
        }

        if (!connections.TryReserve())
        {
            await RefuseAsync(
                context, StatusCodes.Status503ServiceUnavailable, "This node has no room for another connection.");
            return;
        }

        Connection? connection = null;
        try
        {
            var transport = await WebSocketTransport.AcceptAsync(context, Subprotocol);
            using var accepted = connection = new Connection(transport, signaling.Options.Limits, signaling.Time);
            connections.Add(connection);
            await RunAsync(connection);
        }
        finally
        {
            connections.Release(connection);
        }
    }

    private async Task RunAsync(Connection connection)
    {
        var client = new ClientConnection(connection, signaling);
        await using var silence = signaling.Time.CreateTimer(
            static state => ((Connection)state!).Close(CloseCodes.Silent),
            connection,
            SignalingContext.SilenceMax,
            Timeout.InfiniteTimeSpan);
        var running = connection.RunAsync((kind, message) =>
        {
            silence.Change(SignalingContext.SilenceMax, Timeout.InfiniteTimeSpan);
            return client.HandleAsync(kind, message);
        });

        // 1. Whoever waits for this client learns of the end as soon as it is certain, not after the client agreed to
        // it.
        await connection.Closing;
        await client.EndAsync();

        // 2. A call that was under way may have entered one more room.
        await running;
        await client.EndAsync();
        signaling.Metrics.Closed(connection.ClosedWith);
        signaling.Log.ConnectionEnded(client.Session?.Id ?? client.Id, connection.ClosedWith ?? 0);
    }

    private static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence, context.RequestAborted);
    }
}

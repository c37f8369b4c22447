using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Dais.Server.Signaling;

/// <summary>What is below a WebSocket once its handshake is done.</summary>
/// <param name="Input">What the client says.</param>
/// <param name="Output">What the client is told. Nobody but the connection writes there.</param>
/// <param name="Lifetime">Cuts the connection.</param>
public sealed record WebSocketTransport(Stream Input, PipeWriter Output, IHttpRequestLifetimeFeature Lifetime)
{
    /// <summary>What a client expects to be mixed with its key (RFC 6455 §1.3).</summary>
    private const string KeySalt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>
    /// Accepts the handshake of <paramref name="context"/>, which <see cref="WebSocketManager.IsWebSocketRequest"/> has found in order
    /// (RFC 6455 §4.2.2; RFC 8441 §5 over HTTP/2).
    /// </summary>
    public static async Task<WebSocketTransport> AcceptAsync(HttpContext context, string subprotocol)
    {
        ArgumentNullException.ThrowIfNull(context);
        var features = context.Features;
        var headers = context.Response.Headers;
        headers.SecWebSocketProtocol = subprotocol;
        var lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            var stream = await connect.AcceptAsync();
            return new WebSocketTransport(stream, PipeWriter.Create(stream), lifetime);
        }

        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        var upgraded = await features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();

        // After an upgrade HTTP writes nothing any more, and whatever encrypts is below this.
        var output = features.Get<IConnectionTransportFeature>()?.Transport.Output ?? PipeWriter.Create(upgraded);
        return new WebSocketTransport(upgraded, output, lifetime);
    }

#pragma warning disable CA5350 // The protocol says SHA-1; nothing is kept secret by it.
    private static string AnswerTo(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySalt)));
#pragma warning restore CA5350
}

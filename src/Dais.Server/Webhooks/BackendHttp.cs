using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Dais.Server.Webhooks;

/// <summary>
/// How the server speaks to backends: signed POSTs that follow no redirect, keep no cookie, use no proxy, and go to no private address
/// unless that is allowed.
/// </summary>
internal static class BackendHttp
{
    /// <summary>Makes connections to backends; whoever asks disposes of it.</summary>
    /// <param name="allowPrivateTargets">Whether backends may be on this machine or in its network.</param>
    /// <param name="connectTime">How long connecting may take, within whatever the request may.</param>
    /// <param name="connectionsMax">How many connections one backend may have.</param>
    internal static HttpMessageInvoker Create(bool allowPrivateTargets, TimeSpan connectTime, int connectionsMax = int.MaxValue) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = connectTime,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, allowPrivateTargets, cancellationToken),
            MaxConnectionsPerServer = connectionsMax,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

            // A name may come to mean another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });

    /// <summary>A POST of <paramref name="body"/> with both families of signature headers.</summary>
    internal static HttpRequestMessage SignedPost(Uri url, string secret, string id, byte[] body, DateTimeOffset now)
    {
        long timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Dais", "1"));
        request.Headers.Add("Agora-Signature", WebhookSignatures.Sha1(secret, body));
        request.Headers.Add("Agora-Signature-V2", WebhookSignatures.Sha256(secret, body));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignatures.Standard(secret, id, timestamp, body));
        return request;
    }

    /// <summary>Connects to an address that was looked at: what the name means a moment later does not matter.</summary>
    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target, bool allowPrivateTargets, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => allowPrivateTargets || TargetAddresses.IsPublic(address));
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new PrivateTargetException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The address of a backend is not public, and private ones are not allowed.</summary>
internal sealed class PrivateTargetException() : IOException("The target is not public.");

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Dais.Server.Observability;

namespace Dais.Server.Webhooks;

/// <summary>How one try ended.</summary>
/// <param name="Status">The HTTP status; null when none came.</param>
/// <param name="Failure">What went wrong, in a word of ours; null when the notice was taken.</param>
/// <param name="Duration">How long it took.</param>
public readonly record struct WebhookAttempt(int? Status, string? Failure, TimeSpan Duration)
{
    /// <summary>Whether the notice was taken.</summary>
    public bool IsDelivered => Failure is null;
}

/// <summary>
/// Sends notices: one POST, 2xx within ten seconds or it has failed. Follows no redirect, keeps no cookie, uses no proxy, and
/// looks at no answer's body but to read a small one away, so that the connection can be used again.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>How long an endpoint has to answer.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>The most that is read of an answer's body. One that is longer costs its connection.</summary>
    private const int AnswerBytesMax = 16 << 10;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly bool _allowPrivateTargets;

    /// <summary>A sender that refuses private targets unless they are allowed.</summary>
    public WebhookSender(bool allowPrivateTargets, TimeProvider time)
    {
        _allowPrivateTargets = allowPrivateTargets;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTime,
            ConnectCallback = ConnectAsync,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

            // A name may come to mean another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
    }

    /// <summary>Sends <paramref name="notice"/> once.</summary>
    /// <exception cref="OperationCanceledException">The server stops, or the endpoint is gone.</exception>
    public async Task<WebhookAttempt> SendAsync(WebhookEndpoint endpoint, Notice notice, CancellationToken cancellationToken)
    {
        using var span = Traces.StartRoot("webhook.deliver", ActivityKind.Client)?.SetTag("dais.event_type", notice.EventType);
        long started = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(AnswerTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        int? status = null;
        string? failure;
        try
        {
            using var request = ToRequest(endpoint, notice, _time.GetUtcNow());
            using var response = await _http.SendAsync(request, either.Token);
            status = (int)response.StatusCode;
            failure = response.IsSuccessStatusCode ? null : $"status {status}";
            await ReadAwayAsync(response.Content, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = timeout.IsCancellationRequested ? "no answer in time" : "no connection in time";
        }
        catch (HttpRequestException refused)
        {
            failure = refused.InnerException is PrivateTargetException ? "private target"
                : refused.HttpRequestError is HttpRequestError.Unknown or HttpRequestError.ResponseEnded ? "connection failed"
                : refused.HttpRequestError.ToString();
        }

        span?.SetTag(Traces.Outcome, failure ?? ServerMetrics.Succeeded);
        return new WebhookAttempt(status, failure, _time.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage ToRequest(WebhookEndpoint endpoint, Notice notice, DateTimeOffset now)
    {
        byte[] body = notice.ToBody(now.ToUnixTimeMilliseconds());
        long timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Dais", "1"));
        request.Headers.Add("Agora-Signature", WebhookSignatures.Sha1(endpoint.Secret, body));
        request.Headers.Add("Agora-Signature-V2", WebhookSignatures.Sha256(endpoint.Secret, body));
        request.Headers.Add("webhook-id", notice.NoticeId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignatures.Standard(endpoint.Secret, notice.NoticeId, timestamp, body));
        return request;
    }

    /// <summary>The status has decided; what an endpoint says beyond it, or fails to, changes nothing.</summary>
    private async Task ReadAwayAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(DrainTime, _time);
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var stream = await content.ReadAsStreamAsync(drain.Token);
            byte[] buffer = new byte[1_024];
            int sum = 0;
            int count;
            while (sum <= AnswerBytesMax && (count = await stream.ReadAsync(buffer, drain.Token)) > 0)
            {
                sum += count;
            }
        }
        catch (Exception late) when (late is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection goes with the answer.
        }
    }

    /// <summary>
    /// Connects to an address that was looked at: what the name means a moment later does not matter.
    /// </summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => _allowPrivateTargets || TargetAddresses.IsPublic(address));
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

    private sealed class PrivateTargetException() : IOException("The target is not public.");
}

using System.Diagnostics;
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

    /// <summary>A sender that refuses private targets unless they are allowed.</summary>
    public WebhookSender(bool allowPrivateTargets, TimeProvider time)
    {
        _time = time;
        _http = BackendHttp.Create(allowPrivateTargets, ConnectTime);
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
            var now = _time.GetUtcNow();
            using var request = BackendHttp.SignedPost(
                endpoint.Url, endpoint.Secret, notice.NoticeId, notice.ToBody(now.ToUnixTimeMilliseconds()), now);
            using var response = await _http.SendAsync(request, either.Token);
            status = (int)response.StatusCode;
            failure = response.IsSuccessStatusCode ? null : $"status {status}";
            if (response.Content.Headers.ContentLength != 0)
            {
                await ReadAwayAsync(response.Content, either.Token);
            }
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
}

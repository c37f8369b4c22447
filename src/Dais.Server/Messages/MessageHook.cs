using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Dais.Server.Hosting;
using Dais.Server.Webhooks;

namespace Dais.Server.Messages;

/// <summary>
/// Asks the application's backend about every message before it is shown: one POST, signed as webhooks are. Follows no redirect,
/// uses no proxy, reads no more of an answer than an answer can be, and waits no longer than is set.
/// </summary>
public sealed class MessageHook : IDisposable
{
    /// <summary>The longest answer: the largest data, every byte of it escaped, and some room.</summary>
    private const int AnswerBytesMax = 64 * 1024;

    private const int ConnectionsMax = 256;

    private readonly MessageHookOptions? _options;
    private readonly TimeProvider _time;
    private readonly ServerLog _log;
    private readonly HttpMessageInvoker? _http;
    private int _isFailing;

    /// <summary>The hook of the settings.</summary>
    public MessageHook(DaisOptions options, TimeProvider time, ServerLog log)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Messages.Hook;
        _time = time;
        _log = log;
        _http = _options is null ? null : new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = ConnectionsMax,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

            // A name may come to mean another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
    }

    /// <summary>Whether there is anybody to ask.</summary>
    public bool IsSet => _options is not null;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout => _options?.Timeout ?? TimeSpan.Zero;

    /// <summary>Asks about a message; never fails, and is never late.</summary>
    public async Task<HookVerdict> AskAsync(HookQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (_options is not { } options)
        {
            return new HookVerdict.Allowed(question.Content);
        }

        string failure;
        using var timeout = new CancellationTokenSource(options.Timeout, _time);
        try
        {
            using var request = ToRequest(question, options);
            using var response = await _http!.SendAsync(request, timeout.Token);
            if (!response.IsSuccessStatusCode)
            {
                failure = $"status {(int)response.StatusCode}";
            }
            else if (await ReadAsync(response.Content, timeout.Token) is { } body
                && HookVerdict.TryRead(body, question.Content, out var verdict))
            {
                Recover();
                return verdict;
            }
            else
            {
                failure = "an answer that makes no sense";
            }
        }
        catch (OperationCanceledException)
        {
            failure = "no answer in time";
        }
        catch (Exception refused) when (refused is HttpRequestException or IOException)
        {
            failure = refused.InnerException is PrivateTargetException ? "private target" : "connection failed";
        }

        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            _log.MessageHookFailing(failure, options.FailOpen ? "shown unasked" : "refused");
        }

        return options.FailOpen ? new HookVerdict.Allowed(question.Content) : new HookVerdict.Unknown();
    }

    /// <inheritdoc/>
    public void Dispose() => _http?.Dispose();

    private HttpRequestMessage ToRequest(HookQuestion question, MessageHookOptions options)
    {
        var now = _time.GetUtcNow();
        byte[] body = question.ToBody(now.ToUnixTimeMilliseconds());
        long timestamp = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Dais", "1"));
        request.Headers.Add("Agora-Signature", WebhookSignatures.Sha1(options.Secret, body));
        request.Headers.Add("Agora-Signature-V2", WebhookSignatures.Sha256(options.Secret, body));
        request.Headers.Add("webhook-id", question.Id.Value);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(
            "webhook-signature", WebhookSignatures.Standard(options.Secret, question.Id.Value, timestamp, body));
        return request;
    }

    /// <summary>The body of an answer; null when it is longer than one can be.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using var stream = await content.ReadAsStreamAsync(cancellationToken);
        int count;
        while ((count = await stream.ReadAsync(body.GetMemory(4_096), cancellationToken)) > 0)
        {
            body.Advance(count);
            if (body.WrittenCount > AnswerBytesMax)
            {
                return null;
            }
        }

        return body.WrittenMemory;
    }

    private void Recover()
    {
        if (Volatile.Read(ref _isFailing) == 1 && Interlocked.Exchange(ref _isFailing, 0) == 1)
        {
            _log.MessageHookRecovered();
        }
    }

    /// <summary>Connects to an address that was looked at: what the name means a moment later does not matter.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var allowed = Array.FindAll(addresses, address => _options!.AllowPrivateTarget || TargetAddresses.IsPublic(address));
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

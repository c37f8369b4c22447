using System.Buffers;
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
        _http = _options is { } set ? BackendHttp.Create(set.AllowPrivateTarget, set.Timeout, ConnectionsMax) : null;
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
            var now = _time.GetUtcNow();
            using var request = BackendHttp.SignedPost(
                options.Url, options.Secret, question.Id.Value, question.ToBody(now.ToUnixTimeMilliseconds()), now);
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
}

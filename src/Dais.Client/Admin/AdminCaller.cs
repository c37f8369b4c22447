using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dais.Protocol;
using Dais.Protocol.Rest;

namespace Dais.Client.Admin;

/// <summary>Makes calls over HTTP: with a token, again when the server asks for that, and with refusals as exceptions.</summary>
internal sealed class AdminCaller(HttpClient http, DaisAdminOptions options)
{
    private const string KeyHeader = "Idempotency-Key";

    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(10);

    private readonly ServerTokens? _tokens =
        options.Secret is { } secret ? new ServerTokens(options.KeyName, secret, options.Time) : null;

    /// <summary>Calls what gives something.</summary>
    public async Task<TResult> CallAsync<TResult>(AdminCall call, JsonTypeInfo<TResult> type, CancellationToken cancellation)
        where TResult : class
    {
        byte[] body = await SendAsync(call, cancellation).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw DaisException.Unusable("The server's answer is empty.");
        }
        catch (JsonException)
        {
            throw DaisException.Unusable("The server's answer is not what was asked for.");
        }
    }

    /// <summary>Calls what gives nothing.</summary>
    public Task CallAsync(AdminCall call, CancellationToken cancellation) => SendAsync(call, cancellation);

    private async Task<byte[]> SendAsync(AdminCall call, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            var (status, body, retryAfter) = await TryAsync(call, cancellation).ConfigureAwait(false);
            if ((int)status is >= 200 and < 300)
            {
                return body;
            }

            bool isPassing = status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
            if (!isPassing || attempt >= options.AttemptsMax)
            {
                throw RefusalOf(status, body, retryAfter);
            }

            await Task.Delay(DelayBefore(attempt, retryAfter), options.Time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)> TryAsync(
        AdminCall call, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.CallTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(call.Method, new Uri(options.Url, call.Path));
            string token = options.TokenAsync is { } give
                ? await give(either.Token).ConfigureAwait(false)
                : _tokens?.Current() ?? "";
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (call.Body is { } content)
            {
                request.Content = new ByteArrayContent(content);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            if (call.IdempotencyKey is { } key)
            {
                request.Headers.Add(KeyHeader, key);
            }

            using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            return (
                response.StatusCode,
                await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false),
                response.Headers.RetryAfter?.Delta);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw DaisException.NoAnswer($"{call.Method} {call.Path}");
        }
        catch (HttpRequestException lost)
        {
            throw DaisException.Lost(lost);
        }
    }

    private static TimeSpan DelayBefore(int attempt, TimeSpan? retryAfter)
    {
        var delay = retryAfter ?? RetryDelayMin * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
        return delay < RetryDelayMax ? delay : RetryDelayMax;
    }

    private static DaisException RefusalOf(HttpStatusCode status, byte[] body, TimeSpan? retryAfter)
    {
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(body, RestJson.Default.Problem);
        }
        catch (JsonException)
        {
            // Something between us and the server answered.
        }

        return problem is null
            ? DaisException.Unusable($"The answer is {(int)status} and not the server's.")
            : new DaisException(new WireError(
                problem.Code,
                problem.Name,
                problem.Detail is null ? problem.Title : $"{problem.Title}: {problem.Detail}",
                problem.Retryable,
                problem.Field,
                (long?)retryAfter?.TotalMilliseconds))
            {
                OldestSeq = problem.OldestSeq,
            };
    }
}

/// <summary>A call over HTTP.</summary>
/// <param name="Method">How.</param>
/// <param name="Path">Where, with its query.</param>
/// <param name="Body">What goes with it; null for nothing.</param>
/// <param name="IdempotencyKey">By which the server knows it when it comes again.</param>
internal sealed record AdminCall(HttpMethod Method, string Path, byte[]? Body = null, string? IdempotencyKey = null)
{
    /// <summary>A call that asks.</summary>
    public static AdminCall Get(string path) => new(HttpMethod.Get, path);

    /// <summary>A call that does something once, however often it is sent.</summary>
    public static AdminCall Post<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, string? key) =>
        new(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type), key ?? Guid.NewGuid().ToString("N"));

    /// <summary>A call that does something once and needs to be told nothing.</summary>
    public static AdminCall Post(string path, string? key) =>
        new(HttpMethod.Post, path, null, key ?? Guid.NewGuid().ToString("N"));

    /// <summary>A call that sets something.</summary>
    public static AdminCall Put(string path) => new(HttpMethod.Put, path);

    /// <summary>A call that removes something.</summary>
    public static AdminCall Delete(string path) => new(HttpMethod.Delete, path);
}

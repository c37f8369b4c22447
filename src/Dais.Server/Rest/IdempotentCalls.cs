using System.Security.Cryptography;
using System.Text;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Server.Hosting;

namespace Dais.Server.Rest;

/// <summary>
/// Calls that come with an idempotency key: the same call again is answered as the first time and not carried out again. Kept in
/// memory, for a day, and as far as there is room.
/// </summary>
public sealed class IdempotentCalls(IdempotencyStore store, DaisOptions options)
{
    /// <summary>The header with the key.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The header that says that an answer is the first one again.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const int KeyLengthMax = 255;

    /// <summary>Carries a call out, or answers it as before.</summary>
    public async Task RunAsync(HttpContext context, string caller, string key, RequestDelegate next)
    {
        if (key.Length is 0 or > KeyLengthMax || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            await RestAnswer.Invalid(Header, $"1 to {KeyLengthMax} printable ASCII characters without spaces.").ExecuteAsync(context);
            return;
        }

        byte[] digest = await TakeBodyAsync(context.Request);
        string id = $"{caller}\n{key}";
        switch (store.Begin(id, digest, out var kept))
        {
            case IdempotencyVerdict.Reused:
                await RestAnswer.Refuse(RestErrors.IdempotencyKeyReused).ExecuteAsync(context);
                break;
            case IdempotencyVerdict.InUse:
                await RestAnswer.Refuse(RestErrors.IdempotencyKeyInUse).ExecuteAsync(context);
                break;
            case IdempotencyVerdict.Full:
                await RestAnswer.Refuse(ErrorCodes.LimitReached).ExecuteAsync(context);
                break;
            case IdempotencyVerdict.Known:
                await ReplayAsync(context, kept!);
                break;
            default:
                await CarryOutAsync(context, id, next);
                break;
        }
    }

    private async Task CarryOutAsync(HttpContext context, string id, RequestDelegate next)
    {
        var response = context.Response;
        var outside = response.Body;
        using var inside = new MemoryStream();
        response.Body = inside;
        try
        {
            await next(context);
            var answer = new KeptAnswer(
                response.StatusCode, response.ContentType, response.Headers.Location.ToString(), inside.ToArray());

            // A refusal that can turn out otherwise is not the call's last word.
            if (context.Features.Get<Problem>() is { Retryable: true })
            {
                store.Forget(id);
            }
            else
            {
                store.Keep(id, answer);
            }
        }
        catch
        {
            store.Forget(id);
            throw;
        }
        finally
        {
            response.Body = outside;
        }

        await outside.WriteAsync(inside.GetBuffer().AsMemory(0, (int)inside.Length), context.RequestAborted);
    }

    private static async Task ReplayAsync(HttpContext context, KeptAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers[ReplayedHeader] = "true";
        response.Headers.CacheControl = "no-store";
        if (answer.Location.Length > 0)
        {
            response.Headers.Location = answer.Location;
        }

        if (answer.Body.Length > 0)
        {
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    /// <summary>Takes the body in, so that it can be read again, and gives a digest of the whole call.</summary>
    private async Task<byte[]> TakeBodyAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        byte[] buffer = new byte[16_384];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (body.Length + read > options.Limits.MessageBytes)
            {
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            body.Write(buffer, 0, read);
        }

        request.Body = body;
        body.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return hash.GetHashAndReset();
    }
}

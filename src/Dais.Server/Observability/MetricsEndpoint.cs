using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dais.Server.Access;
using Dais.Server.Hosting;

namespace Dais.Server.Observability;

/// <summary>
/// <c>/metrics</c>, for whoever has the token of the settings or an access token of the backend; without the one in the
/// settings, also for whoever asks from this machine, and not through a proxy that says so.
/// </summary>
public sealed class MetricsEndpoint(MetricsCollector metrics, DaisOptions options, AccessTokenVerifier tokens, TimeProvider time)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/metrics";

    private const string Scheme = "Bearer ";

    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    /// <summary>Answers with the metrics, or 401.</summary>
    public Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!IsAllowed(context))
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.Headers.WWWAuthenticate = "Bearer";
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync(
                "Send the token of Dais:Metrics:Token, or an access token with the role 'server', as 'Authorization: Bearer <token>'.",
                context.RequestAborted);
        }

        response.ContentType = MetricsCollector.ContentType;
        return response.WriteAsync(metrics.Collect(), context.RequestAborted);
    }

    private bool IsAllowed(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            string token = header[Scheme.Length..].Trim();
            return IsMetricsToken(token) || IsServerToken(token);
        }

        return options.MetricsToken is null && header.Length == 0 && IsFromHere(context);
    }

    private bool IsMetricsToken(string token) =>
        options.MetricsToken is { } expected
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(expected));

    private bool IsServerToken(string token) =>
        tokens.Verify(token, time.GetUtcNow(), out var access) == TokenVerdict.Valid
        && access!.Grants(AccessRole.Server)
        && access.Room == AccessToken.AnyRoom;

    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Dais.Protocol;
using Dais.Server.Access;
using Dais.Server.Hosting;
using Microsoft.AspNetCore.RateLimiting;

namespace Dais.Server.Rest;

/// <summary>
/// How often one caller may call over HTTP: the subject of a good token, whatever its address; otherwise the address. Each has a
/// bucket of tokens of its own.
/// </summary>
public static class RestLimiter
{
    /// <summary>A household or a virtual machine has as many IPv6 addresses as it likes, all in one network of this length.</summary>
    private const int NetworkBytesV6 = 8;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Sets <paramref name="limiter"/> up.</summary>
    public static void Configure(RateLimiterOptions limiter, LimitOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limiter);
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = static (context, _) => new ValueTask(RestAnswer.Refuse(ErrorCodes.RateLimited).ExecuteAsync(context.HttpContext));
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.Features.Get<RestCaller>() is { } caller
                ? RateLimitPartition.GetTokenBucketLimiter(KeyOf(caller, context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = limits.RestBurst,
                    TokensPerPeriod = limits.RestPerSecond,
                    ReplenishmentPeriod = Period,
                })
                : RateLimitPartition.GetNoLimiter(""));
    }

    /// <summary>Whose bucket a call takes from.</summary>
    public static string KeyOf(RestCaller caller, IPAddress? address)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller is { Verdict: TokenVerdict.Valid, Access: { } access })
        {
            return "user " + access.UserId;
        }

        if (address is null)
        {
            return "nowhere";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? string.Create(CultureInfo.InvariantCulture, $"net {Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytesV6))}")
            : $"address {address}";
    }
}

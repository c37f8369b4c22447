using System.Diagnostics.CodeAnalysis;
using Dais.Server.Hosting;

namespace Dais.Server.Whip;

/// <summary>
/// Limits how often one caller asks: as often as one WebSocket connection may (<see cref="LimitOptions.RequestsPerSecond"/>). Callers
/// are told apart by user once a token says who they are, by address before. Bounded: whoever has been quiet long enough is forgotten.
/// </summary>
public sealed class WhipPace(DaisOptions options, TimeProvider time)
{
    /// <summary>Most callers remembered at once; while all of them are busy, a further one has to wait.</summary>
    public const int CallersMax = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes note of a call; false when it is one too many, with the time to wait.</summary>
    public bool TryTake(string caller, [NotNullWhen(false)] out TimeSpan? retryAfter)
    {
        var limits = options.Limits;
        long now = time.GetTimestamp();
        retryAfter = null;
        lock (_lock)
        {
            if (!_buckets.TryGetValue(caller, out var bucket) && _buckets.Count >= CallersMax)
            {
                Forget(now, limits);
                if (_buckets.Count >= CallersMax)
                {
                    retryAfter = TimeSpan.FromSeconds(1);
                    return false;
                }
            }

            double calls = bucket.Calls == 0 ? 0 : Math.Max(0, bucket.Calls - Refilled(bucket, now, limits));
            if (calls + 1 > limits.RequestsBurst)
            {
                retryAfter = TimeSpan.FromSeconds((calls + 1 - limits.RequestsBurst) / limits.RequestsPerSecond);
                return false;
            }

            _buckets[caller] = new Bucket(calls + 1, now);
            return true;
        }
    }

    private double Refilled(Bucket bucket, long now, LimitOptions limits) =>
        time.GetElapsedTime(bucket.At, now).TotalSeconds * limits.RequestsPerSecond;

    private void Forget(long now, LimitOptions limits)
    {
        foreach (var (caller, bucket) in _buckets)
        {
            if (Refilled(bucket, now, limits) >= bucket.Calls)
            {
                _buckets.Remove(caller);
            }
        }
    }

    /// <summary>What a caller has asked and not waited for.</summary>
    private readonly record struct Bucket(double Calls, long At);
}

using System.Runtime.CompilerServices;

namespace Dais.Rtc.Congestion;

/// <summary>
/// The rate at which packets leave a queue, from those alone that waited in it: one whose delay over the least is longer than its distance to
/// the packet before was there already when that one left, so the distance is the time it took to pass. Unlike the rate of all that
/// arrives it tells what the path holds even when little is sent.
/// </summary>
public struct BusyRate
{
    private const int BucketCount = 20;
    private const long BucketMicroseconds = 25_000;

    /// <summary>A longer distance is no queue but an outage.</summary>
    private const long DistanceMax = 500_000;

    /// <summary>So much time must have been busy for the rate to mean anything.</summary>
    private const long BusyMin = 40_000;

    private Buckets _bytes;
    private Buckets _busy;
    private long _newest;
    private long _lastArrival;

    /// <summary>Counts a packet.</summary>
    /// <param name="arrivedAt">When it arrived, in microseconds.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="waited">How much longer it took than the fastest, in microseconds.</param>
    public void Add(long arrivedAt, int bytes, long waited)
    {
        long distance = arrivedAt - _lastArrival;
        _lastArrival = arrivedAt;
        long bucket = arrivedAt / BucketMicroseconds;
        if (Math.Abs(bucket - _newest) >= BucketCount)
        {
            _bytes = default;
            _busy = default;
            _newest = bucket;
        }

        while (_newest < bucket)
        {
            _newest++;
            _bytes[(int)(_newest % BucketCount)] = 0;
            _busy[(int)(_newest % BucketCount)] = 0;
        }

        if (distance is >= 0 and <= DistanceMax && waited > distance)
        {
            _bytes[(int)(bucket % BucketCount)] += bytes;
            _busy[(int)(bucket % BucketCount)] += distance;
        }
    }

    /// <summary>The rate over the last <paramref name="milliseconds"/> (at most 500), in bits per second; null when too little of them was busy.</summary>
    public readonly long? Read(int milliseconds)
    {
        long bytes = 0;
        long busy = 0;
        long count = Math.Min(milliseconds * 1000 / BucketMicroseconds, Math.Min(BucketCount, _newest + 1));
        for (long bucket = _newest - count + 1; bucket <= _newest; bucket++)
        {
            bytes += _bytes[(int)(bucket % BucketCount)];
            busy += _busy[(int)(bucket % BucketCount)];
        }

        return busy < BusyMin ? null : bytes * 8_000_000 / busy;
    }

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private long _element;
    }
}

using System.Runtime.CompilerServices;

namespace Dais.Rtc.Congestion;

/// <summary>
/// The rate of what passed in the last half second, by buckets of 25 ms of whichever clock the caller counts by. A value that is copied copies
/// the window.
/// </summary>
public struct BitrateWindow
{
    private const int BucketCount = 20;
    private const long BucketMicroseconds = 25_000;

    private Buckets _bytes;
    private long _first;
    private long _newest;
    private bool _started;

    /// <summary>Counts <paramref name="bytes"/> at <paramref name="microseconds"/>; what is older than the window is left out.</summary>
    public void Add(long microseconds, int bytes)
    {
        long bucket = microseconds / BucketMicroseconds;
        if (!_started || bucket < _newest - (BucketCount * 10))
        {
            _bytes = default;
            _first = bucket;
            _newest = bucket;
            _started = true;
        }

        Advance(bucket);
        if (bucket > _newest - BucketCount)
        {
            _bytes[(int)(bucket % BucketCount)] += bytes;
        }
    }

    /// <summary>Lets time pass without anything.</summary>
    public void AdvanceTo(long microseconds)
    {
        if (_started)
        {
            Advance(microseconds / BucketMicroseconds);
        }
    }

    /// <summary>
    /// The rate over the last <paramref name="milliseconds"/> (at most 475), in bits per second; null while less than 100 ms are known. The
    /// bucket that is still filling does not count.
    /// </summary>
    public readonly long? Read(int milliseconds = 475)
    {
        long count = Math.Min(milliseconds * 1000 / BucketMicroseconds, BucketCount - 1);
        // The first bucket of all began somewhere within itself.
        count = Math.Min(count, _newest - _first - 1);
        if (!_started || count * BucketMicroseconds < 100_000)
        {
            return null;
        }

        long sum = 0;
        for (long bucket = _newest - count; bucket < _newest; bucket++)
        {
            sum += _bytes[(int)(bucket % BucketCount)];
        }

        return sum * 8 * 1_000_000 / (count * BucketMicroseconds);
    }

    private void Advance(long bucket)
    {
        if (bucket - _newest >= BucketCount)
        {
            _bytes = default;
            _newest = bucket;
        }

        while (_newest < bucket)
        {
            _newest++;
            _bytes[(int)(_newest % BucketCount)] = 0;
        }
    }

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private long _element;
    }
}

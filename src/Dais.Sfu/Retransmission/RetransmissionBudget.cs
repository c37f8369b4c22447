using Dais.Rtc;

namespace Dais.Sfu.Retransmission;

/// <summary>
/// What one viewer may cost by asking for packets again: so many numbers looked up and so many bytes sent per second, both with some in store.
/// What is beyond is not answered, so that a flood of requests costs the worker no more than a very bad network would.
/// </summary>
internal sealed class RetransmissionBudget(int bytesPerSecond)
{
    /// <summary>Numbers looked up per second: more than four pictures of 2.5 Mbit/s that lose every packet.</summary>
    public const int LookupsPerSecond = 2000;

    /// <summary>How long a viewer may have been content to save up for a burst.</summary>
    private const double BurstSeconds = 0.5;

    private double _lookups = LookupsPerSecond * BurstSeconds;
    private double _bytes = bytesPerSecond * BurstSeconds;
    private Timestamp _refilledAt;

    /// <summary>Takes one look-up; false when there is none left.</summary>
    public bool TryTakeLookup(Timestamp now)
    {
        Refill(now);
        if (_lookups < 1)
        {
            return false;
        }

        _lookups--;
        return true;
    }

    /// <summary>Takes <paramref name="count"/> bytes; false, and none taken, when there are not as many left.</summary>
    public bool TryTakeBytes(int count)
    {
        if (_bytes < count)
        {
            return false;
        }

        _bytes -= count;
        return true;
    }

    private void Refill(Timestamp now)
    {
        if (now > _refilledAt)
        {
            double seconds = Math.Min((now - _refilledAt).TotalSeconds, BurstSeconds);
            _lookups = Math.Min(LookupsPerSecond * BurstSeconds, _lookups + (LookupsPerSecond * seconds));
            _bytes = Math.Min(bytesPerSecond * BurstSeconds, _bytes + (bytesPerSecond * seconds));
            _refilledAt = now;
        }
    }
}

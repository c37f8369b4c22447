namespace Dais.Rtc.Congestion;

/// <summary>
/// Moves a rate by what the delay says: up while it stays, gently near the rate at which the path was last found full; down to a part of
/// what arrives when it grows (draft-ietf-rmcat-gcc-02 §5.5), and further the longer the queue, so that it empties.
/// </summary>
public sealed class RateControl(CongestionOptions options)
{
    /// <summary>What is left of the arriving rate after a decrease (§5.5).</summary>
    private const double DecreaseFactor = 0.85;

    /// <summary>What passes being less than this share of what was last believed to is reason to go down again at once.</summary>
    private const double FarLess = 0.8;

    /// <summary>The share of the rate a queue takes, per second of its length: it is to be gone in about a second.</summary>
    private const double DrainPerSecond = 1;

    /// <summary>The most a queue takes from the rate.</summary>
    private const double DrainMax = 0.7;

    /// <summary>Growth per second while the path's capacity is not known (§5.5).</summary>
    private const double GrowthPerSecond = 0.08;

    /// <summary>Growth per second up to <see cref="DecreaseFactor"/> of a capacity that is known: what was given up to empty the queue.</summary>
    private const double ReturnPerSecond = 1.0;

    /// <summary>How far the rate grows beyond what arrives; 1.5 in §5.5, but here probes find what is not used.</summary>
    private const double UnprovenFactor = 1.12;

    /// <summary>Less than the rate divided by this being sent is no test of it.</summary>
    private const double LimitedFactor = 1.5;

    /// <summary>An average packet, in bits: what is added per round trip near the capacity.</summary>
    private const double PacketBits = 9_600;

    /// <summary>How much a new capacity moves the known one.</summary>
    private const double CapacityWeight = 0.05;

    /// <summary>A queue shorter than this is none.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    /// <summary>A queue longer than this is to empty first.</summary>
    private static readonly TimeSpan Tolerable = TimeSpan.FromMilliseconds(100);

    private double _rate = options.StartBitrate;
    private double _undrained;
    private double _capacity;
    private double _deviation = 0.4;
    private Timestamp _lastChange;
    private Timestamp _lastDecrease;
    private bool _isHolding;

    /// <summary>The rate, in bits per second.</summary>
    public long Bitrate => (long)_rate;

    /// <summary>The rate that could be kept up: <see cref="Bitrate"/> without what is left out only for a queue to empty.</summary>
    public long Sustainable => (long)Math.Max(_rate, _undrained);

    /// <summary>When the rate was last lowered; zero before the first time.</summary>
    public Timestamp LastDecrease => _lastDecrease;

    /// <summary>Adapts the rate.</summary>
    /// <param name="use">What the delay says.</param>
    /// <param name="arriving">The rate that arrives, in bits per second; null while it is not known.</param>
    /// <param name="sending">The rate that is sent, in bits per second; null while it is not known.</param>
    /// <param name="queue">How long packets wait.</param>
    /// <param name="roundTrip">The round trip.</param>
    /// <param name="now">The present.</param>
    /// <param name="isNarrowed">Whether the path has just become narrower, so that what arrives is all that passes.</param>
    public void Update(
        PathUse use, long? arriving, long? sending, TimeSpan queue, TimeSpan roundTrip, Timestamp now, bool isNarrowed = false)
    {
        double passed = _lastChange == default ? 0 : Math.Min((now - _lastChange).TotalSeconds, 1);
        _lastChange = now;
        switch (use)
        {
            case PathUse.Over:
                Decrease(arriving, isNarrowed ? null : sending, queue, roundTrip, now);
                _isHolding = true;
                break;
            case PathUse.Under when queue > Short:
                // The queue empties: let it.
                _isHolding = true;
                break;
            default:
                if (!_isHolding || queue < Tolerable || now - _lastDecrease > TimeSpan.FromSeconds(1))
                {
                    _isHolding = false;
                    Increase(arriving, queue, roundTrip, passed);
                }

                break;
        }
    }

    /// <summary>A probe has shown that <paramref name="bitrate"/> passes.</summary>
    public void HandleProbe(long bitrate)
    {
        if (bitrate > _rate)
        {
            _rate = Math.Min(bitrate, options.BitrateMax);
            if (_capacity > 0 && bitrate > _capacity)
            {
                _capacity = 0;
            }
        }
    }

    /// <summary>Sets the rate from outside.</summary>
    public void Set(long bitrate)
    {
        _rate = Math.Clamp(bitrate, options.BitrateMin, options.BitrateMax);
        _undrained = 0;
    }

    private void Decrease(long? arriving, long? sending, TimeSpan queue, TimeSpan roundTrip, Timestamp now)
    {
        bool isLimited = sending * LimitedFactor < _rate;
        double passes = arriving ?? (isLimited ? _rate : _rate / 2);
        // What was changed shows only after a round trip, and after what stood in the queue before it; unless it was far too little.
        var pause = TimeSpan.FromMilliseconds(Math.Clamp((roundTrip + queue).TotalMilliseconds + 50, 100, 1000));
        bool isFarLess = DecreaseFactor * passes < FarLess * Sustainable && queue > Tolerable;
        if (_lastDecrease != default && now - _lastDecrease < pause && !isFarLess)
        {
            return;
        }

        _lastDecrease = now;
        if (isLimited && (arriving is null || (queue < Tolerable && passes < _rate)))
        {
            // Little is sent, so that little arrives says little, and no queue to speak of says that it is enough: the path may have changed.
            // A queue of which nobody knows how fast it empties may as well be a receiver that had no time.
            _rate = Math.Max(options.BitrateMin, DecreaseFactor * _rate);
            _undrained = Math.Min(_undrained, _rate);
            return;
        }

        double drain = Math.Min(DrainMax, queue.TotalSeconds * DrainPerSecond);
        _undrained = Math.Max(options.BitrateMin, Math.Min(Sustainable, DecreaseFactor * passes));
        _rate = Math.Max(options.BitrateMin, Math.Min(_rate, _undrained * (1 - drain)));
        LearnCapacity(passes);
    }

    private void LearnCapacity(double passes)
    {
        if (_capacity == 0 || passes < Lowest || passes > Highest)
        {
            _capacity = passes;
            return;
        }

        double error = _capacity - passes;
        _capacity += CapacityWeight * -error;
        // The deviation is kept relative to the capacity, within the bounds libwebrtc has.
        _deviation = Math.Clamp(((1 - CapacityWeight) * _deviation) + (CapacityWeight * error * error / (_capacity * 1000)), 0.4, 2.5);
    }

    private double Spread => 3 * Math.Sqrt(_deviation * _capacity * 1000);

    private double Lowest => _capacity - Spread;

    private double Highest => _capacity + Spread;

    private void Increase(long? arriving, TimeSpan queue, TimeSpan roundTrip, double passed)
    {
        if (_capacity > 0 && arriving > Highest)
        {
            _capacity = 0;
        }

        double response = roundTrip.TotalSeconds + 0.1;
        double added = _capacity == 0 ? Math.Max(1000, _rate * GrowthPerSecond) * passed
            : _rate < DecreaseFactor * _capacity ? _rate * ReturnPerSecond * passed
            : Math.Max(4000, PacketBits / response) * passed;
        double raised = _rate + added;
        if (arriving is { } passes)
        {
            // What is not sent proves nothing: not far beyond what arrives, but never back because of it.
            raised = Math.Min(raised, Math.Max(_rate, (UnprovenFactor * passes) + 5_000));
            // And what arrives without a queue passes, whatever was believed; a little one means nothing before the path was ever full.
            raised = queue < (_capacity == 0 ? Tolerable : Short) ? Math.Max(raised, passes) : raised;
        }

        _rate = Math.Clamp(raised, options.BitrateMin, options.BitrateMax);
    }
}

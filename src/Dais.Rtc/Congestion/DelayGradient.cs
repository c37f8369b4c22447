namespace Dais.Rtc.Congestion;

/// <summary>What the change of delay says about the path's use.</summary>
public enum PathUse
{
    /// <summary>The delay stays.</summary>
    Normal,

    /// <summary>The delay falls: a queue empties.</summary>
    Under,

    /// <summary>The delay grows: more is sent than passes.</summary>
    Over,
}

/// <summary>
/// Tells from the change of delay between groups of packets whether a queue grows, by the slope of a line through the last groups against a
/// threshold that follows the path's own unrest (Google congestion control, draft-ietf-rmcat-gcc-02 §5, with the trendline of libwebrtc).
/// </summary>
public sealed class DelayGradient
{
    /// <summary>Packets sent within so many microseconds are one group: they left as one burst (§5.2).</summary>
    private const long GroupMicroseconds = 5_000;

    /// <summary>A change of delay beyond this is a clock that was set or a path that changed.</summary>
    private const long ChangeMax = 3_000_000;

    private const int WindowLength = 20;

    /// <summary>How much of the smoothed delay stays with each group.</summary>
    private const double Smoothing = 0.9;

    /// <summary>The slope is compared after multiplication by this and the number of groups, at most <see cref="DeltasMax"/>.</summary>
    private const double Gain = 4;

    private const int DeltasMax = 60;

    /// <summary>Bounds of the threshold and how fast it rises and falls, per millisecond (§5.4).</summary>
    private const double ThresholdStart = 12.5;
    private const double ThresholdMin = 6;
    private const double ThresholdMax = 600;
    private const double RiseFactor = 0.0087;
    private const double FallFactor = 0.039;

    /// <summary>How far beyond the threshold a slope is too far for it to follow.</summary>
    private const double OutlierDistance = 15;

    /// <summary>How long the delay must grow, in milliseconds.</summary>
    private const double OveruseMilliseconds = 10;

    private readonly double[] _times = new double[WindowLength];
    private readonly double[] _delays = new double[WindowLength];
    private Group _current;
    private Group _previous;
    private bool _hasCurrent;
    private bool _hasPrevious;
    private int _deltaCount;
    private double _accumulated;
    private double _smoothed;
    private double _threshold = ThresholdStart;
    private double _lastUpdate;
    private double _overuseTime;
    private int _overuseCount;
    private double _previousTrend;

    /// <summary>What the last groups say.</summary>
    public PathUse Use { get; private set; }

    /// <summary>Takes one packet that arrived, in the order of sending.</summary>
    /// <param name="sentAt">When it was sent, in microseconds.</param>
    /// <param name="arrivedAt">When it arrived, in microseconds of the receiver's clock.</param>
    public void HandlePacket(long sentAt, long arrivedAt)
    {
        if (!_hasCurrent)
        {
            _current = new Group(sentAt, sentAt, arrivedAt);
            _hasCurrent = true;
            return;
        }

        if (sentAt < _current.First)
        {
            return;
        }

        if (IsOfGroup(sentAt, arrivedAt))
        {
            _current = _current with { LastSent = Math.Max(_current.LastSent, sentAt), LastArrived = Math.Max(_current.LastArrived, arrivedAt) };
            return;
        }

        if (_hasPrevious)
        {
            long sentDelta = _current.LastSent - _previous.LastSent;
            long arrivedDelta = _current.LastArrived - _previous.LastArrived;
            if (Math.Abs(arrivedDelta - sentDelta) > ChangeMax || arrivedDelta < -GroupMicroseconds * 20)
            {
                Reset();
                _current = new Group(sentAt, sentAt, arrivedAt);
                _hasCurrent = true;
                return;
            }

            // Groups that overtook each other say nothing.
            if (arrivedDelta >= 0)
            {
                HandleDelta(arrivedDelta / 1000.0, sentDelta / 1000.0, _current.LastArrived / 1000.0);
            }
        }

        _previous = _current;
        _hasPrevious = true;
        _current = new Group(sentAt, sentAt, arrivedAt);
    }

    /// <summary>What comes next is not compared with what came before.</summary>
    public void Break()
    {
        _hasCurrent = false;
        _hasPrevious = false;
    }

    /// <summary>Forgets everything but the threshold.</summary>
    public void Reset()
    {
        _hasCurrent = false;
        _hasPrevious = false;
        _deltaCount = 0;
        _accumulated = 0;
        _smoothed = 0;
        _overuseTime = 0;
        _overuseCount = 0;
        _previousTrend = 0;
        Use = PathUse.Normal;
    }

    /// <summary>Whether a packet belongs to the group: sent with it, or so held up with it that both arrive as one burst.</summary>
    private bool IsOfGroup(long sentAt, long arrivedAt)
    {
        if (sentAt - _current.First <= GroupMicroseconds)
        {
            return true;
        }

        long arrivedDelta = arrivedAt - _current.LastArrived;
        return arrivedDelta - (sentAt - _current.LastSent) < 0
            && arrivedDelta <= GroupMicroseconds
            && sentAt - _current.First < GroupMicroseconds * 20;
    }

    private void HandleDelta(double arrived, double sent, double time)
    {
        _accumulated += arrived - sent;
        _smoothed = (Smoothing * _smoothed) + ((1 - Smoothing) * _accumulated);
        _times[_deltaCount % WindowLength] = time;
        _delays[_deltaCount % WindowLength] = _smoothed;
        _deltaCount++;
        if (_deltaCount >= WindowLength)
        {
            Judge(Slope(), sent, time);
        }
    }

    /// <summary>The slope of the line with the least squares through the window: milliseconds of delay per millisecond.</summary>
    private double Slope()
    {
        double meanTime = 0;
        double meanDelay = 0;
        for (int i = 0; i < WindowLength; i++)
        {
            meanTime += _times[i];
            meanDelay += _delays[i];
        }

        meanTime /= WindowLength;
        meanDelay /= WindowLength;
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < WindowLength; i++)
        {
            double distance = _times[i] - meanTime;
            numerator += distance * (_delays[i] - meanDelay);
            denominator += distance * distance;
        }

        return denominator == 0 ? _previousTrend : numerator / denominator;
    }

    private void Judge(double trend, double sent, double time)
    {
        double scaled = Math.Min(_deltaCount, DeltasMax) * trend * Gain;
        if (scaled > _threshold)
        {
            // The first delta may have been growing for half its time.
            _overuseTime += _overuseCount == 0 ? sent / 2 : sent;
            _overuseCount++;
            if (_overuseTime > OveruseMilliseconds && _overuseCount > 1 && trend >= _previousTrend)
            {
                _overuseTime = 0;
                _overuseCount = 0;
                Use = PathUse.Over;
            }
        }
        else
        {
            _overuseTime = 0;
            _overuseCount = 0;
            Use = scaled < -_threshold ? PathUse.Under : PathUse.Normal;
        }

        _previousTrend = trend;
        Follow(Math.Abs(scaled), time);
    }

    private void Follow(double scaled, double time)
    {
        double passed = Math.Min(time - _lastUpdate, 100);
        _lastUpdate = time;
        if (scaled > _threshold + OutlierDistance)
        {
            return;
        }

        double factor = scaled < _threshold ? FallFactor : RiseFactor;
        _threshold = Math.Clamp(_threshold + (factor * (scaled - _threshold) * passed), ThresholdMin, ThresholdMax);
    }

    private readonly record struct Group(long First, long LastSent, long LastArrived);
}

namespace Dais.Rtc.Congestion;

/// <summary>
/// How long packets wait on their way: their delay over the least of the last seconds. Both clocks' difference is part of either, so it does
/// not matter.
/// </summary>
public sealed class QueueDelay
{
    /// <summary>The least delay is of the last one to two of these: clocks drift and paths change.</summary>
    private const long WindowMicroseconds = 10_000_000;

    /// <summary>A delay so far from the last one is another clock.</summary>
    private const long JumpMicroseconds = 10_000_000;

    private long _least = long.MaxValue;
    private long _leastBefore = long.MaxValue;
    private long _windowEnd;
    private long _last;
    private bool _started;
    private Standstill _standstill;

    /// <summary>
    /// The delay of the last packets beyond the least, in microseconds, smoothed a little, without what something that stood still has added.
    /// </summary>
    public long Microseconds { get; private set; }

    /// <summary>Whether what stood still has not been made up for yet.</summary>
    public bool IsStandstill => _standstill.Excused > 0;

    /// <summary>When something stood still last, by the receiver's clock in microseconds; far in the past before it did.</summary>
    public long LastStandstill => _standstill.LastAt;

    /// <summary>Takes one packet that arrived, and returns how long it waited, in microseconds.</summary>
    public long HandlePacket(long sentAt, long arrivedAt)
    {
        long delay = arrivedAt - sentAt;
        if (!_started || Math.Abs(delay - _last) > JumpMicroseconds)
        {
            _least = delay;
            _leastBefore = delay;
            _windowEnd = sentAt + WindowMicroseconds;
            _started = true;
            _standstill = new Standstill();
            Microseconds = 0;
        }

        _last = delay;
        if (sentAt > _windowEnd)
        {
            _leastBefore = _least;
            _least = delay;
            _windowEnd = sentAt + WindowMicroseconds;
        }

        _least = Math.Min(_least, delay);
        long over = delay - Math.Min(_least, _leastBefore);
        Microseconds = ((3 * Microseconds) + over - _standstill.Update(over, arrivedAt)) / 4;
        return over;
    }
}

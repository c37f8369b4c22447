namespace Dais.Rtc.Congestion;

/// <summary>
/// Tells a machine or a way that stood still from a queue: behind a bottleneck the next packet is later than the one before by no more than it
/// takes to pass itself; what comes much later all at once, and those behind it ever less late, was held up. So much of the delay is excused
/// as has not been made up for since, for a while.
/// </summary>
internal struct Standstill
{
    /// <summary>
    /// A packet later than the one before by more than this was held up: a large one passes 80 kbit/s in this time, and so does a keyframe of
    /// somebody else a line for two.
    /// </summary>
    private const long JumpMicroseconds = 120_000;

    /// <summary>How long a delay is excused, and half of its length on top: what does not get less by then is a queue.</summary>
    private const long ExcuseMicroseconds = 1_000_000;

    private long _before;
    private long _base;
    private long _until;

    /// <summary>Nothing stood still yet.</summary>
    public Standstill()
    {
        LastAt = long.MinValue / 2;
    }

    /// <summary>How much of the delay is excused, in microseconds.</summary>
    public long Excused { get; private set; }

    /// <summary>When something stood still last, by the receiver's clock in microseconds.</summary>
    public long LastAt { get; private set; }

    /// <summary>Takes how late a packet is, in microseconds, and returns what of it is excused.</summary>
    public long Update(long late, long arrivedAt)
    {
        long jump = late - _before;
        if (jump > JumpMicroseconds)
        {
            _base = Excused == 0 ? _before : _base;
            _until = Excused == 0 ? arrivedAt + ExcuseMicroseconds + (jump / 2) : _until;
            Excused += jump;
            LastAt = arrivedAt;
        }

        _before = late;
        Excused = arrivedAt > _until ? 0 : Math.Min(Excused, Math.Max(0, late - _base));
        return Excused;
    }
}

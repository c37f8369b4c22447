namespace Dais.Rtc.Congestion;

/// <summary>How many packets a receiver may speak of in a second, with a burst of as many; further feedback is not looked at.</summary>
internal struct FeedbackBudget
{
    private const double StatusesPerSecond = 20_000;

    private double _left = StatusesPerSecond;
    private Timestamp _at;

    public FeedbackBudget()
    {
    }

    /// <summary>Takes what a feedback costs; false when it is too much.</summary>
    public bool TryTake(int statuses, Timestamp now)
    {
        _left = Math.Min(StatusesPerSecond, _left + (StatusesPerSecond * (now - _at).TotalSeconds));
        _at = now;
        if (statuses > _left)
        {
            return false;
        }

        _left -= statuses;
        return true;
    }
}

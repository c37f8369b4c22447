namespace Dais.Rtc.Congestion;

/// <summary>
/// Notices that a path has become much narrower all of a sudden, by a queue that is short yet but has grown more than this path's usually does,
/// while much less leaves it than is sent.
/// </summary>
internal sealed class NarrowedPath
{
    /// <summary>A queue that grew by so much since the last feedback may be a path that was narrowed.</summary>
    private static readonly TimeSpan Growth = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan QueueMin = TimeSpan.FromMilliseconds(40);

    /// <summary>What leaves a path that was narrowed is less than this share of what is sent; behind a large picture it is as much.</summary>
    private const double ShareOfSent = 0.75;

    /// <summary>And less than this share of what arrived in the last half second, most of it before.</summary>
    private const double ShareOfBefore = 0.85;

    /// <summary>
    /// How much more than usual the queue must have grown, on a path whose delay is never steady; less where far less leaves the queue than is
    /// sent.
    /// </summary>
    private const double UnrestFactor = 2.1;

    /// <summary>What is added to <see cref="UnrestFactor"/>, times the share of what leaves in what is sent.</summary>
    private const double UnrestFactorMore = 2.4;

    /// <summary>The factor where what leaves is within <see cref="SteadyWithin"/> of what left before.</summary>
    private const double UnrestFactorSteady = 1.5;

    private const double SteadyWithin = 0.1;
    private const double UnrestWeight = 0.1;

    /// <summary>What a path is believed to be like, in milliseconds, until <see cref="CalmAfter"/> feedbacks have shown it to be calmer.</summary>
    private const double UnrestAtFirst = 15;

    private const int CalmAfter = 30;

    private double _unrest;
    private double _growthBefore;
    private long? _passingBefore;
    private int _feedbacks;

    /// <summary>Judges one feedback.</summary>
    /// <param name="queue">How long packets wait.</param>
    /// <param name="growth">How much longer than at the last feedback.</param>
    /// <param name="passing">What leaves the queue, in bits per second; null without a queue.</param>
    /// <param name="sent">What is sent.</param>
    /// <param name="arrived">What arrived in the last half second.</param>
    public bool Update(TimeSpan queue, TimeSpan growth, long? passing, long? sent, long? arrived)
    {
        _feedbacks++;
        bool isNarrowed = queue > QueueMin && growth > Growth && IsUnusual(growth, passing, sent)
            && passing < ShareOfSent * sent && passing < ShareOfBefore * arrived;
        _passingBefore = passing;
        _unrest += UnrestWeight * (Math.Abs(growth.TotalMilliseconds - _growthBefore) - _unrest);
        _growthBefore = growth.TotalMilliseconds;
        return isNarrowed;
    }

    /// <summary>Whether what leaves a path is by far less than what is sent.</summary>
    public static bool IsFarLess(long? passing, long? sent) => passing < ShareOfSent * sent;

    private bool IsUnusual(TimeSpan growth, long? passing, long? sent)
    {
        double share = (double?)passing / sent ?? 1;
        double unrest = _feedbacks <= CalmAfter ? Math.Max(_unrest, UnrestAtFirst) : _unrest;
        // Jitter leaves a queue at another rate each time, a narrow path at its own.
        bool isSteady = passing is { } now && _passingBefore is { } before && Math.Abs(now - before) < SteadyWithin * before;
        return growth.TotalMilliseconds > (isSteady ? UnrestFactorSteady : UnrestFactor + (UnrestFactorMore * share)) * unrest;
    }
}

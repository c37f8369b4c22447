using Dais.Rtc;
using Dais.Rtc.Congestion;

namespace Dais.Sfu.Allocation;

/// <summary>What a source sends, in bits per second, so smoothed that one keyframe is no other rate.</summary>
internal struct SourceBitrate
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(2);

    private BitrateWindow _window;
    private long _smoothed;
    private Timestamp _last;
    private Timestamp _nextReading;

    /// <summary>Counts a packet.</summary>
    public void Add(int bytes, Timestamp now)
    {
        if (now - _last > Gone)
        {
            this = default;
            _nextReading = now + Interval;
        }

        _last = now;
        _window.Add(now.Microseconds, bytes);
        if (now >= _nextReading && _window.Read() is { } rate)
        {
            _smoothed = _smoothed == 0 ? rate : ((3 * _smoothed) + rate) / 4;
            _nextReading = now + Interval;
        }
    }

    /// <summary>The rate; 0 while it is not known yet, or nothing comes any more.</summary>
    public readonly int Read(Timestamp now) => now - _last > Gone ? 0 : (int)Math.Min(_smoothed, int.MaxValue);
}

namespace Dais.Rtc.Congestion;

/// <summary>Extends the 24 bits of a feedback's reference time (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1) beyond their wrap.</summary>
internal struct ReferenceClock
{
    private int _last;
    private long _extended;
    private bool _started;

    /// <summary>The whole of a reference time.</summary>
    public long Unwrap(int reference)
    {
        if (!_started)
        {
            _started = true;
            // Room for times before the first.
            _extended = (1L << 24) + reference;
        }
        else
        {
            _extended += (reference - _last) << 8 >> 8;
        }

        _last = reference;
        return _extended;
    }
}

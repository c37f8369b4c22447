using Dais.Rtc;

namespace Dais.Sfu.Keyframes;

/// <summary>
/// Decides when a publisher is asked for a keyframe: however many receivers want one, and however often, at most one request per
/// spacing leaves.
/// </summary>
/// <remarks>
/// A wish within the spacing is remembered and served at its end, unless a keyframe came meanwhile. While receivers wait for their first
/// picture the request is repeated until the keyframe is there, for the request or the keyframe may be lost.
/// </remarks>
internal sealed class KeyframeRequester(TimeSpan spacing, TimeSpan retry)
{
    private Timestamp _notBefore;

    /// <summary>When the next request is due; <see cref="Timestamp.Never"/> while nobody wants a keyframe.</summary>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>A receiver wants a keyframe.</summary>
    public void Request(Timestamp now)
    {
        var due = now < _notBefore ? _notBefore : now;
        NextTimeout = due < NextTimeout ? due : NextTimeout;
    }

    /// <summary>A keyframe began: every wish so far is served.</summary>
    public void HandleKeyframe() => NextTimeout = Timestamp.Never;

    /// <summary>Nobody receives the publication any more.</summary>
    public void Cancel() => NextTimeout = Timestamp.Never;

    /// <summary>Whether a request is to be sent now; remembers that it was.</summary>
    /// <param name="receiversWait">Whether receivers wait for a picture, so that the request must be repeated.</param>
    /// <param name="now">The present.</param>
    public bool TryTake(bool receiversWait, Timestamp now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        _notBefore = now + spacing;
        NextTimeout = receiversWait ? now + retry : Timestamp.Never;
        return true;
    }
}

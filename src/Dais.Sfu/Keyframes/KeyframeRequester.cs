using Dais.Rtc;

namespace Dais.Sfu.Keyframes;

/// <summary>
/// Decides when a publisher is asked for a keyframe: however many receivers want one, and however often, at most one request per
/// spacing leaves, unless it may have been lost.
/// </summary>
/// <remarks>
/// A wish within the spacing is remembered and served at its end, unless a keyframe came meanwhile. While receivers wait for their first
/// picture the request is repeated by itself until the keyframe is there. On a way that loses packets each request goes out twice,
/// <see cref="EchoTime"/> apart, which browsers take for one; and when no keyframe follows the first, the next may leave after the shorter
/// <paramref name="retry"/>; further ones keep the spacing.
/// </remarks>
/// <param name="spacing">The least time between two requests.</param>
/// <param name="retry">How long the keyframe may take on a way that loses packets before the request counts as lost.</param>
internal sealed class KeyframeRequester(TimeSpan spacing, TimeSpan retry)
{
    /// <summary>How much later a request goes out for the second time.</summary>
    public static readonly TimeSpan EchoTime = TimeSpan.FromMilliseconds(30);

    private Timestamp _askedAt;
    private Timestamp _next = Timestamp.Never;
    private Timestamp _echo = Timestamp.Never;
    private Timestamp _notBefore;
    private bool _isUnanswered;
    private bool _isWished;

    /// <summary>When the next request is due; <see cref="Timestamp.Never"/> while nobody wants a keyframe.</summary>
    public Timestamp NextTimeout => _next < _echo ? _next : _echo;

    /// <summary>A receiver wants a keyframe.</summary>
    public void Request(Timestamp now)
    {
        _isWished = true;
        var due = now < _notBefore ? _notBefore : now;
        _next = due < _next ? due : _next;
    }

    /// <summary>A keyframe began: every wish so far is served.</summary>
    public void HandleKeyframe()
    {
        Cancel();
        _notBefore = _isUnanswered ? _askedAt + spacing : _notBefore;
        _isUnanswered = false;
    }

    /// <summary>Nobody receives the publication any more.</summary>
    public void Cancel()
    {
        _next = Timestamp.Never;
        _echo = Timestamp.Never;
        _isWished = false;
    }

    /// <summary>Whether a request is to be sent now; remembers that it was.</summary>
    /// <param name="receiversWait">Whether receivers wait for a picture, so that the request must be repeated.</param>
    /// <param name="isLossy">Whether the way to the publisher loses packets.</param>
    /// <param name="now">The present.</param>
    public bool TryTake(bool receiversWait, bool isLossy, Timestamp now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        if (now < _next)
        {
            _echo = Timestamp.Never;
            return true;
        }

        if (!_isWished && !receiversWait)
        {
            // Those it was to be repeated for have begun without it.
            _next = Timestamp.Never;
            return false;
        }

        _isWished = false;
        _notBefore = now + (isLossy && !_isUnanswered ? retry : spacing);
        _askedAt = now;
        _isUnanswered = true;
        _next = receiversWait ? _notBefore : Timestamp.Never;
        _echo = isLossy ? now + EchoTime : Timestamp.Never;
        return true;
    }
}

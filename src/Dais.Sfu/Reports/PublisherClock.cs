using Dais.Rtc.Rtcp;

namespace Dais.Sfu.Reports;

/// <summary>
/// Tells a publisher's wall clock by ours: all tracks of one publisher share one offset, so that sound and picture stay as far apart as the
/// publisher's reports say, while receivers hear one wall clock, ours, whoever is shown.
/// </summary>
internal sealed class PublisherClock
{
    /// <summary>A clock that is further off than its first report said, beyond any jitter, was set anew.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    private TimeSpan? _offset;

    /// <summary>Learns from a sender report's instant, which arrived at <paramref name="now"/> of our wall clock.</summary>
    public void HandleSenderReport(NtpTimestamp ntp, NtpTimestamp now)
    {
        var offset = now - ntp;
        if (_offset is not { } known || (offset - known).Duration() > Tolerance)
        {
            _offset = offset;
        }
    }

    /// <summary>The publisher's instant that is our <paramref name="now"/>.</summary>
    public NtpTimestamp ToPublisher(NtpTimestamp now) => now + -_offset.GetValueOrDefault();

    /// <summary>Our instant that is the publisher's <paramref name="ntp"/>.</summary>
    public NtpTimestamp ToServer(NtpTimestamp ntp) => ntp + _offset.GetValueOrDefault();
}

using Dais.Rtc.Rtcp;

namespace Dais.Sfu.Reports;

/// <summary>
/// The line a sender report draws through a track's RTP timestamps: at this wall clock instant, this timestamp (RFC 3550 §6.4.1).
/// </summary>
/// <param name="Ntp">The instant, by the publisher's clock.</param>
/// <param name="RtpTimestamp">The timestamp of that instant.</param>
internal readonly record struct SenderReportLine(NtpTimestamp Ntp, uint RtpTimestamp)
{
    /// <summary>The instant of another timestamp, from the half of all that is nearest.</summary>
    public NtpTimestamp InstantOf(uint timestamp, int clockRate) =>
        Ntp + new TimeSpan((int)(timestamp - RtpTimestamp) * TimeSpan.TicksPerSecond / clockRate);

    /// <summary>The RTP timestamp of another instant of the same clock.</summary>
    public uint At(NtpTimestamp ntp, int clockRate) =>
        unchecked(RtpTimestamp + (uint)((ntp - Ntp).Ticks * clockRate / TimeSpan.TicksPerSecond));
}

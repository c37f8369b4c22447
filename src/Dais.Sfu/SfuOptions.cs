using Dais.Rtc;
using Dais.Rtc.Rtcp;

namespace Dais.Sfu;

/// <summary>Settings of a worker. The defaults serve a single node.</summary>
public sealed record SfuOptions
{
    /// <summary>
    /// The wall clock at timestamp zero (RFC 3550 §4): pure code knows none, and sender reports need one.
    /// </summary>
    public NtpTimestamp NtpAtZero { get; init; }

    /// <summary>What a publisher is told it may send at most, in bits per second.</summary>
    public int PublisherBitrateMax { get; init; } = 2_500_000;

    /// <summary>What is believed to pass to a viewer before anything is known, in bits per second.</summary>
    public int ViewerBitrateStart { get; init; } = 1_000_000;

    /// <summary>What is believed to pass to a viewer at most, in bits per second; not less than <see cref="ViewerBitrateStart"/>.</summary>
    public int ViewerBitrateMax { get; init; } = 20_000_000;

    /// <summary>What one viewer gets at most by asking for packets again, in bits per second.</summary>
    public int RetransmissionBitrateMax { get; init; } = 2_500_000;

    /// <summary>How long a transport may take from its command to ICE and DTLS being done.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval between a transport's RTCP reports.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two keyframe requests to one publication.</summary>
    public TimeSpan KeyframeSpacing { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a keyframe may take before the request counts as lost, and may be said once more.</summary>
    public TimeSpan KeyframeRetry { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How old a keyframe may be for a new receiver to get everything since.</summary>
    public TimeSpan ReplayAgeMax { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How old a keyframe may be for a new receiver to get it alone, while it waits for the next.</summary>
    public TimeSpan KeyframeAgeMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much a new receiver gets at once of what came before, in bytes.</summary>
    public int ReplayBytesMax { get; init; } = 192 * 1024;

    /// <summary>The canonical name under which the worker's RTP streams report (RFC 3550 §6.5.1).</summary>
    public string CanonicalName { get; init; } = "dais";

    /// <summary>How many transports a worker holds.</summary>
    public int TransportsMax { get; init; } = 16_384;

    /// <summary>The wall clock at <paramref name="now"/>.</summary>
    public NtpTimestamp NtpAt(Timestamp now) => NtpAtZero + TimeSpan.FromMicroseconds(now.Microseconds);
}

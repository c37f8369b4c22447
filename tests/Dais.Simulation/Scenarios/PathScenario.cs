using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>What guards a viewer's sound against loss.</summary>
public enum SoundGuard
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each packet carries a coarser copy of the one before (in-band FEC of Opus, RFC 6716 §2.1.7); nothing is negotiated with us.</summary>
    InBand,

    /// <summary>Each packet carries the one before as well (RFC 2198).</summary>
    Redundancy,

    /// <summary>What is lost is asked for again.</summary>
    Repeats,
}

/// <summary>A viewer of one host, and what happens on the way to it.</summary>
/// <param name="Name">What it is called.</param>
public sealed record PathScenario(string Name)
{
    /// <summary>About 850 kbit/s with sound; keyframes are four times as large as other pictures.</summary>
    public static ScriptedTrackOptions DefaultPicture { get; } =
        new() { PayloadBytes = 1000, FramePackets = 3, KeyframePackets = 12, Repeats = RepeatMode.OwnStream };

    /// <summary>The way to the viewer at first.</summary>
    public LinkProfile ToViewer { get; init; } = LinkProfile.Perfect;

    /// <summary>The way from the viewer.</summary>
    public LinkProfile FromViewer { get; init; } = LinkProfile.Perfect;

    /// <summary>The way between the host and the worker, both directions.</summary>
    public LinkProfile HostPath { get; init; } = LinkProfile.Perfect with { Latency = TimeSpan.FromMilliseconds(10) };

    /// <summary>What passes to the viewer from some time on, in bits per second.</summary>
    public IReadOnlyList<(TimeSpan At, long Rate)> Rates { get; init; } = [];

    /// <summary>How long the viewer watches.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the host's camera sends.</summary>
    public ScriptedTrackOptions Picture { get; init; } = DefaultPicture;

    /// <summary>What guards sound.</summary>
    public SoundGuard Guard { get; init; }

    /// <summary>How long after the host's last keyframe the viewer joins.</summary>
    public TimeSpan JoinAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the viewer keeps pictures and sound for those that take longer.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(40);
}

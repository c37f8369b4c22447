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

    /// <summary>About 150 and 500 kbit/s and 1.7 Mbit/s in three temporal layers each; keyframes come when they are asked for.</summary>
    public static IReadOnlyList<ScriptedTrackOptions> ThreeLayers { get; } =
    [
        Layer(100) with { PayloadBytes = 550, FramePackets = 1, KeyframePackets = 4 },
        Layer(2000) with { PayloadBytes = 1000, TemporalPackets = [4, 2, 1], KeyframePackets = 10 },
        Layer(5000) with { PayloadBytes = 1100, TemporalPackets = [11, 5, 4], KeyframePackets = 24 },
    ];

    /// <summary>The same with keyframes of 5, 30 and 88 kB, as browsers make them of pictures that are full of detail.</summary>
    public static IReadOnlyList<ScriptedTrackOptions> LargeKeyframes { get; } =
    [
        ThreeLayers[0] with { KeyframePackets = 10 },
        ThreeLayers[1] with { KeyframePackets = 30 },
        ThreeLayers[2] with { KeyframePackets = 80 },
    ];

    /// <summary>The way to the viewer at first.</summary>
    public LinkProfile ToViewer { get; init; } = LinkProfile.Perfect;

    /// <summary>The way from the viewer.</summary>
    public LinkProfile FromViewer { get; init; } = LinkProfile.Perfect;

    /// <summary>The way between the host and the worker, both directions.</summary>
    public LinkProfile HostPath { get; init; } = LinkProfile.Perfect with { Latency = TimeSpan.FromMilliseconds(10) };

    /// <summary>The way from the host to the worker, where it is another than the way back; null for <see cref="HostPath"/>.</summary>
    public LinkProfile? FromHost { get; init; }

    /// <summary>What passes from the host from some time on, in bits per second; the host's picture takes no more than it believes to pass.</summary>
    public IReadOnlyList<(TimeSpan At, long Rate)> HostRates { get; init; } = [];

    /// <summary>What passes to the viewer from some time on, in bits per second.</summary>
    public IReadOnlyList<(TimeSpan At, long Rate)> Rates { get; init; } = [];

    /// <summary>What stands still now and then; none for nothing.</summary>
    public StallPlan? Stalls { get; init; }

    /// <summary>How long the viewer watches.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the host's camera sends.</summary>
    public ScriptedTrackOptions Picture { get; init; } = DefaultPicture;

    /// <summary>In which encodings the picture comes instead, lowest first; none for one.</summary>
    public IReadOnlyList<ScriptedTrackOptions> Layers { get; init; } = [];

    /// <summary>The height of the place of each of the people who are shown, in pixels; 0 for any.</summary>
    public IReadOnlyList<int> Places { get; init; } = [0];

    /// <summary>What guards sound.</summary>
    public SoundGuard Guard { get; init; }

    /// <summary>How long after the host's last keyframe the viewer joins.</summary>
    public TimeSpan JoinAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the viewer keeps pictures and sound for those that take longer.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(40);

    private static ScriptedTrackOptions Layer(ushort firstPictureId) =>
        new() { TemporalLayers = 3, FirstPictureId = firstPictureId, Repeats = RepeatMode.OwnStream };
}

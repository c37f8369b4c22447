using Dais.Simulation.Network;

namespace Dais.Simulation.Scenarios;

/// <summary>The ways worth looking at.</summary>
public static class PathScenarios
{
    /// <summary>60 ms there and back, 5 Mbit/s.</summary>
    public static LinkProfile Good { get; } =
        new() { Latency = TimeSpan.FromMilliseconds(30), RateBitsPerSecond = 5_000_000, QueueBytesMax = 400_000 };

    /// <summary>3 Mbit/s and a little jitter, so that seeds differ.</summary>
    private static LinkProfile Uneven { get; } = Good with { RateBitsPerSecond = 3_000_000, Jitter = TimeSpan.FromMilliseconds(5) };

    /// <summary>All of one viewer.</summary>
    public static IReadOnlyList<PathScenario> All { get; } =
    [
        On("perfect", Good),
        On("1 % loss", Good with { Loss = 0.01 }),
        On("5 % loss", Good with { Loss = 0.05 }),
        On("10 % loss", Good with { Loss = 0.10 }),
        On("20 % loss", Good with { Loss = 0.20 }),
        On("bursts of 5 packets, 4 % lost", Good with { BurstLoss = 0.0085, BurstLength = 5 }),
        On("bursts of 20 packets, 4 % lost", Good with { BurstLoss = 0.0021, BurstLength = 20 }),
        On("jitter up to 30 ms", Good with { Jitter = TimeSpan.FromMilliseconds(30) }),
        On("jitter up to 100 ms", Good with { Jitter = TimeSpan.FromMilliseconds(100) }) with { Delay = TimeSpan.FromMilliseconds(100) },
        On("5 % turned around", Good with { Reordering = 0.05, ReorderingDelay = TimeSpan.FromMilliseconds(15) }),
        On("5 % doubled", Good with { Duplication = 0.05 }),
        On("all of it: 3 % loss, bursts, jitter, turned around, doubled", Good with
        {
            Loss = 0.02, BurstLoss = 0.002, Jitter = TimeSpan.FromMilliseconds(20), Reordering = 0.02, Duplication = 0.02,
        }),
        On("round trip 300 ms", Good with { Latency = TimeSpan.FromMilliseconds(150) }),
        On("round trip 300 ms, 5 % loss", Good with { Latency = TimeSpan.FromMilliseconds(150), Loss = 0.05 }),
        On("5 % loss before the worker", Good) with { HostPath = Good with { Loss = 0.05 } },
        On("5 % loss, sound with red", Good with { Loss = 0.05 }) with { Guard = SoundGuard.Redundancy },
        On("10 % loss, sound with red", Good with { Loss = 0.10 }) with { Guard = SoundGuard.Redundancy },
        On("5 % loss, sound with in-band FEC", Good with { Loss = 0.05 }) with { Guard = SoundGuard.InBand },
        On("5 % loss, sound asked for again", Good with { Loss = 0.05 }) with { Guard = SoundGuard.Repeats, Delay = TimeSpan.FromMilliseconds(100) },
        On("10 % loss, sound asked for again", Good with { Loss = 0.10 }) with { Guard = SoundGuard.Repeats, Delay = TimeSpan.FromMilliseconds(100) },
        On("1.2 Mbit/s for 0.85", Good with { RateBitsPerSecond = 1_200_000 }),
        On("3 to 1 Mbit/s, picture of 0.85", Uneven) with { Rates = [(Seconds(20), 1_000_000)] },
        On("3 to 1 Mbit/s, picture of 2.2", Uneven) with
        {
            Rates = [(Seconds(20), 1_000_000)],
            Picture = PathScenario.DefaultPicture with { FramePackets = 8, KeyframePackets = 32 },
        },
        On("3 Mbit/s, 300 kbit/s after 15 s, 3 Mbit/s after 35 s", Uneven) with
        {
            Rates = [(Seconds(15), 300_000), (Seconds(35), 3_000_000)],
        },
        On("join 1 s after a keyframe on 1.2 Mbit/s", Good with { RateBitsPerSecond = 1_200_000 }) with { JoinAfter = Seconds(1) },
        On("join on 500 kbit/s for 0.85", Good with { RateBitsPerSecond = 500_000 }),
        On("join 4 s after a keyframe", Good) with { JoinAfter = Seconds(4) },
    ];

    /// <summary>One viewer or place each of a host who sends three encodings, or of several such.</summary>
    public static IReadOnlyList<PathScenario> Layered { get; } =
    [
        Three("three encodings", Good),
        Three("three encodings, 5 % loss", Good with { Loss = 0.05 }),
        Three("three encodings, 3 to 1 Mbit/s", Uneven) with { Rates = [(Seconds(20), 1_000_000)] },
        Three("three encodings, 3 Mbit/s, 300 kbit/s after 15 s, 3 Mbit/s after 35 s", Uneven) with
        {
            Rates = [(Seconds(15), 300_000), (Seconds(35), 3_000_000)],
        },
        Three("three encodings with keyframes of 88 kB, 3 to 1 Mbit/s after 20 s, 3 Mbit/s after 35 s", Uneven) with
        {
            Layers = PathScenario.LargeKeyframes,
            Rates = [(Seconds(20), 1_000_000), (Seconds(35), 3_000_000)],
        },
        Three("three encodings, join on 300 kbit/s", Uneven with { RateBitsPerSecond = 300_000 }),
        Three("four people in three encodings, one large, 1.5 Mbit/s", Uneven with { RateBitsPerSecond = 1_500_000 }) with
        {
            Places = [720, 180, 180, 180],
        },
    ];

    /// <summary>One viewer on a good way, of a host whose own way is narrow and whose picture takes no more than it believes to pass.</summary>
    public static IReadOnlyList<PathScenario> Uplinks { get; } =
    [
        From("1 Mbit/s before the worker", Uneven with { RateBitsPerSecond = 1_000_000 }),
        From("3, 1 and 3 Mbit/s before the worker", Uneven) with { HostRates = [(Seconds(12), 1_000_000), (Seconds(24), 3_000_000)] },
        From("3 Mbit/s before the worker, 5 % lost both ways", Uneven with { Loss = 0.05 }),
        From("1 Mbit/s before the worker, 5 % lost both ways", Uneven with { Loss = 0.05, RateBitsPerSecond = 1_000_000 }),
    ];

    private static PathScenario From(string name, LinkProfile path) => On(name, Good) with
    {
        Duration = Seconds(32),
        FromHost = path,
        HostPath = path with { RateBitsPerSecond = 0 },
    };

    private static PathScenario Three(string name, LinkProfile path) => On(name, path) with { Layers = PathScenario.ThreeLayers };

    private static PathScenario On(string name, LinkProfile path) => new(name)
    {
        ToViewer = path,
        // What is lost or late is so both ways; only the way down is narrow.
        FromViewer = path with { RateBitsPerSecond = 0 },
    };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}

using Dais.Simulation.Network;

namespace Dais.Simulation.Scenarios;

/// <summary>Wide ways on which something stands still now and then, though nothing is lost and everything would pass.</summary>
public static class StallScenarios
{
    private static readonly int[] Lengths = [300, 1000, 2000];

    /// <summary>20 Mbit/s, 60 ms there and back, and a little jitter.</summary>
    public static LinkProfile Wide { get; } = new()
    {
        Latency = TimeSpan.FromMilliseconds(30),
        RateBitsPerSecond = 20_000_000,
        QueueBytesMax = 1_000_000,
        Jitter = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>Each kind of stall and length, with one encoding and with three.</summary>
    public static IReadOnlyList<PathScenario> All { get; } =
    [
        .. from kind in Enum.GetValues<StallKind>()
           from length in Lengths
           from layers in new[] { false, true }
           where kind != StallKind.Any
           select Stalling(kind, length, layers),
        .. from kind in Enum.GetValues<StallKind>()
           from layers in new[] { false, true }
           select Busy(kind, layers),
        .. from length in Lengths
           from layers in new[] { false, true }
           select Slow(length, layers),
    ];

    /// <summary>As on a machine that does other work: again and again, for 50 ms to 1.2 s.</summary>
    private static PathScenario Busy(StallKind kind, bool isLayered)
    {
        var often = Stalling(kind, 1200, isLayered);
        return often with
        {
            Name = $"{Name(kind)} stands still again and again, {Encodings(isLayered)}",
            Stalls = often.Stalls! with { LengthMin = Milliseconds(50), Interval = Milliseconds(300), Spread = Milliseconds(4000) },
        };
    }

    /// <summary>What was held comes at no more than 4 Mbit/s.</summary>
    private static PathScenario Slow(int milliseconds, bool isLayered)
    {
        var held = Stalling(StallKind.Way, milliseconds, isLayered);
        return held with { Name = $"{held.Name}, let go at 4 Mbit/s", Stalls = held.Stalls! with { ReleaseBitsPerSecond = 4_000_000 } };
    }

    private static PathScenario Stalling(StallKind kind, int milliseconds, bool isLayered) =>
        new($"{Name(kind)} stands still for {milliseconds} ms, {Encodings(isLayered)}")
        {
            ToViewer = Wide,
            FromViewer = Wide,
            Layers = isLayered ? PathScenario.ThreeLayers : [],
            Stalls = new StallPlan(kind, Milliseconds(milliseconds)),
        };

    private static string Name(StallKind kind) => kind switch
    {
        StallKind.Viewer => "viewer",
        StallKind.Way => "way",
        StallKind.WayBack => "way back",
        StallKind.Worker => "worker",
        _ => "this or that",
    };

    private static string Encodings(bool isLayered) => isLayered ? "three encodings" : "one encoding";

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}

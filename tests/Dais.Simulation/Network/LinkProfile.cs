namespace Dais.Simulation.Network;

/// <summary>How one direction of a network path behaves. The default is a perfect one: nothing is late, lost or turned around.</summary>
public sealed record LinkProfile
{
    /// <summary>A path that delivers everything at once and in order.</summary>
    public static LinkProfile Perfect { get; } = new();

    /// <summary>The time every datagram takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The most that is added to the latency, evenly spread; datagrams keep their order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The share of datagrams lost one by one, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The chance of each datagram to begin a burst in which everything is lost, 0 to 1.</summary>
    public double BurstLoss { get; init; }

    /// <summary>How many datagrams a burst swallows on average.</summary>
    public double BurstLength { get; init; } = 5;

    /// <summary>The share of datagrams that are overtaken by those behind them, 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>How much later an overtaken datagram arrives.</summary>
    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The share of datagrams that arrive twice, 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>What passes, in bits per second; 0 = without limit.</summary>
    public long RateBitsPerSecond { get; init; }

    /// <summary>How much may wait where the rate is limited, in bytes; what comes on top is lost.</summary>
    public int QueueBytesMax { get; init; } = 64 * 1024;
}

namespace Dais.Server.Media.Tcp;

/// <summary>Bounds of a worker's <see cref="TcpConnections"/>.</summary>
public sealed record TcpOptions
{
    /// <summary>Most connections at once; one more is closed as soon as it is accepted.</summary>
    public int ConnectionsMax { get; init; } = 4_096;

    /// <summary>Most connections of one address (of IPv6: of one /64).</summary>
    public int PerAddressMax { get; init; } = 512;

    /// <summary>Most connections that have not shown yet whose they are.</summary>
    public int StrangersMax { get; init; } = 512;

    /// <summary>Most connections of one address that have not shown yet whose they are.</summary>
    public int StrangersPerAddressMax { get; init; } = 64;

    /// <summary>How long a connection may take to show whose it is.</summary>
    public TimeSpan StrangerTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a connection may be of no use: nothing is sent along it, not even an answer to a check. Less than the 25
    /// seconds after which a browser checks a way it keeps in reserve, so that those do not pile up.
    /// </summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a peer may take nothing of what waits for it.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes waiting for one peer; what does not fit is dropped, as it would be in any queue on the way.</summary>
    public int QueueBytesMax { get; init; } = 128 * 1024;

    /// <summary>How often it is looked which connections have to go.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromSeconds(1);
}

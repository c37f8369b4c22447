using Dais.Server.Media.Tcp;
using Dais.Server.Media.Udp;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>What can be read of a media worker, from any thread.</summary>
/// <param name="Core">What its core counts.</param>
public sealed record MediaFigures(SfuStatistics Core)
{
    /// <summary>What its sockets count; null when it has none.</summary>
    public DatagramStatistics? Datagrams { get; init; }

    /// <summary>What its TCP connections count; null when it takes none.</summary>
    public TcpStatistics? Tcp { get; init; }

    /// <summary>How many transports it has.</summary>
    public int Transports { get; init; }

    /// <summary>How its receivers fared at most a second before its last datagram.</summary>
    public ReceptionSummary Quality { get; init; }

    /// <summary>How long its thread has been at work.</summary>
    public double BusySeconds { get; init; }

    /// <summary>How many commands it refused because it did not keep up.</summary>
    public long InboxRefused { get; init; }

    /// <summary>How often its core threw.</summary>
    public long Failures { get; init; }
}

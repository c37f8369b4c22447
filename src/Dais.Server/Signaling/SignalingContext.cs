using Dais.Server.Access;
using Dais.Server.Hosting;
using Dais.Server.Messages;
using Dais.Server.Observability;
using Dais.Server.Rooms;

namespace Dais.Server.Signaling;

/// <summary>What every session of this node shares.</summary>
public sealed record SignalingContext(
    DaisOptions Options,
    TimeProvider Time,
    RoomDirectory Rooms,
    SessionRegistry Sessions,
    AccessTokenVerifier Tokens,
    MessageHook Hook,
    ServerMetrics Metrics,
    ServerLog Log)
{
    /// <summary>How often clients are asked to send something.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent: two pings may be lost, and half an interval late.</summary>
    public static readonly TimeSpan SilenceMax = 2.5 * PingInterval;

    /// <summary>The methods clients can call.</summary>
    public MethodTable Methods { get; init; } = MethodTable.Default;
}

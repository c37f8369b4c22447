using System.Collections.Immutable;
using Dais.Protocol;

namespace Dais.Client.Connecting;

/// <summary>What happens to a connection.</summary>
internal enum ConnectionEvent
{
    /// <summary>The application wants a connection.</summary>
    Connect,

    /// <summary>The WebSocket is open.</summary>
    SocketOpened,

    /// <summary>The server accepted `session.open`.</summary>
    SessionOpened,

    /// <summary>The socket closed, or went silent, in a way that calls for another try.</summary>
    Lost,

    /// <summary>The server does not accept the token.</summary>
    Unauthorized,

    /// <summary>The server does not want this client back.</summary>
    Dismissed,

    /// <summary>A step took too long.</summary>
    DeadlinePassed,

    /// <summary>The delay before the next try is over.</summary>
    RetryDue,

    /// <summary>The application gave a new token.</summary>
    TokenReady,

    /// <summary>The application has no other token.</summary>
    TokenUnavailable,

    /// <summary>The application wants no connection any more.</summary>
    Close,
}

/// <summary>What is to be done on entering or leaving a status.</summary>
internal enum ConnectionEffect
{
    OpenSocket,
    DiscardSocket,
    OpenSession,
    StartDeadline,
    StopDeadline,
    StartPings,
    StopPings,
    StartRetryTimer,
    StopRetryTimer,
    ForgetAttempts,
    FetchToken,
    AnnounceOpen,
    AnnounceClosed,
}

/// <summary>
/// The life of a connection as one table: status and event give the next status. What is to be done belongs to entering and leaving a
/// status, so no edge can forget it. Pure.
/// </summary>
internal static class ConnectionTable
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(15);

    /// <summary>The next status and what has to be done to be in it. An event that changes nothing has no effects.</summary>
    public static (ConnectionStatus Status, ImmutableArray<ConnectionEffect> Effects) Transition(
        ConnectionStatus status, ConnectionEvent happened)
    {
        var next = Next(status, happened);
        return next == status ? (status, []) : (next, [.. OnExit(status), .. OnEntry(next)]);
    }

    /// <summary>What the end of a socket with <paramref name="code"/> means.</summary>
    public static ConnectionEvent Classify(int code)
    {
        if (code == CloseCodes.Unauthorized.Code)
        {
            return ConnectionEvent.Unauthorized;
        }

        // The ranges are part of the contract, so that a code this client does not know yet means the right thing.
        return code is >= 4500 and <= 4999 ? ConnectionEvent.Dismissed : ConnectionEvent.Lost;
    }

    /// <summary>
    /// The delay before try number <paramref name="attempt"/> (from 0): doubling, the second half of it by chance, so that clients that were
    /// cut off together do not come back together.
    /// </summary>
    /// <param name="attempt">How many tries there were.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan RetryDelay(int attempt, double random)
    {
        var ceiling = RetryDelayMin * Math.Pow(2, Math.Min(attempt, 10));
        return (ceiling < RetryDelayMax ? ceiling : RetryDelayMax) * (0.5 + (random / 2));
    }

    private static ConnectionStatus Next(ConnectionStatus status, ConnectionEvent happened) => (status, happened) switch
    {
        (_, ConnectionEvent.Close) => ConnectionStatus.Closed,

        (ConnectionStatus.Idle or ConnectionStatus.Waiting or ConnectionStatus.Closed, ConnectionEvent.Connect) => ConnectionStatus.Connecting,
        (ConnectionStatus.Waiting, ConnectionEvent.RetryDue) => ConnectionStatus.Connecting,

        (ConnectionStatus.Connecting, ConnectionEvent.SocketOpened) => ConnectionStatus.Opening,
        (ConnectionStatus.Opening, ConnectionEvent.SessionOpened) => ConnectionStatus.Open,
        (ConnectionStatus.Connecting or ConnectionStatus.Opening, ConnectionEvent.DeadlinePassed) => ConnectionStatus.Waiting,

        (ConnectionStatus.Connecting or ConnectionStatus.Opening or ConnectionStatus.Open, ConnectionEvent.Lost) => ConnectionStatus.Waiting,
        (ConnectionStatus.Connecting or ConnectionStatus.Opening or ConnectionStatus.Open, ConnectionEvent.Unauthorized) =>
            ConnectionStatus.Authorizing,
        (ConnectionStatus.Connecting or ConnectionStatus.Opening or ConnectionStatus.Open, ConnectionEvent.Dismissed) =>
            ConnectionStatus.Closed,

        // A new token is tried after the usual growing delay: one that is refused again must not make a tight loop.
        (ConnectionStatus.Authorizing, ConnectionEvent.TokenReady) => ConnectionStatus.Waiting,
        (ConnectionStatus.Authorizing, ConnectionEvent.TokenUnavailable) => ConnectionStatus.Closed,

        _ => status,
    };

    private static ImmutableArray<ConnectionEffect> OnEntry(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connecting => [ConnectionEffect.OpenSocket, ConnectionEffect.StartDeadline],
        ConnectionStatus.Opening => [ConnectionEffect.OpenSession, ConnectionEffect.StartDeadline],
        ConnectionStatus.Open => [ConnectionEffect.ForgetAttempts, ConnectionEffect.StartPings, ConnectionEffect.AnnounceOpen],
        ConnectionStatus.Authorizing => [ConnectionEffect.DiscardSocket, ConnectionEffect.FetchToken],
        ConnectionStatus.Waiting => [ConnectionEffect.DiscardSocket, ConnectionEffect.StartRetryTimer],
        ConnectionStatus.Closed => [ConnectionEffect.DiscardSocket, ConnectionEffect.ForgetAttempts, ConnectionEffect.AnnounceClosed],
        _ => [],
    };

    private static ImmutableArray<ConnectionEffect> OnExit(ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connecting or ConnectionStatus.Opening => [ConnectionEffect.StopDeadline],
        ConnectionStatus.Open => [ConnectionEffect.StopPings],
        ConnectionStatus.Waiting => [ConnectionEffect.StopRetryTimer],
        _ => [],
    };
}

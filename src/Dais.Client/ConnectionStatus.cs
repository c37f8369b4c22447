namespace Dais.Client;

/// <summary>Where a client's connection stands.</summary>
public enum ConnectionStatus
{
    /// <summary>Nobody asked for a connection yet.</summary>
    Idle,

    /// <summary>The WebSocket is being opened.</summary>
    Connecting,

    /// <summary>The session is being opened.</summary>
    Opening,

    /// <summary>Calls are possible.</summary>
    Open,

    /// <summary>The application is asked for a new token.</summary>
    Authorizing,

    /// <summary>The connection is lost; the next try comes after a delay.</summary>
    Waiting,

    /// <summary>There is no connection, and none is tried.</summary>
    Closed,
}

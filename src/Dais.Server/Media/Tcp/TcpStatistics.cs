namespace Dais.Server.Media.Tcp;

/// <summary>Why a connection came to its end.</summary>
public enum TcpCloseReason
{
    /// <summary>The peer closed it, or the network did.</summary>
    Peer,

    /// <summary>It did not show in time whose it is.</summary>
    Stranger,

    /// <summary>Nothing was sent along it for a while.</summary>
    Idle,

    /// <summary>The peer took nothing of what waited for it.</summary>
    Stalled,

    /// <summary>What came was not framed as RFC 4571 says, or a frame was too long.</summary>
    Framing,

    /// <summary>How many reasons there are.</summary>
    Count,
}

/// <summary>What <see cref="TcpConnections"/> count. Written by the worker's thread, readable from any.</summary>
public sealed class TcpStatistics
{
    private readonly long[] _closed = new long[(int)TcpCloseReason.Count];
    private int _connections;
    private long _accepted;
    private long _refused;
    private long _received;
    private long _sent;
    private long _dropped;

    /// <summary>How many connections there are.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections there were, the present ones included.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections closed at once because there were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Frames received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Frames put into the queue of their connection.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Frames dropped because the peer is slower than what is sent to it, or its connection is gone.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How many connections ended for <paramref name="reason"/>.</summary>
    public long Closed(TcpCloseReason reason) => Volatile.Read(ref _closed[(int)reason]);

    internal void CountAccepted(int connections)
    {
        Volatile.Write(ref _accepted, _accepted + 1);
        Volatile.Write(ref _connections, connections);
    }

    internal void CountClosed(TcpCloseReason reason, int connections)
    {
        Volatile.Write(ref _closed[(int)reason], _closed[(int)reason] + 1);
        Volatile.Write(ref _connections, connections);
    }

    /// <summary>From any thread: connections are also refused where they are accepted.</summary>
    internal void CountRefused() => Interlocked.Increment(ref _refused);

    internal void CountReceived() => Volatile.Write(ref _received, _received + 1);

    internal void CountSent() => Volatile.Write(ref _sent, _sent + 1);

    internal void CountDropped() => Volatile.Write(ref _dropped, _dropped + 1);
}

namespace Dais.Server.Media.Udp;

/// <summary>What a <see cref="DatagramTransport"/> counts. Written by its one thread, readable from any.</summary>
public sealed class DatagramStatistics
{
    private long _received;
    private long _sent;
    private long _truncated;
    private long _sendsDropped;
    private long _sendErrors;
    private long _receiveErrors;

    /// <summary>Datagrams received.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Datagrams handed to the system.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Datagrams larger than a buffer, which are given as empty ones.</summary>
    public long Truncated => Volatile.Read(ref _truncated);

    /// <summary>Datagrams dropped because the system's send buffer was full or their path has no socket.</summary>
    public long SendsDropped => Volatile.Read(ref _sendsDropped);

    /// <summary>Datagrams the system refused to send: unreachable, refused and the like.</summary>
    public long SendErrors => Volatile.Read(ref _sendErrors);

    /// <summary>Times the system refused to receive.</summary>
    public long ReceiveErrors => Volatile.Read(ref _receiveErrors);

    internal void CountReceived(int count) => Volatile.Write(ref _received, _received + count);

    internal void CountSent(int count) => Volatile.Write(ref _sent, _sent + count);

    internal void CountTruncated() => Volatile.Write(ref _truncated, _truncated + 1);

    internal void CountDropped(int count) => Volatile.Write(ref _sendsDropped, _sendsDropped + count);

    internal void CountSendError() => Volatile.Write(ref _sendErrors, _sendErrors + 1);

    internal void CountReceiveError() => Volatile.Write(ref _receiveErrors, _receiveErrors + 1);
}

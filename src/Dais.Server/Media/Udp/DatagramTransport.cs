using System.Collections.Immutable;
using System.Net;
using Dais.Rtc;
using Dais.Server.Media.Tcp;
using Dais.Sfu;

namespace Dais.Server.Media.Udp;

/// <summary>
/// The UDP sockets of one media worker: one for each local address, all on the same port. Datagrams are received and
/// sent in batches, in buffers made once. With TCP connections attached, their frames come and go beside the datagrams.
/// Everything but <see cref="Wake"/> and <see cref="Statistics"/> belongs to the worker's thread.
/// </summary>
public abstract class DatagramTransport : ITransmitSink, IDisposable
{
    /// <summary>Most datagrams received or sent at once.</summary>
    public const int BatchMax = 64;

    /// <summary>Most frames of TCP connections received with a batch of datagrams.</summary>
    public const int FramesMax = 32;

    /// <summary>
    /// Size of a buffer, in bytes: more than <see cref="SfuLimits.DatagramBytesMax"/>, to tell a datagram that is too
    /// large.
    /// </summary>
    protected const int BufferBytes = 2048;

    private readonly NetworkPath[] _sendPaths = new NetworkPath[BatchMax];
    private readonly int[] _sendLengths = new int[BatchMax];
    private readonly NetworkPath[] _receivedPaths = new NetworkPath[BatchMax + FramesMax];
    private readonly int[] _receivedLengths = new int[BatchMax + FramesMax];
    private TcpConnections? _connections;
    private int _sendCount;
    private int _wakePending;

    /// <summary>Makes the buffers.</summary>
    /// <param name="localAddresses">What the sockets are bound to.</param>
    protected DatagramTransport(ImmutableArray<NetworkAddress> localAddresses) => LocalAddresses = localAddresses;

    /// <summary>What the sockets are bound to; the index is that of <see cref="NetworkPath.Socket"/>.</summary>
    public ImmutableArray<NetworkAddress> LocalAddresses { get; }

    /// <summary>What is counted.</summary>
    public DatagramStatistics Statistics { get; } = new();

    /// <summary>What TCP connections count; null when there are none.</summary>
    public TcpStatistics? TcpStatistics => _connections?.Statistics;

    /// <summary>The bytes received, one buffer behind the other; pinned.</summary>
    protected byte[] ReceiveBuffer { get; } = GC.AllocateArray<byte>((BatchMax + FramesMax) * BufferBytes, pinned: true);

    /// <summary>The bytes to send, one buffer behind the other; pinned.</summary>
    protected byte[] SendBuffer { get; } = GC.AllocateArray<byte>(BatchMax * BufferBytes, pinned: true);

    /// <summary>
    /// Opens sockets on <paramref name="addresses"/> with the best means this system has.
    /// </summary>
    /// <param name="addresses">Local addresses; one at least.</param>
    /// <param name="port">The port on each; 0 takes one that is free on all.</param>
    /// <exception cref="MediaAddressException">An address is not ours or the port is taken.</exception>
    public static DatagramTransport Open(ImmutableArray<IPAddress> addresses, int port) =>
        LinuxDatagramTransport.IsSupported
            ? new LinuxDatagramTransport(UdpSockets.Bind(addresses, port))
            : new PortableDatagramTransport(UdpSockets.Bind(addresses, port));

    /// <summary>
    /// Waits for datagrams, at most for <paramref name="wait"/> (<see cref="Timeout.InfiniteTimeSpan"/> for ever, zero
    /// or less not at all), and receives a batch. What an earlier call received is gone.
    /// </summary>
    /// <returns>How many were received; 0 when the time is over, after <see cref="Wake"/>, or for no reason.</returns>
    public int Receive(TimeSpan wait)
    {
        int count = ReceiveBatch(_connections?.Shorten(wait) ?? wait);
        Statistics.CountReceived(count);
        return _connections is null ? count : ReceiveFrames(_connections, count);
    }

    /// <summary>
    /// Takes over connections whose frames come and go beside the datagrams; their paths have socket numbers from the number of
    /// <see cref="LocalAddresses"/> on. To be called once, before anything else.
    /// </summary>
    public void Attach(TcpConnections connections)
    {
        _connections = connections;
        connections.Start(Wake);
    }

    /// <summary>A datagram of the last batch, to be changed at will until the next <see cref="Receive"/>.</summary>
    public Span<byte> GetReceived(int index, out NetworkPath path)
    {
        path = _receivedPaths[index];
        return ReceiveBuffer.AsSpan(index * BufferBytes, _receivedLengths[index]);
    }

    /// <inheritdoc/>
    public Span<byte> GetBuffer() => SendBuffer.AsSpan(_sendCount * BufferBytes, SfuLimits.DatagramBytesMax);

    /// <inheritdoc/>
    public void Commit(in NetworkPath path, int length)
    {
        if ((uint)path.Socket >= (uint)LocalAddresses.Length)
        {
            SendFrame(path, length);
            return;
        }

        _sendPaths[_sendCount] = path;
        _sendLengths[_sendCount] = length;
        if (++_sendCount == BatchMax)
        {
            FlushDatagrams();
        }
    }

    /// <summary>
    /// Sends what was committed and not yet sent. A datagram that cannot be sent is counted and dropped, as on the way.
    /// </summary>
    public void Flush()
    {
        FlushDatagrams();
        _connections?.Flush();
    }

    /// <summary>
    /// Makes the present or the next <see cref="Receive"/> return at once. May be called from any thread, also after
    /// the end.
    /// </summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            SignalWake();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections?.Dispose();
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Waits and receives into the buffers; calls <see cref="SetReceived"/> for each datagram, in order from 0.
    /// </summary>
    protected abstract int ReceiveBatch(TimeSpan wait);

    /// <summary>Sends the first <paramref name="count"/> buffers, which <see cref="GetCommitted"/> describes.</summary>
    protected abstract void SendBatch(int count);

    /// <summary>Makes <see cref="ReceiveBatch"/> return; from any thread.</summary>
    protected abstract void SignalWake();

    /// <summary>Closes the sockets.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>
    /// Forgets the wake that was signalled. The implementation has taken it back before, so a new one is signalled
    /// anew; whoever called <see cref="Wake"/> until now finds its work done, because the worker looks for work after
    /// it has received.
    /// </summary>
    protected void ClearWake() => Interlocked.Exchange(ref _wakePending, 0);

    /// <summary>Says where the datagram in buffer <paramref name="index"/> came from and how long it is.</summary>
    protected void SetReceived(int index, in NetworkPath path, int length)
    {
        _receivedPaths[index] = path;
        _receivedLengths[index] = length;
    }

    /// <summary>Says where buffer <paramref name="index"/> goes.</summary>
    protected NetworkPath GetCommitted(int index, out int length)
    {
        length = _sendLengths[index];
        return _sendPaths[index];
    }

    private int ReceiveFrames(TcpConnections connections, int count)
    {
        connections.BeginBatch();
        int end = count + FramesMax;
        while (count < end
            && connections.TryReceive(ReceiveBuffer.AsSpan(count * BufferBytes, BufferBytes), out var path, out int length))
        {
            SetReceived(count++, path, length);
        }

        return count;
    }

    private void SendFrame(in NetworkPath path, int length)
    {
        if (_connections is null || path.Socket < 0)
        {
            Statistics.CountDropped(1);
            return;
        }

        _connections.Send(path, SendBuffer.AsSpan(_sendCount * BufferBytes, length));
    }

    private void FlushDatagrams()
    {
        if (_sendCount > 0)
        {
            SendBatch(_sendCount);
            _sendCount = 0;
        }
    }
}

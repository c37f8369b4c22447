using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Dais.Rtc;

namespace Dais.Server.Media.Tcp;

/// <summary>
/// The TCP connections of one media worker (RFC 6544): frames go in and out beside the datagrams of its sockets. To the core each
/// connection is a path of its own, with a socket number that no other has: an address that connects anew is not taken for the one before.
/// Everything but accepting belongs to the worker's thread.
/// </summary>
public sealed class TcpConnections : IDisposable
{
    /// <summary>Most reads, with or without a frame, for one batch.</summary>
    private const int ReadsMax = 64;

    /// <summary>Most reads of one connection before it is another's turn.</summary>
    private const int ReadsInTurn = 8;

    /// <summary>Most accepted connections the worker has not looked at.</summary>
    private const int HandoverMax = 128;

    /// <summary>TCP_NOTSENT_LOWAT of Linux: the system holds little more than what is on the way; the rest waits here, where it is bounded.</summary>
    private const int NotSentLowWaterMark = 25;

    private const int NotSentBytesMax = 16 * 1024;

    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly TcpListeners _listeners;
    private readonly TcpOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Socket> _accepted = new();
    private readonly ConcurrentQueue<TcpConnection> _becameReadable = new();
    private readonly ConcurrentQueue<TcpConnection> _haveSent = new();
    private readonly Queue<TcpConnection> _readable = new();
    private readonly List<TcpConnection> _toFlush = [];
    private readonly List<TcpConnection> _swept = [];
    private readonly Dictionary<int, TcpConnection> _bySocket = [];
    private readonly TcpCensus _census = new();
    private readonly int _firstSocket;
    private readonly long _start;
    private Action _wake = () => { };
    private Timestamp _now;
    private Timestamp _nextSweep;
    private int _lastSocket;
    private int _handover;
    private int _readsInTurn;
    private int _reads;

    /// <summary>Takes over <paramref name="listeners"/>.</summary>
    /// <param name="listeners">What clients connect to.</param>
    /// <param name="firstSocket">The number of the first connection's path; those below are the datagram sockets'.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    public TcpConnections(TcpListeners listeners, int firstSocket, TcpOptions options, TimeProvider time)
    {
        _listeners = listeners;
        _options = options;
        _time = time;
        _firstSocket = firstSocket;
        _lastSocket = firstSocket - 1;
        _start = time.GetTimestamp();
    }

    /// <summary>What is counted.</summary>
    public TcpStatistics Statistics { get; } = new();

    /// <summary>Begins to accept connections; <paramref name="wake"/> is called from any thread when there is something to do.</summary>
    public void Start(Action wake)
    {
        _wake = wake;
        foreach (var listener in _listeners.Sockets)
        {
            _ = AcceptAsync(listener);
        }
    }

    /// <summary>How long the worker may wait, given that it would wait for <paramref name="wait"/>.</summary>
    public TimeSpan Shorten(TimeSpan wait)
    {
        if (_readable.Count > 0)
        {
            return TimeSpan.Zero;
        }

        bool isShort = wait != Timeout.InfiniteTimeSpan && wait < _options.SweepPeriod;
        return _bySocket.Count == 0 || isShort ? wait : _options.SweepPeriod;
    }

    /// <summary>To be called after each wait, before <see cref="TryReceive"/>.</summary>
    public void BeginBatch()
    {
        _now = new Timestamp((long)_time.GetElapsedTime(_start).TotalMicroseconds);
        _reads = 0;
        TakeAccepted();
        while (_becameReadable.TryDequeue(out var connection))
        {
            _readable.Enqueue(connection);
        }

        while (_haveSent.TryDequeue(out var connection))
        {
            if (!connection.IsClosed && !connection.TryGoOn(_now))
            {
                Close(connection, TcpCloseReason.Peer);
            }
        }

        if (_now >= _nextSweep)
        {
            _nextSweep = _now + _options.SweepPeriod;
            Sweep();
        }
    }

    /// <summary>Takes the next frame; false when there is none, or when it is enough for one batch.</summary>
    public bool TryReceive(Span<byte> destination, out NetworkPath path, out int length)
    {
        while (_reads < ReadsMax && _readable.TryPeek(out var connection))
        {
            _reads++;
            path = connection.Path;
            if (connection.IsClosed)
            {
                NextInTurn();
                continue;
            }

            switch (connection.Read(destination, out length))
            {
                case TcpRead.Frame:
                    Statistics.CountReceived();
                    CountTurn(connection);
                    return true;
                case TcpRead.Again:
                    CountTurn(connection);
                    break;
                case TcpRead.Nothing:
                    NextInTurn();
                    if (!connection.WaitUntilReadable())
                    {
                        _readable.Enqueue(connection);
                    }

                    break;
                case TcpRead.Closed:
                    Close(connection, TcpCloseReason.Peer);
                    break;
                case TcpRead.Broken:
                    Close(connection, TcpCloseReason.Framing);
                    break;
            }
        }

        path = default;
        length = 0;
        return false;
    }

    /// <summary>Sends a frame along <paramref name="path"/>; dropped and counted when there is no such connection or its queue is full.</summary>
    public void Send(in NetworkPath path, ReadOnlySpan<byte> content)
    {
        if (!_bySocket.TryGetValue(path.Socket, out var connection))
        {
            Statistics.CountDropped();
            return;
        }

        if (!connection.IsKnown)
        {
            _census.Introduce(connection.Path.Remote);
        }

        if (!connection.TryEnqueue(content, _now))
        {
            Statistics.CountDropped();
            return;
        }

        Statistics.CountSent();
        if (!connection.IsToBeFlushed)
        {
            connection.IsToBeFlushed = true;
            _toFlush.Add(connection);
        }
    }

    /// <summary>Hands to the system what was sent and is not on its way yet.</summary>
    public void Flush()
    {
        foreach (var connection in _toFlush)
        {
            connection.IsToBeFlushed = false;
            if (!connection.IsClosed && !connection.TryFlush(_now))
            {
                Close(connection, TcpCloseReason.Peer);
            }
        }

        _toFlush.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _listeners.Dispose();
        foreach (var connection in _bySocket.Values)
        {
            connection.Dispose();
        }

        while (_accepted.TryDequeue(out var socket))
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token);
                if (Interlocked.Increment(ref _handover) > HandoverMax)
                {
                    Interlocked.Decrement(ref _handover);
                    Statistics.CountRefused();
                    socket.Dispose();
                    continue;
                }

                _accepted.Enqueue(socket);
                _wake();
            }
            catch (Exception problem) when (problem is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or a connection that was gone before it was taken.
                await Task.Delay(AcceptRetryDelay, _time);
            }
        }
    }

    private void TakeAccepted()
    {
        while (_accepted.TryDequeue(out var socket))
        {
            Interlocked.Decrement(ref _handover);
            if (!TryTake(socket))
            {
                Statistics.CountRefused();
                socket.Dispose();
            }
        }
    }

    private bool TryTake(Socket socket)
    {
        if (_bySocket.Count >= _options.ConnectionsMax || !TryPrepare(socket, out var remote) || !_census.TryAdd(remote, _options))
        {
            return false;
        }

        do
        {
            _lastSocket = _lastSocket == int.MaxValue ? _firstSocket : _lastSocket + 1;
        }
        while (_bySocket.ContainsKey(_lastSocket));

        var connection = new TcpConnection(
            socket, new NetworkPath(_lastSocket, remote), _options, _now, BecomeReadable, HaveSent);
        _bySocket.Add(_lastSocket, connection);
        Statistics.CountAccepted(_bySocket.Count);
        _readable.Enqueue(connection);
        return true;
    }

    private static bool TryPrepare(Socket socket, out NetworkAddress remote)
    {
        remote = default;
        try
        {
            socket.Blocking = false;
            socket.NoDelay = true;
            if (OperatingSystem.IsLinux())
            {
                Span<byte> bytes = stackalloc byte[sizeof(int)];
                BitConverter.TryWriteBytes(bytes, NotSentBytesMax);
                socket.SetRawSocketOption((int)ProtocolType.Tcp, NotSentLowWaterMark, bytes);
            }

            var address = (IPEndPoint)socket.RemoteEndPoint!;
            remote = NetworkAddress.From(address.Address, address.Port);
            return true;
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // Gone already.
            return false;
        }
    }

    private void BecomeReadable(TcpConnection connection)
    {
        _becameReadable.Enqueue(connection);
        _wake();
    }

    private void HaveSent(TcpConnection connection)
    {
        _haveSent.Enqueue(connection);
        _wake();
    }

    private void CountTurn(TcpConnection connection)
    {
        if (++_readsInTurn == ReadsInTurn)
        {
            NextInTurn();
            _readable.Enqueue(connection);
        }
    }

    private void NextInTurn()
    {
        _readable.Dequeue();
        _readsInTurn = 0;
    }

    private void Sweep()
    {
        foreach (var connection in _bySocket.Values)
        {
            if (ReasonToClose(connection) is not null)
            {
                _swept.Add(connection);
            }
        }

        foreach (var connection in _swept)
        {
            Close(connection, ReasonToClose(connection)!.Value);
        }

        _swept.Clear();
    }

    private TcpCloseReason? ReasonToClose(TcpConnection connection)
    {
        if (!connection.IsKnown)
        {
            return _now >= connection.OpenedAt + _options.StrangerTime ? TcpCloseReason.Stranger : null;
        }

        if (connection.HasQueue && _now >= connection.LastProgress + _options.StallTime)
        {
            return TcpCloseReason.Stalled;
        }

        return _now >= connection.LastUse + _options.IdleTime ? TcpCloseReason.Idle : null;
    }

    private void Close(TcpConnection connection, TcpCloseReason reason)
    {
        if (_bySocket.Remove(connection.Path.Socket))
        {
            _census.Remove(connection.Path.Remote, connection.IsKnown);
            connection.Dispose();
            Statistics.CountClosed(reason, _bySocket.Count);
        }
    }
}

using System.Net.Sockets;
using Dais.Rtc;

namespace Dais.Server.Media.Tcp;

/// <summary>What reading from a connection has led to.</summary>
internal enum TcpRead
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>No frame yet, but there may be more to read.</summary>
    Again,

    /// <summary>Nothing more for now; the connection says when there is.</summary>
    Nothing,

    /// <summary>The peer has closed the connection.</summary>
    Closed,

    /// <summary>What came makes no sense.</summary>
    Broken,
}

/// <summary>
/// One connection of a client. Reads and writes never block: when there is nothing to read, or no room to write, the connection tells its
/// owner by a callback from another thread as soon as that changes. Everything else belongs to the worker's thread.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    /// <summary>Most bytes sent in the background at once: few, so that what has left makes room early.</summary>
    private const int BackgroundBytesMax = 16 * 1024;

    private readonly Socket _socket;
    private readonly TcpFrameBuffer _incoming = new();
    private readonly TcpSendBuffer _outgoing;
    private readonly SocketAsyncEventArgs _readable = new();
    private readonly SocketAsyncEventArgs _writable = new();
    private bool _isSending;

    /// <summary>Takes over <paramref name="socket"/>.</summary>
    /// <param name="socket">The accepted socket.</param>
    /// <param name="path">The path of this connection and no other.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="now">The time.</param>
    /// <param name="onReadable">Called from any thread when there is something to read.</param>
    /// <param name="onSent">Called from any thread when what was sent in the background has left.</param>
    public TcpConnection(
        Socket socket,
        NetworkPath path,
        TcpOptions options,
        Timestamp now,
        Action<TcpConnection> onReadable,
        Action<TcpConnection> onSent)
    {
        _socket = socket;
        _outgoing = new TcpSendBuffer(options.QueueBytesMax);
        Path = path;
        OpenedAt = LastUse = LastProgress = now;
        _readable.SetBuffer(Memory<byte>.Empty);
        _readable.Completed += (_, _) => onReadable(this);
        _writable.Completed += (_, _) => onSent(this);
    }

    /// <summary>The path of this connection.</summary>
    public NetworkPath Path { get; }

    /// <summary>When it began.</summary>
    public Timestamp OpenedAt { get; }

    /// <summary>When something was sent along it last, be it an answer to a check.</summary>
    public Timestamp LastUse { get; private set; }

    /// <summary>When nothing waited for the peer last, or the peer took some of it.</summary>
    public Timestamp LastProgress { get; private set; }

    /// <summary>
    /// Whether it is a client's. The core answers only those who know a transport's secret; so whoever is sent anything is known to it.
    /// </summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it is in the list of those with something to send.</summary>
    public bool IsToBeFlushed { get; set; }

    /// <summary>Whether something waits for the peer.</summary>
    public bool HasQueue => _outgoing.Count > 0;

    /// <summary>Takes the next frame, reading at most once.</summary>
    public TcpRead Read(Span<byte> destination, out int length)
    {
        if (_incoming.TryTake(destination, out length))
        {
            return TcpRead.Frame;
        }

        if (_incoming.IsBroken)
        {
            return TcpRead.Broken;
        }

        int count = _socket.Receive(_incoming.Free(), SocketFlags.None, out var error);
        if (error is SocketError.WouldBlock or SocketError.Interrupted)
        {
            return TcpRead.Nothing;
        }

        if (error != SocketError.Success || count == 0)
        {
            return TcpRead.Closed;
        }

        _incoming.Add(count);
        return TcpRead.Again;
    }

    /// <summary>Asks for the callback as soon as there is something to read; false when there is already, and no callback will come.</summary>
    public bool WaitUntilReadable() => _socket.ReceiveAsync(_readable);

    /// <summary>Puts a frame into the queue; false when it is full.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> content, Timestamp now)
    {
        IsKnown = true;
        LastUse = now;
        if (_outgoing.Count == 0)
        {
            LastProgress = now;
        }

        return _outgoing.TryAdd(content);
    }

    /// <summary>Sends what waits, as much as there is room for; the rest follows in the background. False when the connection is gone.</summary>
    public bool TryFlush(Timestamp now)
    {
        while (!_isSending && _outgoing.Count > 0)
        {
            var bytes = _outgoing.First();
            int count = _socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                _outgoing.Remove(count);
                LastProgress = now;
            }
            else if (error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            {
                SendInBackground(bytes[..Math.Min(bytes.Length, BackgroundBytesMax)]);
                if (!_isSending && !TryTakeSent(now))
                {
                    return false;
                }
            }
            else if (error != SocketError.Interrupted)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>After the callback that something has left: goes on with the rest. False when the connection is gone.</summary>
    public bool TryGoOn(Timestamp now)
    {
        _isSending = false;
        return TryTakeSent(now) && TryFlush(now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        _socket.Dispose();
        _readable.Dispose();
        _writable.Dispose();
    }

    private void SendInBackground(Memory<byte> bytes)
    {
        _writable.SetBuffer(bytes);
        _isSending = _socket.SendAsync(_writable);
    }

    private bool TryTakeSent(Timestamp now)
    {
        if (_writable.SocketError != SocketError.Success)
        {
            return false;
        }

        _outgoing.Remove(_writable.BytesTransferred);
        LastProgress = now;
        return true;
    }
}

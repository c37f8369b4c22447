using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dais.Rtc;

namespace Dais.Server.Media.Udp;

/// <summary>
/// Receives and sends one datagram after the other with the framework's sockets, wherever .NET runs. Slower than
/// batches.
/// </summary>
public sealed class PortableDatagramTransport : DatagramTransport
{
    private readonly Socket[] _sockets;
    private readonly SocketAddress[] _addresses;
    private readonly Socket _wake;
    private readonly byte[] _wakeByte = new byte[1];
    private readonly List<Socket> _readable = [];
    private int _nextSocket;

    /// <summary>Takes over <paramref name="sockets"/>.</summary>
    public PortableDatagramTransport(UdpSockets sockets)
        : base(sockets.Addresses)
    {
        _sockets = [.. sockets.Sockets];
        _addresses = [.. _sockets.Select(socket => new SocketAddress(socket.AddressFamily))];

        // A socket that is connected to itself is the one event every system can wait for together with sockets.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
    }

    /// <inheritdoc/>
    protected override int ReceiveBatch(TimeSpan wait)
    {
        _readable.Clear();
        _readable.AddRange(_sockets);
        _readable.Add(_wake);
        try
        {
            // The longest wait Select can express is a good half hour; returning early is allowed.
            bool forever = wait == Timeout.InfiniteTimeSpan;
            long microseconds = (long)Math.Max(0, wait.TotalMicroseconds);
            Socket.Select(_readable, null, null, forever ? -1 : (int)Math.Min(int.MaxValue, microseconds));
        }
        catch (SocketException)
        {
            Statistics.CountReceiveError();
            return 0;
        }

        if (_readable.Contains(_wake))
        {
            TakeWake();
        }

        // Begins with another socket each time, so that a busy one does not starve the others.
        _nextSocket = (_nextSocket + 1) % _sockets.Length;
        int received = 0;
        for (int i = 0; i < _sockets.Length; i++)
        {
            int socket = (_nextSocket + i) % _sockets.Length;
            if (_readable.Contains(_sockets[socket]))
            {
                received = ReceiveFrom(socket, received);
            }
        }

        return received;
    }

    /// <inheritdoc/>
    protected override void SendBatch(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var path = GetCommitted(i, out int length);
            var socket = _sockets[path.Socket];
            var address = _addresses[path.Socket];
            if (!TryWrite(address, path.Remote))
            {
                Statistics.CountSendError();
                continue;
            }

            try
            {
                socket.SendTo(SendBuffer.AsSpan(i * BufferBytes, length), SocketFlags.None, address);
                Statistics.CountSent(1);
            }
            catch (SocketException problem)
                when (problem.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            {
                Statistics.CountDropped(1);
            }
            catch (SocketException)
            {
                Statistics.CountSendError();
            }
        }
    }

    /// <inheritdoc/>
    protected override void SignalWake()
    {
        try
        {
            _wake.Send(_wakeByte);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // Nobody is left to be woken, or so many wakes are waiting that one more is not needed.
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _wake.Dispose();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static NetworkAddress Read(SocketAddress address)
    {
        // The port in network order follows the family; then an IPv4 address, or flow and IPv6 address.
        var bytes = address.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return address.Family == AddressFamily.InterNetwork
            ? NetworkAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : NetworkAddress.FromIPv6(bytes.Slice(8, 16), port);
    }

    private static bool TryWrite(SocketAddress address, NetworkAddress remote)
    {
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], remote.Port);
        if (address.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], remote.IPv4);
            return remote.IsIPv4;
        }

        bytes[4..8].Clear();
        remote.WriteIPv6(bytes[8..]);
        return !remote.IsIPv4;
    }

    private int ReceiveFrom(int socket, int received)
    {
        // The socket is readable, so one receive is due whatever Available says: for an empty datagram it says 0.
        for (bool due = received < BatchMax; due; due = received < BatchMax && _sockets[socket].Available > 0)
        {
            int length = 0;
            try
            {
                length = _sockets[socket].ReceiveFrom(
                    ReceiveBuffer.AsSpan(received * BufferBytes, BufferBytes), SocketFlags.None, _addresses[socket]);
            }
            catch (SocketException problem) when (problem.SocketErrorCode == SocketError.MessageSize)
            {
                Statistics.CountTruncated();
            }
            catch (SocketException problem)
            {
                if (problem.SocketErrorCode != SocketError.WouldBlock)
                {
                    Statistics.CountReceiveError();
                }

                break;
            }

            SetReceived(received, new NetworkPath(socket, Read(_addresses[socket])), length);
            received++;
        }

        return received;
    }

    private void TakeWake()
    {
        try
        {
            while (_wake.Available > 0)
            {
                _wake.Receive(_wakeByte);
            }
        }
        catch (SocketException)
        {
            // Nothing is left to take.
        }

        ClearWake();
    }
}

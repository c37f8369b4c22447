using System.Net;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media;
using Dais.Server.Media.Tcp;
using Dais.Server.Media.Udp;

namespace Dais.Server.Tests.Media.Tcp;

/// <summary>TCP connections beside datagram sockets, on real loopback sockets and a clock that tests move.</summary>
public sealed class TcpConnectionsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly List<IDisposable> _toDispose = [];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Frames_come_in_and_go_out_by_the_same_connection_and_datagrams_beside_them(string address)
    {
        if (!Socket.OSSupportsIPv6 && address == "::1")
        {
            return;
        }

        var transport = Open(address: address);
        var client = Connect(transport);
        var path = Introduce(transport, client);

        Assert.Equal(transport.LocalAddresses.Length, path.Socket);
        Assert.Equal(Local(client), path.Remote);
        for (byte i = 0; i < 100; i++)
        {
            Send(transport, path, [i, i, i]);
        }

        transport.Flush();
        for (byte i = 0; i < 100; i++)
        {
            Assert.Equal([i, i, i], ReadFrame(client));
        }

        using var datagrams = new Socket(client.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        datagrams.SendTo([9], new IPEndPoint(IPAddress.Parse(address), transport.LocalAddresses[0].Port));
        Assert.Equal([9], Receive(transport, out var other));
        Assert.Equal(0, other.Socket);
    }

    [Fact]
    public void Each_connection_is_a_path_of_its_own_also_from_the_same_port()
    {
        var transport = Open();
        var client = Connect(transport);
        var first = Introduce(transport, client);
        var from = (IPEndPoint)client.LocalEndPoint!;

        // Reset, so that the port is free at once.
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        Until(transport, () => transport.TcpStatistics!.Closed(TcpCloseReason.Peer) == 1);
        var again = Connect(transport, from);
        var second = Introduce(transport, again);

        Assert.Equal(first.Remote, second.Remote);
        Assert.NotEqual(first.Socket, second.Socket);
        Send(transport, first, [1]);
        Assert.Equal(1, transport.TcpStatistics!.Dropped);
    }

    [Fact]
    public void A_client_that_never_stops_does_not_keep_another_waiting()
    {
        var transport = Open();
        var loud = Connect(transport);
        var quiet = Connect(transport);
        var loudPath = Introduce(transport, loud);
        var quietPath = Introduce(transport, quiet);
        byte[] frame = TcpFrameBufferTests.Frame([1, 2, 3]);
        loud.Send([.. Enumerable.Repeat(frame, 1_000).SelectMany(bytes => bytes)]);
        quiet.Send(TcpFrameBufferTests.Frame([4]));

        // For each frame taken there is another: were it not the other's turn at some time, this would never end.
        byte[] content;
        long start = TimeProvider.System.GetTimestamp();
        for (content = Receive(transport, out var path); path != quietPath; content = Receive(transport, out path))
        {
            Assert.Equal(loudPath, path);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "It is never the other's turn.");
            loud.Send(frame);
        }

        Assert.Equal([4], content);
    }

    [Fact]
    public void A_stranger_is_closed_within_seconds()
    {
        var transport = Open();
        var stranger = Connect(transport);
        var client = Connect(transport);
        Introduce(transport, client);
        stranger.Send(TcpFrameBufferTests.Frame([0, 1, 0, 0]));
        Receive(transport, out _);

        _time.Advance(TimeSpan.FromSeconds(5));
        Until(transport, () => transport.TcpStatistics!.Connections == 1);

        Assert.Equal(1, transport.TcpStatistics!.Closed(TcpCloseReason.Stranger));
        AssertClosed(stranger);
    }

    [Fact]
    public void A_connection_of_no_use_is_closed()
    {
        var transport = Open();
        var client = Connect(transport);
        var path = Introduce(transport, client);
        _time.Advance(TimeSpan.FromSeconds(15));
        Until(transport, () => true);
        Send(transport, path, [1]);
        transport.Flush();
        _time.Advance(TimeSpan.FromSeconds(15));
        Until(transport, () => true);
        Assert.Equal(1, transport.TcpStatistics!.Connections);

        _time.Advance(TimeSpan.FromSeconds(5));
        Until(transport, () => transport.TcpStatistics!.Connections == 0);
        Assert.Equal(1, transport.TcpStatistics!.Closed(TcpCloseReason.Idle));
    }

    [Fact]
    public void A_peer_that_reads_slowly_loses_packets_and_the_others_none()
    {
        var transport = Open();
        var slow = Connect(transport);
        var other = Connect(transport);
        var slowPath = Introduce(transport, slow);
        var otherPath = Introduce(transport, other);
        byte[] picture = new byte[1_200];
        int others = 0;
        while (transport.TcpStatistics!.Dropped < 100)
        {
            Send(transport, slowPath, picture);
            Send(transport, otherPath, [7]);
            transport.Flush();
            Assert.Equal([7], ReadFrame(other));
            others++;
            Assert.True(others < 100_000, "The queue of a peer that reads nothing never fills.");
            Receive(transport);
        }

        // What was not dropped arrives whole once it is read.
        long sent = transport.TcpStatistics.Sent - others - 2;
        for (long i = 0; i < sent; i++)
        {
            while (!slow.Poll(1_000, SelectMode.SelectRead))
            {
                Receive(transport);
            }

            Assert.Equal(1_200, ReadFrame(slow, () => Receive(transport)).Length);
        }
    }

    [Fact]
    public void A_peer_that_takes_nothing_any_more_is_closed()
    {
        var transport = Open();
        var stalled = Connect(transport);
        var path = Introduce(transport, stalled);
        byte[] picture = new byte[1_200];
        while (transport.TcpStatistics!.Dropped < 100)
        {
            Send(transport, path, picture);
            transport.Flush();
            Receive(transport);
        }

        for (int second = 0; second < 11; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Send(transport, path, [1]);
            transport.Flush();
            Receive(transport);
        }

        Until(transport, () => transport.TcpStatistics!.Connections == 0);
        Assert.Equal(1, transport.TcpStatistics!.Closed(TcpCloseReason.Stalled));
    }

    [Fact]
    public void What_is_no_frame_closes_the_connection()
    {
        var transport = Open();
        var client = Connect(transport);
        client.Send("GET / HTTP/1.1\r\n\r\n"u8);

        Until(transport, () => transport.TcpStatistics!.Closed(TcpCloseReason.Framing) == 1);
        AssertClosed(client);
    }

    [Fact]
    public void Strangers_are_bounded_by_address_and_clients_are_not_counted_among_them()
    {
        var transport = Open(new TcpOptions { StrangersPerAddressMax = 2, PerAddressMax = 4 });
        var client = Connect(transport);
        Introduce(transport, client);
        Connect(transport);
        Connect(transport);
        Until(transport, () => transport.TcpStatistics!.Connections == 3);

        var refused = Connect(transport);
        Until(transport, () => transport.TcpStatistics!.Refused == 1);
        AssertClosed(refused);
        Assert.Equal(3, transport.TcpStatistics!.Connections);
    }

    [Fact]
    public void Connections_are_bounded_by_address_and_altogether()
    {
        var byAddress = Open(new TcpOptions { PerAddressMax = 2 });
        var altogether = Open(new TcpOptions { ConnectionsMax = 2 });
        foreach (var transport in new[] { byAddress, altogether })
        {
            Introduce(transport, Connect(transport));
            var second = Connect(transport);
            Introduce(transport, second);
            AssertClosed(Connect(transport), () => Receive(transport));
            Assert.Equal(1, transport.TcpStatistics!.Refused);

            // One that has gone makes room.
            second.Dispose();
            Until(transport, () => transport.TcpStatistics!.Connections == 1);
            Introduce(transport, Connect(transport));
        }
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        var transport = Open();
        var client = Connect(transport);
        var path = Introduce(transport, client);
        byte[] frames = [.. Enumerable.Range(0, 8).SelectMany(_ => TcpFrameBufferTests.Frame(new byte[1_000]))];
        byte[] received = new byte[frames.Length];
        long least = long.MaxValue;
        for (int measurement = 0; measurement < 10; measurement++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < 20; round++)
            {
                client.Send(frames);
                for (int taken = 0; taken < 8;)
                {
                    taken += transport.Receive(TimeSpan.FromMilliseconds(100));
                }

                for (int i = 0; i < 8; i++)
                {
                    _ = transport.GetBuffer();
                    transport.Commit(path, 1_000);
                }

                transport.Flush();
                for (int read = 0; read < received.Length;)
                {
                    read += client.Receive(received.AsSpan(read));
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_taken_port_is_refused_with_a_sentence_that_says_how_to_do_without()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var problem = Assert.Throws<MediaAddressException>(
            () => MediaSockets.Open([IPAddress.Loopback], port, new TcpOptions(), TimeProvider.System));

        Assert.StartsWith($"TCP port {port} cannot be opened on the address 127.0.0.1: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Dais:Media:Tcp=false", problem.Message, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _toDispose.ForEach(disposable => disposable.Dispose());

    private static void Send(DatagramTransport transport, NetworkPath path, ReadOnlySpan<byte> content)
    {
        content.CopyTo(transport.GetBuffer());
        transport.Commit(path, content.Length);
    }

    private static NetworkAddress Local(Socket client) =>
        NetworkAddress.From(((IPEndPoint)client.LocalEndPoint!).Address, ((IPEndPoint)client.LocalEndPoint!).Port);

    /// <summary>Once around as a worker, for those who look at what follows from it.</summary>
    private static int Receive(DatagramTransport transport)
    {
        int count = transport.Receive(TimeSpan.FromMilliseconds(1));
        transport.Flush();
        return count;
    }

    /// <summary>The next packet, whatever it came by.</summary>
    private byte[] Receive(DatagramTransport transport, out NetworkPath path)
    {
        if (_unread.TryDequeue(out var earlier))
        {
            path = earlier.Path;
            return earlier.Content;
        }

        Until(transport, () => _unread.Count > 0);
        return Receive(transport, out path);
    }

    private readonly Queue<(NetworkPath Path, byte[] Content)> _unread = new();

    private void Until(DatagramTransport transport, Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        do
        {
            int count = transport.Receive(TimeSpan.FromMilliseconds(1));
            for (int i = 0; i < count; i++)
            {
                byte[] content = transport.GetReceived(i, out var path).ToArray();
                _unread.Enqueue((path, content));
            }

            transport.Flush();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "It did not happen.");
        }
        while (!condition());
    }

    private static byte[] ReadFrame(Socket client, Action? meanwhile = null)
    {
        byte[] header = ReadExactly(client, 2, meanwhile);
        return ReadExactly(client, (header[0] << 8) | header[1], meanwhile);
    }

    private static byte[] ReadExactly(Socket client, int count, Action? meanwhile)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            while (meanwhile is not null && client.Available == 0)
            {
                meanwhile();
            }

            int more = client.Receive(bytes.AsSpan(read));
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }

    private static void AssertClosed(Socket client, Action? meanwhile = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!client.Poll(1_000, SelectMode.SelectRead))
        {
            meanwhile?.Invoke();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "The connection is still open.");
        }

        int count = client.Receive(new byte[100], SocketFlags.None, out var error);
        Assert.True(count == 0 || error is SocketError.ConnectionReset or SocketError.ConnectionAborted);
    }

    private DatagramTransport Open(TcpOptions? options = null, string address = "127.0.0.1")
    {
        var transport = MediaSockets.Open([IPAddress.Parse(address)], port: 0, options ?? new TcpOptions(), _time);
        _toDispose.Add(transport);
        return transport;
    }

    private Socket Connect(DatagramTransport transport, IPEndPoint? from = null)
    {
        var to = transport.LocalAddresses[0];
        var client = new Socket(to.ToIPAddress().AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000, NoDelay = true };
        _toDispose.Add(client);
        client.Bind(from ?? new IPEndPoint(to.ToIPAddress(), 0));
        client.Connect(new IPEndPoint(to.ToIPAddress(), to.Port));
        return client;
    }

    /// <summary>Sends a frame and is answered, as whoever knows a transport's secret.</summary>
    private NetworkPath Introduce(DatagramTransport transport, Socket client)
    {
        client.Send(TcpFrameBufferTests.Frame([0, 1, 2, 3]));
        Assert.Equal([0, 1, 2, 3], Receive(transport, out var path));
        Send(transport, path, [5]);
        transport.Flush();
        Assert.Equal([5], ReadFrame(client));
        return path;
    }
}

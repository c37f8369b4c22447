using System.Net;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media.Udp;

namespace Dais.Server.Tests.Media.Udp;

/// <summary>What every <see cref="DatagramTransport"/> keeps, tried on real loopback sockets.</summary>
public abstract class DatagramTransportContract : IDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    private readonly DatagramTransport _transport;
    private readonly Socket _peer = PeerSocket();

    protected DatagramTransportContract(Func<UdpSockets, DatagramTransport> open) =>
        _transport = open(UdpSockets.Bind([IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")], port: 0));

    private NetworkAddress Peer => NetworkAddress.From(IPAddress.Loopback, ((IPEndPoint)_peer.LocalEndPoint!).Port);

    [Fact]
    public void Both_sockets_are_on_the_same_port()
    {
        Assert.Equal(2, _transport.LocalAddresses.Length);
        Assert.NotEqual(0, _transport.LocalAddresses[0].Port);
        Assert.Equal(_transport.LocalAddresses[0].Port, _transport.LocalAddresses[1].Port);
        Assert.NotEqual(_transport.LocalAddresses[0], _transport.LocalAddresses[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_datagram_tells_the_socket_it_came_in_by_and_where_it_is_from(int socket)
    {
        SendFromPeer(socket, [1, 2, 3]);

        Assert.Equal(1, _transport.Receive(LongEnough));
        var datagram = _transport.GetReceived(0, out var path);
        Assert.Equal([1, 2, 3], datagram.ToArray());
        Assert.Equal(new NetworkPath(socket, Peer), path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_answer_comes_from_the_address_the_question_went_to(int socket)
    {
        Send(new NetworkPath(socket, Peer), [7, 8]);
        _transport.Flush();

        byte[] buffer = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length = _peer.ReceiveFrom(buffer, ref from);

        Assert.Equal([7, 8], buffer[..length]);
        Assert.Equal(_transport.LocalAddresses[socket], NetworkAddress.From(((IPEndPoint)from).Address, ((IPEndPoint)from).Port));
    }

    [Fact]
    public void Many_datagrams_come_in_batches_and_in_order_of_each_socket()
    {
        for (byte i = 0; i < 200; i++)
        {
            SendFromPeer(i % 2, [i]);
        }

        List<byte>[] received = [[], []];
        while (received[0].Count + received[1].Count < 200)
        {
            int count = _transport.Receive(LongEnough);
            Assert.InRange(count, 1, DatagramTransport.BatchMax);
            for (int i = 0; i < count; i++)
            {
                var datagram = _transport.GetReceived(i, out var path);
                received[path.Socket].Add(datagram[0]);
            }
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)(2 * i)), received[0]);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)((2 * i) + 1)), received[1]);
        Assert.Equal(200, _transport.Statistics.Received);
    }

    [Fact]
    public void More_sends_than_a_batch_holds_all_arrive()
    {
        const int Count = 3 * DatagramTransport.BatchMax / 2;
        for (int i = 0; i < Count; i++)
        {
            Send(new NetworkPath(i % 2, Peer), [(byte)i]);
        }

        _transport.Flush();

        HashSet<byte> arrived = [];
        byte[] buffer = new byte[100];
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(1, _peer.Receive(buffer));
            arrived.Add(buffer[0]);
        }

        Assert.Equal(Count, arrived.Count);
        Assert.Equal(Count, _transport.Statistics.Sent);
    }

    [Fact]
    public void Nothing_is_sent_before_the_flush_and_nothing_twice()
    {
        Send(new NetworkPath(0, Peer), [1]);
        Assert.Equal(0, _transport.Statistics.Sent);

        _transport.Flush();
        _transport.Flush();

        Assert.Equal(1, _transport.Statistics.Sent);
    }

    [Fact]
    public void Receiving_ends_when_the_time_is_over()
    {
        Assert.Equal(0, _transport.Receive(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, _transport.Receive(TimeSpan.Zero));
        Assert.Equal(0, _transport.Receive(TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public void A_wake_ends_the_wait_also_when_it_came_before_it()
    {
        _transport.Wake();
        _transport.Wake();
        Assert.Equal(0, _transport.Receive(Timeout.InfiniteTimeSpan));

        // One wake is one return: the next wait lasts its time.
        Assert.Equal(0, _transport.Receive(TimeSpan.FromMilliseconds(1)));

        _transport.Wake();
        Assert.Equal(0, _transport.Receive(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_wake_from_another_thread_ends_the_wait()
    {
        var waiting = Task.Run(() => _transport.Receive(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        _transport.Wake();

        Assert.Equal(0, await waiting.WaitAsync(LongEnough, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_wake_and_a_datagram_together_give_the_datagram()
    {
        SendFromPeer(0, [1]);
        _transport.Wake();

        Assert.Equal(1, _transport.Receive(LongEnough));
    }

    [Fact]
    public void What_cannot_be_sent_is_counted_and_the_rest_is_sent()
    {
        Send(new NetworkPath(0, Peer), [1]);
        Send(new NetworkPath(0, NetworkAddress.From(IPAddress.Parse("2001:db8::1"), 9)), [2]);
        Send(new NetworkPath(0, NetworkAddress.From(IPAddress.Loopback, 0)), [3]);
        Send(new NetworkPath(5, Peer), [4]);
        Send(new NetworkPath(0, Peer), [5]);
        _transport.Flush();

        byte[] buffer = new byte[100];
        _peer.Receive(buffer);
        Assert.Equal(1, buffer[0]);
        _peer.Receive(buffer);
        Assert.Equal(5, buffer[0]);
        Assert.Equal(2, _transport.Statistics.Sent);
        Assert.Equal(2, _transport.Statistics.SendErrors);
        Assert.Equal(1, _transport.Statistics.SendsDropped);
    }

    [Fact]
    public void A_closed_port_disturbs_nothing()
    {
        using (var gone = PeerSocket())
        {
            var address = NetworkAddress.From(IPAddress.Loopback, ((IPEndPoint)gone.LocalEndPoint!).Port);
            gone.Dispose();
            for (int i = 0; i < 3; i++)
            {
                Send(new NetworkPath(0, address), [1]);
                _transport.Flush();
            }
        }

        SendFromPeer(0, [2]);
        Assert.Equal(1, _transport.Receive(LongEnough));
    }

    [Fact]
    public void An_empty_datagram_and_one_of_full_size_are_received()
    {
        SendFromPeer(0, []);
        Assert.Equal(1, _transport.Receive(LongEnough));
        Assert.Equal(0, _transport.GetReceived(0, out _).Length);

        SendFromPeer(0, new byte[1500]);
        Assert.Equal(1, _transport.Receive(LongEnough));
        Assert.Equal(1500, _transport.GetReceived(0, out _).Length);
    }

    [Fact]
    public void A_datagram_larger_than_a_buffer_disturbs_nothing()
    {
        SendFromPeer(0, new byte[5000]);
        SendFromPeer(0, [1]);

        List<int> lengths = [];
        while (!lengths.Contains(1))
        {
            int count = _transport.Receive(LongEnough);
            for (int i = 0; i < count; i++)
            {
                lengths.Add(_transport.GetReceived(i, out _).Length);
            }
        }

        Assert.DoesNotContain(5000, lengths);
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        SendAndReceive(rounds: 10);

        // The runtime may compile a method anew in the middle of a measurement; what the code itself allocates shows in every one.
        long least = long.MaxValue;
        for (int measurement = 0; measurement < 5; measurement++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            SendAndReceive(rounds: 100);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Waking_after_the_end_does_nothing()
    {
        _transport.Dispose();
        _transport.Wake();
    }

    public void Dispose()
    {
        _transport.Dispose();
        _peer.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Socket PeerSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>The transport sends to itself, from one socket to the other.</summary>
    private void SendAndReceive(int rounds)
    {
        var path = new NetworkPath(0, _transport.LocalAddresses[1]);
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                _transport.GetBuffer()[0] = (byte)i;
                _transport.Commit(path, 1200);
            }

            _transport.Flush();
            int received = 0;
            while (received < 10)
            {
                int count = _transport.Receive(LongEnough);
                for (int i = 0; i < count; i++)
                {
                    _ = _transport.GetReceived(i, out _);
                }

                received += count;
            }
        }
    }

    private void Send(NetworkPath path, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_transport.GetBuffer());
        _transport.Commit(path, bytes.Length);
    }

    private void SendFromPeer(int socket, ReadOnlySpan<byte> bytes)
    {
        var to = _transport.LocalAddresses[socket];
        _peer.SendTo(bytes, new IPEndPoint(to.ToIPAddress(), to.Port));
    }
}

public sealed class LinuxDatagramTransportTests() : DatagramTransportContract(sockets => new LinuxDatagramTransport(sockets));

public sealed class PortableDatagramTransportTests() : DatagramTransportContract(sockets => new PortableDatagramTransport(sockets));

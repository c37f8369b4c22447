using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media.Relays;
using Dais.Server.Media.Udp;
using Dais.Sfu;

namespace Dais.Bench;

/// <summary>What forwarding one packet to one subscriber costs: CPU time of the worker's thread, and allocated bytes.</summary>
internal static class Forwarding
{
    private const int WarmUpRepetitions = 5;
    private const int ReceiverBufferBytes = 64 * 1024;

    /// <summary>Measures, prints, and returns 0.</summary>
    public static int Run(ForwardOptions options)
    {
        using var receivers = new Receivers(options.Subscribers);
        using var worker = new BenchedWorkers(receivers.Addresses, options);
        var nothing = new NullSink();
        Measure("null", options, worker, ref nothing, static _ => { });
        long expected = (long)options.Subscribers * options.Packets * (options.Repetitions + WarmUpRepetitions);
        Expect(expected, nothing.Count);

        ImmutableArray<IPAddress> loopback = [IPAddress.Loopback];
        using var transport = DatagramTransport.Open(loopback, port: 0);
        var sender = transport;
        Measure(transport is LinuxDatagramTransport ? "sendmmsg" : "socket", options, worker, ref sender, static sink => sink.Flush());
        Expect(expected, transport.Statistics.Sent);
        return 0;
    }

    private static void Measure<TSink>(
        string name, ForwardOptions options, BenchedWorkers worker, ref TSink sink, Action<TSink> flush)
        where TSink : ITransmitSink
    {
        double[] nanoseconds = new double[options.Repetitions];
        long allocated = 0;
        for (int i = -WarmUpRepetitions; i < options.Repetitions; i++)
        {
            byte[][] packets = worker.MakePackets(options.Packets);
            long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
            long before = ThreadCpuClock.Nanoseconds;
            worker.Forward(packets, ref sink);
            flush(sink);
            long spent = ThreadCpuClock.Nanoseconds - before;
            if (i >= 0)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
                nanoseconds[i] = (double)spent / (options.Packets * options.Subscribers);
            }
        }

        Print(name, options, nanoseconds, allocated);
    }

    private static void Print(string name, ForwardOptions options, double[] nanoseconds, long allocated)
    {
        name = options.Relayed ? $"{name}-relayed" : name;
        if (options.Raw)
        {
            foreach (double each in nanoseconds)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {each:F1}"));
            }

            return;
        }

        Array.Sort(nanoseconds);
        double bytes = (double)allocated / ((long)options.Repetitions * options.Packets * options.Subscribers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-16} {options.Subscribers} subscribers, 1200-byte packets, {options.Repetitions} repetitions: "
            + $"{nanoseconds[nanoseconds.Length / 2]:F0} ns CPU per forwarded packet (min {nanoseconds[0]:F0}, max {nanoseconds[^1]:F0}), "
            + $"{bytes:0.###} bytes allocated per forwarded packet"));
    }

    private static void Expect(long expected, long actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{actual} packets were forwarded; {expected} should have been.");
        }
    }

    /// <summary>The worker of the subscribers, and that of the publisher: the same, or another behind a ring. One thread runs both.</summary>
    private sealed class BenchedWorkers : IDisposable
    {
        private readonly ConnectedWorker _near;
        private readonly ConnectedWorker _far;

        public BenchedWorkers(NetworkAddress[] receivers, ForwardOptions options)
        {
            if (!options.Relayed)
            {
                _near = _far = new ConnectedWorker(receivers, numbered: options.Numbered);
                return;
            }

            var mesh = new RelayMesh(2);
            _near = new ConnectedWorker([], mesh.PortOf(0));
            _far = new ConnectedWorker(receivers, mesh.PortOf(1), _near.Published, options.Numbered);
            _near.Drain(from: 1);
        }

        public byte[][] MakePackets(int count) => _near.MakePackets(count);

        public void Forward<TSink>(byte[][] packets, ref TSink sink)
            where TSink : ITransmitSink
        {
            _near.Forward(packets, ref sink);
            if (_far != _near)
            {
                _far.Drain(from: 0, ref sink);
            }
        }

        public void Dispose()
        {
            _near.Dispose();
            _far.Dispose();
        }
    }

    /// <summary>Bound sockets on loopback that nobody reads: a closed port would be answered, which costs the sender.</summary>
    private sealed class Receivers : IDisposable
    {
        private readonly Socket[] _sockets;

        public Receivers(int count)
        {
            _sockets = new Socket[count];
            var addresses = new NetworkAddress[count];
            for (int i = 0; i < count; i++)
            {
                _sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiverBufferBytes };
                _sockets[i].Bind(new IPEndPoint(IPAddress.Loopback, 0));
                addresses[i] = NetworkAddress.From(IPAddress.Loopback, ((IPEndPoint)_sockets[i].LocalEndPoint!).Port);
            }

            Addresses = addresses;
        }

        public NetworkAddress[] Addresses { get; }

        public void Dispose()
        {
            foreach (var socket in _sockets)
            {
                socket.Dispose();
            }
        }
    }
}

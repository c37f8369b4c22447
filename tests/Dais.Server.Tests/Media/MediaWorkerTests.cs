using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Stun;
using Dais.Server.Media;
using Dais.Server.Media.Tcp;
using Dais.Server.Media.Udp;
using Dais.Sfu;
using Dais.Simulation.Dtls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Media;

public sealed class MediaWorkerTests : IDisposable
{
    private static readonly DtlsFingerprint Fingerprint = new(string.Join(':', Enumerable.Repeat("AB", 32)));

    private static readonly ImmutableArray<LocalAddress> Addresses =
    [
        new(IPAddress.Loopback, IPAddress.Parse("203.0.113.5")), new(IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.2")),
    ];

    private readonly HookedDtls _dtls = new();
    private readonly List<IDisposable> _toDispose = [];

    [Fact]
    public void Candidates_are_the_advertised_addresses_on_the_bound_port()
    {
        var worker = Start();

        Assert.Equal(["203.0.113.5", "127.0.0.2"], worker.Candidates.Select(candidate => candidate.ToIPAddress().ToString()));
        Assert.NotEqual(0, worker.Candidates[0].Port);
        Assert.Equal(worker.Candidates[0].Port, worker.Candidates[1].Port);
        Assert.Equal(worker.Candidates, worker.TcpCandidates);
        Assert.True(worker.IsRunning);
    }

    [Fact]
    public void A_check_by_TCP_is_answered_and_one_of_a_stranger_is_not()
    {
        var worker = Start();
        Assert.True(worker.TryPost(Open(1)));
        var server = new IPEndPoint(IPAddress.Loopback, worker.TcpCandidates[0].Port);
        using var stranger = Connect();
        using var client = Connect();
        stranger.Send(Framed(Check(2)));

        byte[] answer = new byte[1500];
        int length = 0;
        for (int attempt = 0; attempt < 50 && length == 0; attempt++)
        {
            client.Send(Framed(Check(1)));
            length = client.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead) ? client.Receive(answer) : 0;
        }

        // As the worker's thread took the stranger's check first, its answer would be there by now.
        Assert.Equal(0, stranger.Available);
        Assert.True(StunMessage.TryParse(answer.AsSpan(2, (answer[0] << 8) | answer[1]), out var message));
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, mapped.Port);

        Socket Connect()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(server);
            return socket;
        }

        static byte[] Framed(byte[] content) => [(byte)(content.Length >> 8), (byte)content.Length, .. content];
    }

    [Fact]
    public void A_check_of_a_transport_is_answered_from_the_address_it_was_sent_to()
    {
        var worker = Start();
        Assert.True(worker.TryPost(Open(1)));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 200 };
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = new IPEndPoint(IPAddress.Parse("127.0.0.2"), worker.Candidates[1].Port);

        byte[] answer = new byte[1500];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length = Exchange(client, Check(1), server, answer, ref from);

        Assert.Equal(server, from);
        Assert.True(StunMessage.TryParse(answer.AsSpan(0, length), out var message));
        Assert.Equal(StunClass.SuccessResponse, message.Class);
        Assert.True(message.TryGetXorMappedAddress(out var mapped));
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, mapped.Port);
    }

    [Fact]
    public async Task A_deadline_of_the_core_is_kept_and_its_event_told()
    {
        var worker = Start(settings: new SfuOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        worker.TryPost(Open(1));

        Assert.Equal(new SfuEvent.TransportClosed(new TransportId(1), TransportCloseReason.ConnectTimeout), await NextEventAsync(worker));
    }

    [Fact]
    public async Task Events_nobody_reads_are_kept()
    {
        var worker = Start(
            new MediaWorkerOptions { EventsCapacity = 1 }, new SfuOptions { ConnectTimeout = TimeSpan.FromMilliseconds(10) });
        for (int id = 1; id <= 20; id++)
        {
            worker.TryPost(Open(id));
        }

        HashSet<long> closed = [];
        while (closed.Count < 20)
        {
            closed.Add(Assert.IsType<SfuEvent.TransportClosed>(await NextEventAsync(worker)).Id.Value);
        }
    }

    [Fact]
    public async Task A_mistake_in_the_core_is_counted_and_the_worker_lives_on()
    {
        var worker = Start(settings: new SfuOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        _dtls.OnCreate = () => throw new InvalidOperationException("A mistake.");
        worker.TryPost(Open(1));
        Assert.True(SpinWait.SpinUntil(() => worker.Failures == 1, TimeSpan.FromSeconds(45)));

        _dtls.OnCreate = () => { };
        worker.TryPost(Open(2));

        Assert.Equal(2, Assert.IsType<SfuEvent.TransportClosed>(await NextEventAsync(worker)).Id.Value);
        Assert.True(worker.IsRunning);
    }

    [Fact]
    public void A_full_inbox_is_said_to_the_caller()
    {
        var worker = Start(new MediaWorkerOptions { InboxCapacity = 2 });
        using var entered = new ManualResetEventSlim();
        using var released = new ManualResetEventSlim();
        _dtls.OnCreate = () =>
        {
            entered.Set();
            released.Wait();
        };
        worker.TryPost(Open(1));
        entered.Wait(TestContext.Current.CancellationToken);

        Assert.True(worker.TryPost(new SfuCommand.CloseTransport(new TransportId(1))));
        Assert.True(worker.TryPost(new SfuCommand.CloseTransport(new TransportId(1))));
        Assert.False(worker.TryPost(new SfuCommand.CloseTransport(new TransportId(1))));
        released.Set();
    }

    [Fact]
    public async Task After_the_end_it_takes_nothing_and_its_events_are_complete()
    {
        var worker = Start();
        worker.Dispose();
        worker.Dispose();

        Assert.False(worker.IsRunning);
        Assert.False(worker.TryPost(Open(1)));
        await worker.Events.Completion.WaitAsync(TimeSpan.FromSeconds(45), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Random_bytes_change_nothing()
    {
        var worker = Start();
        worker.TryPost(Open(1));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 200 };
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = new IPEndPoint(IPAddress.Loopback, worker.Candidates[0].Port);
        var random = new Random(1);
        byte[] bytes = new byte[1500];
        for (int i = 0; i < 500; i++)
        {
            random.NextBytes(bytes);
            client.SendTo(bytes.AsSpan(0, random.Next(bytes.Length)), server);
        }

        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.NotEqual(0, Exchange(client, Check(1), server, bytes, ref from));
        Assert.Equal(0, worker.Failures);
    }

    public void Dispose() => _toDispose.ForEach(disposable => disposable.Dispose());

    private static SfuCommand.OpenPublisher Open(long id) => new(
        new TransportId(id),
        new ParticipantId(id),
        new TransportParameters(Credentials("server", id), Credentials("client", id), Fingerprint),
        []);

    private static IceCredentials Credentials(string side, long id) => new($"{side}{id}", $"password+of+{side}+{id}+enough+characters");

    /// <summary>The connectivity check of transport <paramref name="id"/>'s client.</summary>
    private static byte[] Check(long id)
    {
        byte[] bytes = new byte[500];
        var writer = new StunWriter(bytes, StunClass.Request, new byte[StunMessage.TransactionIdBytes]);
        writer.Add(StunAttributeType.Username, Encoding.UTF8.GetBytes($"server{id}:client{id}"));
        writer.AddPriority(1);
        writer.AddIceControlling(7);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(Credentials("server", id).Password));
        writer.AddFingerprint();
        return bytes[..writer.Length];
    }

    /// <summary>
    /// Sends until an answer comes, as ICE does: the command that opens the transport may be behind the first check.
    /// </summary>
    private static int Exchange(Socket client, byte[] question, IPEndPoint server, byte[] answer, ref EndPoint from)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            client.SendTo(question, server);
            try
            {
                return client.ReceiveFrom(answer, ref from);
            }
            catch (SocketException timeout) when (timeout.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Lost or too early: once more.
            }
        }

        return 0;
    }

    private static async Task<SfuEvent> NextEventAsync(MediaWorker worker) =>
        await worker.Events.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(45));

    private MediaWorker Start(MediaWorkerOptions? options = null, SfuOptions? settings = null)
    {
        var worker = new MediaWorker(
            new SfuWorker(_dtls, settings),
            MediaSockets.Open([.. Addresses.Select(address => address.Local)], port: 0, new TcpOptions(), TimeProvider.System),
            Addresses,
            options ?? new MediaWorkerOptions(),
            TimeProvider.System,
            NullLogger<MediaWorker>.Instance);
        _toDispose.Add(worker);
        return worker;
    }

    /// <summary>The scripted DTLS with a hook where a session is made.</summary>
    private sealed class HookedDtls : IDtlsSessionFactory
    {
        private readonly ScriptedDtls _inner = new(Fingerprint, seed: 1);

        public Action OnCreate { get; set; } = () => { };

        public DtlsFingerprint LocalFingerprint => _inner.LocalFingerprint;

        public IDtlsSession CreatePassive(DtlsFingerprint remote)
        {
            OnCreate();
            return _inner.CreatePassive(remote);
        }

        public IDtlsSession CreateActive(DtlsFingerprint remote, Timestamp now) => _inner.CreateActive(remote, now);
    }
}

using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Rtp;
using Dais.Server.Media.Relays;
using Dais.Sfu;
using Dais.Simulation;
using Dais.Simulation.Dtls;
using Dais.Simulation.Peers;

namespace Dais.Bench;

/// <summary>
/// A whole worker with many subscribers, and one publisher or one of another worker, all connected, in one thread and without a network.
/// </summary>
internal sealed class ConnectedWorker : IDisposable
{
    private const uint Ssrc = 0x1234_5678;
    private const byte PayloadType = 96;
    private const int PacketBytes = 1200;

    private static readonly StageId Stage = new(1);
    private static readonly DtlsFingerprint ServerFingerprint = new("5E:4F");
    private static readonly DtlsFingerprint ClientFingerprint = new("C1:1E");

    private readonly Dictionary<NetworkPath, ScriptedTransport> _clients = [];
    private CollectingSink _sink = new();
    private readonly byte[] _header = new byte[RtpPacket.FixedHeaderLength];
    private readonly byte[] _payload = new byte[PacketBytes - RtpPacket.FixedHeaderLength];
    private readonly RelayPort? _relays;
    private readonly NetworkPath _publisherPath = new(0, NetworkAddress.FromIPv4(0x0A00_0001, 5000));
    private ulong _nextIndex = 1;
    private int _nextTransport = 1;

    /// <summary>Connects a publisher, and a subscriber behind each of <paramref name="receivers"/>.</summary>
    /// <param name="receivers">Where the subscribers are.</param>
    /// <param name="relays">The way to another worker, or null.</param>
    /// <param name="remote">What the other worker, which has the publisher, told of it; null for a publisher of this worker.</param>
    /// <param name="numbered">Whether viewers get packets numbered for transport-wide feedback.</param>
    public ConnectedWorker(
        ReadOnlySpan<NetworkAddress> receivers, RelayPort? relays = null, RemotePublisher? remote = null, bool numbered = false)
    {
        new Random(1).NextBytes(_payload);
        _relays = relays;
        relays?.Attach(static () => { });
        Worker = new SfuWorker(new ScriptedDtls(ServerFingerprint, seed: 1), relays: relays);
        var publisher = new TransportId(1);
        var track = new PublishedTrack(TrackKind.Video, "0", Codec.Vp8, PayloadType, Ssrc, default);
        Published = new RemotePublisher(0, new ParticipantId(1), [track]);
        if (remote is null)
        {
            publisher = AddClient(_publisherPath, out var parameters);
            Worker.HandleCommand(new SfuCommand.OpenPublisher(publisher, Published.Participant, parameters, [track]), Now, ref _sink);
        }
        else
        {
            _nextTransport++;
        }

        foreach (var receiver in receivers)
        {
            var id = AddClient(new NetworkPath(0, receiver), out var parameters);
            var section = new SlotTrack(
                "0",
                0x2000_0000 + (uint)id.Value,
                ImmutableDictionary<Codec, byte>.Empty.Add(Codec.Vp8, 120),
                new RtpExtensionIds { TransportSequenceNumber = numbered ? (byte)3 : (byte)0 });
            Worker.HandleCommand(
                new SfuCommand.OpenSubscriber(
                    id, new ParticipantId(id.Value), parameters, Stage, [new SubscriberSlot(0, null, section)]),
                Now,
                ref _sink);
        }

        Worker.HandleCommand(new SfuCommand.SetStage(Stage, [new StageSlot(0, publisher, Remote: remote)]), Now, ref _sink);
        Connect();
    }

    /// <summary>The publisher as other workers know it.</summary>
    public RemotePublisher Published { get; }

    /// <summary>The worker.</summary>
    public SfuWorker Worker { get; }

    /// <summary>The present; stands still while measured, so that no timer runs out.</summary>
    public Timestamp Now { get; } = new(1_000_000);

    /// <summary>Protects the publisher's next packets, as they arrive at the worker; the first of all is a keyframe.</summary>
    public byte[][] MakePackets(int count)
    {
        var output = new Recording();
        var transport = _clients[_publisherPath];
        for (int i = 0; i < count; i++)
        {
            new SyntheticPayload(1, (uint)_nextIndex, 0, IsKeyframe: _nextIndex == 1).Write(TrackKind.Video, _payload);
            var header = new RtpHeaderWriter(_header, true, PayloadType, (ushort)_nextIndex, (uint)_nextIndex * 3000, Ssrc);
            transport.SendRtp(_header, header.Complete(), _payload, _nextIndex++, output);
        }

        return [.. output.Datagrams];
    }

    /// <summary>Feeds the publisher's packets to the worker.</summary>
    public void Forward<TSink>(byte[][] packets, ref TSink sink)
        where TSink : ITransmitSink
    {
        foreach (byte[] packet in packets)
        {
            Worker.HandleDatagram(_publisherPath, packet, Now, ref sink);
        }
    }

    /// <summary>Feeds the worker what the other one, number <paramref name="from"/>, has sent by the ring.</summary>
    public void Drain<TSink>(int from, ref TSink sink)
        where TSink : ITransmitSink
    {
        _relays!.Look();
        while (_relays.TryPeek(from, out var message, out var packet))
        {
            Worker.HandleRelayed(from, message, packet, Now, ref sink);
            _relays.Release(from);
        }
    }

    /// <summary>Takes what the other worker has said while it was set up.</summary>
    public void Drain(int from) => Drain(from, ref _sink);

    /// <inheritdoc/>
    public void Dispose()
    {
        Worker.Dispose();
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private TransportId AddClient(NetworkPath path, out TransportParameters parameters)
    {
        int number = _nextTransport++;
        var local = SessionDescriptions.MakeCredentials($"server-{number}");
        var remote = SessionDescriptions.MakeCredentials($"client-{number}");
        var dtls = new ScriptedDtls(ClientFingerprint, seed: number);
        _clients.Add(path, new ScriptedTransport(remote, local, dtls, ServerFingerprint, number, Now));
        parameters = new TransportParameters(local, remote, ClientFingerprint);
        return new TransportId(number);
    }

    private void Connect()
    {
        foreach (var (path, client) in _clients)
        {
            client.HandleTimeout(Now, new ToWorker(this, path));
        }

        while (_sink.Datagrams.TryDequeue(out var next))
        {
            var client = _clients[next.Path];
            client.HandleDatagram(next.Datagram, Now, new ToWorker(this, next.Path), out _);
        }

        if (_clients.Values.Any(client => !client.IsConnected))
        {
            throw new InvalidOperationException("Not every client could be connected.");
        }
    }

    private sealed class ToWorker(ConnectedWorker owner, NetworkPath path) : IDatagramOutput
    {
        public void Send(ReadOnlySpan<byte> datagram) =>
            owner.Worker.HandleDatagram(path, datagram.ToArray(), owner.Now, ref owner._sink);
    }

    private sealed class Recording : IDatagramOutput
    {
        public List<byte[]> Datagrams { get; } = [];

        public void Send(ReadOnlySpan<byte> datagram) => Datagrams.Add(datagram.ToArray());
    }
}

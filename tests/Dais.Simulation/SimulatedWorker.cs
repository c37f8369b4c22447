using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Rtcp;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;
using Dais.Sfu;
using Dais.Sfu.Relays;
using Dais.Simulation.Dtls;
using Dais.Simulation.Network;
using Dais.Simulation.Peers;

namespace Dais.Simulation;

/// <summary>How a simulation is set up.</summary>
public sealed record SimulationOptions
{
    /// <summary>Decides everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The worker's settings.</summary>
    public SfuOptions Worker { get; init; } = new() { NtpAtZero = new NtpTimestamp(0xE000_0000_0000_0000) };

    /// <summary>The way from each client to the server.</summary>
    public LinkProfile Uplink { get; init; } = LinkProfile.Perfect;

    /// <summary>The way from the server to each client.</summary>
    public LinkProfile Downlink { get; init; } = LinkProfile.Perfect;

    /// <summary>The SRTP profile agreed on.</summary>
    public SrtpProfile Profile { get; init; } = SrtpProfile.AeadAes128Gcm;

    /// <summary>Makes the worker's DTLS sessions; null for scripted ones. Real ones make a run depend on the system's clock.</summary>
    public IDtlsSessionFactory? ServerDtls { get; init; }

    /// <summary>Makes the clients' DTLS sessions; null for scripted ones.</summary>
    public IDtlsSessionFactory? ClientDtls { get; init; }

    /// <summary>The way to other workers; null when there are none.</summary>
    public IRelaySink? Relays { get; init; }

    /// <summary>The id of the first transport: workers that relay to each other have none in common.</summary>
    public int FirstTransport { get; init; } = 1;
}

/// <summary>A whole worker with scripted clients on a virtual network and clock: minutes pass in milliseconds, and equal seeds give equal runs.</summary>
public sealed class SimulatedWorker : IDisposable
{
    private const int ServerSocket = 0;

    private static readonly DtlsFingerprint ServerFingerprint = new("5E:4F");
    private static readonly DtlsFingerprint ClientFingerprint = new("C1:1E");

    private readonly SimulationOptions _options;
    private readonly IDtlsSessionFactory _serverDtls;
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dictionary<NetworkAddress, SimulatedClient> _byAddress = [];
    private readonly Dictionary<IScriptedPeer, SimulatedClient> _byPeer = [];
    private readonly byte[] _received = new byte[SfuLimits.DatagramBytesMax];
    private readonly byte[] _sending = new byte[SfuLimits.DatagramBytesMax];
    private int _nextTransport;
    private (NetworkAddress From, byte PayloadType)? _losing;
    private Timestamp _workerStallsUntil;

    /// <summary>A worker nobody has connected to yet.</summary>
    public SimulatedWorker(SimulationOptions? options = null)
    {
        _options = options ?? new SimulationOptions();
        _serverDtls = _options.ServerDtls ?? new ScriptedDtls(ServerFingerprint, _options.Seed, _options.Profile);
        Worker = new SfuWorker(_serverDtls, _options.Worker, _options.Relays);
        _nextTransport = _options.FirstTransport;
    }

    /// <summary>The worker.</summary>
    public SfuWorker Worker { get; }

    /// <summary>The present.</summary>
    public Timestamp Now { get; private set; } = new(1_000_000);

    /// <summary>The seed, for messages of failed assertions.</summary>
    public int Seed => _options.Seed;

    /// <summary>What the worker told, in order.</summary>
    public List<SfuEvent> Events { get; } = [];

    /// <summary>Datagrams the worker sent to addresses where no client is.</summary>
    public int DatagramsToStrangers { get; private set; }

    /// <summary>Datagrams the worker sent in all.</summary>
    public long DatagramsSent { get; private set; }

    /// <summary>Whether what the worker sends is kept in <see cref="Sent"/>.</summary>
    public bool RecordsSent { get; set; }

    /// <summary>What the worker sent while it was recorded, and where to.</summary>
    public List<(NetworkAddress To, byte[] Datagram)> Sent { get; } = [];

    /// <summary>Adds a publisher and tells the worker of it.</summary>
    public ScriptedPublisher AddPublisher(
        long participant, ScriptedTrackOptions? audio = null, ScriptedTrackOptions? video = null, bool announcesSsrcs = true)
    {
        var parameters = NextParameters(out var id, out var transport);
        uint source = (uint)participant;
        uint audioSsrc = ((uint)id.Value * 0x1000) + 1;
        uint videoSsrc = audioSsrc + 1;
        var ids = SessionDescriptions.PublisherExtensions;
        var audioTrack = WithRepeats(
            new PublishedTrack(TrackKind.Audio, "0", Codec.Opus, 111, announcesSsrcs ? audioSsrc : null, ids), audio, audioSsrc);
        var videoTrack = WithRepeats(
            new PublishedTrack(TrackKind.Video, "1", Codec.Vp8, 96, announcesSsrcs ? videoSsrc : null, ids), video, videoSsrc);
        var publisher = new ScriptedPublisher(
            id,
            new ParticipantId(participant),
            transport,
            [
                new ScriptedTrack(audioTrack, source, audioSsrc, audio ?? new ScriptedTrackOptions()),
                new ScriptedTrack(videoTrack, source, videoSsrc, video ?? new ScriptedTrackOptions()),
            ],
            new NtpTimestamp(0xD000_0000_0000_0000 + ((ulong)participant << 40)));
        Add(publisher, id);
        Command(new SfuCommand.OpenPublisher(id, publisher.Participant, parameters, [audioTrack, videoTrack]));
        return publisher;
    }

    /// <summary>
    /// Adds a publisher whose picture comes in several encodings, which say they are from ten times the participant and their place, and tells
    /// the worker of it.
    /// </summary>
    public ScriptedPublisher AddLayeredPublisher(long participant, params ReadOnlySpan<ScriptedTrackOptions> layers) =>
        AddLayeredPublisher(participant, layers, new ScriptedTrackOptions());

    /// <summary>The same, with sound as it is to be sent.</summary>
    public ScriptedPublisher AddLayeredPublisher(long participant, ReadOnlySpan<ScriptedTrackOptions> layers, ScriptedTrackOptions audio)
    {
        var parameters = NextParameters(out var id, out var transport);
        uint firstSsrc = ((uint)id.Value * 0x1000) + 1;
        var ids = SessionDescriptions.PublisherExtensions;
        var sound = WithRepeats(new PublishedTrack(TrackKind.Audio, "0", Codec.Opus, 111, firstSsrc, ids), audio, firstSsrc);
        var tracks = new List<ScriptedTrack> { new(sound, (uint)participant, firstSsrc, audio) };
        for (int i = 0; i < layers.Length; i++)
        {
            var track = new PublishedTrack(TrackKind.Video, "1", Codec.Vp8, 96, null, ids) { Rid = "qhf"[i].ToString() };
            uint ssrc = firstSsrc + 1 + (uint)i;
            tracks.Add(new ScriptedTrack(
                WithRepeats(track, layers[i], ssrc), ((uint)participant * 10) + (uint)i, ssrc, layers[i]));
        }

        var publisher = new ScriptedPublisher(
            id, new ParticipantId(participant), transport, [.. tracks], new NtpTimestamp(0xD000_0000_0000_0000 + ((ulong)participant << 40)));
        Add(publisher, id);
        Command(new SfuCommand.OpenPublisher(id, publisher.Participant, parameters, [.. tracks.Select(track => track.Track)]));
        return publisher;
    }

    /// <summary>Adds a subscriber and tells the worker of it; without a stage, one that waits for its own.</summary>
    public ScriptedSubscriber AddSubscriber(
        long participant,
        StageId? stage,
        int slots = 3,
        ImmutableDictionary<Codec, byte>? videoPayloadTypes = null,
        RepeatMode repeats = RepeatMode.None,
        byte? redundancyType = null,
        RepeatMode? soundRepeats = null)
    {
        var parameters = NextParameters(out var id, out var transport);
        var described = SessionDescriptions.MakeSlots((uint)id.Value * 0x1000, slots, videoPayloadTypes, repeats, redundancyType, soundRepeats);
        var subscriber = new ScriptedSubscriber(id, transport, described);
        Add(subscriber, id);
        Command(new SfuCommand.OpenSubscriber(id, new ParticipantId(participant), parameters, stage, [.. described]));
        return subscriber;
    }

    /// <summary>Says who is on which slot of a stage.</summary>
    public void SetStage(StageId stage, params ReadOnlySpan<StageSlot> slots) => Command(new SfuCommand.SetStage(stage, [.. slots]));

    /// <summary>Gives the worker a command.</summary>
    public void Command(SfuCommand command)
    {
        var sink = new NetworkSink(this);
        Worker.HandleCommand(command, Now, ref sink);
        CollectEvents();
    }

    /// <summary>Restarts ICE of a client's transport with new credentials on both sides.</summary>
    public void RestartIce(ScriptedTransport transport, TransportId id)
    {
        var local = SessionDescriptions.MakeCredentials($"restarted-server-{id.Value}-{Now.Microseconds}");
        var remote = SessionDescriptions.MakeCredentials($"restarted-client-{id.Value}-{Now.Microseconds}");
        transport.RestartIce(remote, local, _options.Seed + (int)Now.Microseconds, Now);
        Command(new SfuCommand.RestartIce(id, local, remote));
    }

    /// <summary>Feeds the worker a datagram as if it came from <paramref name="from"/>.</summary>
    public void Inject(NetworkAddress from, ReadOnlySpan<byte> datagram)
    {
        datagram.CopyTo(_received);
        var sink = new NetworkSink(this);
        Worker.HandleDatagram(new NetworkPath(ServerSocket, from), _received.AsSpan(0, datagram.Length), Now, ref sink);
        CollectEvents();
    }

    /// <summary>Feeds the worker what another one says.</summary>
    public void InjectRelayed(int worker, in RelayMessage message, ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_received);
        var sink = new NetworkSink(this);
        Worker.HandleRelayed(worker, message, _received.AsSpan(0, packet.Length), Now, ref sink);
        CollectEvents();
    }

    /// <summary>Where a peer sends; for calls that make it send out of turn.</summary>
    public IDatagramOutput OutputOf(IScriptedPeer peer) => new ClientOutput(this, _byPeer[peer]);

    /// <summary>The address a peer sends from.</summary>
    public NetworkAddress AddressOf(IScriptedPeer peer) => _byPeer[peer].Address;

    /// <summary>The link from a peer to the server.</summary>
    public Link UplinkOf(IScriptedPeer peer) => _byPeer[peer].Uplink;

    /// <summary>The link from the server to a peer.</summary>
    public Link DownlinkOf(IScriptedPeer peer) => _byPeer[peer].Downlink;

    /// <summary>Loses the next RTP packet of a payload type on the way from a peer to the worker.</summary>
    public void LoseNext(IScriptedPeer peer, byte payloadType) => _losing = (_byPeer[peer].Address, payloadType);

    /// <summary>Moves a peer to another address, as a client that changes networks does.</summary>
    public void Move(IScriptedPeer peer)
    {
        var client = _byPeer[peer];
        client.Address = client.Address with { Port = (ushort)(client.Address.Port + 1) };
        _byAddress[client.Address] = client;
    }

    /// <summary>The worker does not run before <paramref name="until"/>: what comes for it waits, and its timers do.</summary>
    public void StallWorkerUntil(Timestamp until) => _workerStallsUntil = until;

    /// <summary>A peer does not run before <paramref name="until"/>: what comes for it waits, and its timers do.</summary>
    public void StallPeerUntil(IScriptedPeer peer, Timestamp until) => _byPeer[peer].StallsUntil = until;

    /// <summary>Lets <paramref name="duration"/> pass.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(() => false, duration);

    /// <summary>Lets time pass until <paramref name="condition"/> holds; false when it does not within <paramref name="limit"/>.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (!condition())
        {
            var next = NextTimeout;
            if (next > end)
            {
                Now = end;
                return condition();
            }

            Advance(next);
        }

        return true;
    }

    /// <summary>When something happens next.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            var next = Later(Worker.NextTimeout, _workerStallsUntil);
            foreach (var client in _clients)
            {
                next = Earlier(next, Later(client.Uplink.NextTimeout, _workerStallsUntil));
                next = Earlier(next, Later(Earlier(client.Peer.NextTimeout, client.Downlink.NextTimeout), client.StallsUntil));
            }

            return next;
        }
    }

    /// <summary>Lets happen what is due at <paramref name="now"/>; one in the past is the present.</summary>
    public void Advance(Timestamp now)
    {
        Now = now > Now ? now : Now;
        Step();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Worker.Dispose();
        foreach (var client in _clients)
        {
            (client.Peer as IDisposable)?.Dispose();
        }
    }

    private void Step()
    {
        foreach (var client in _clients)
        {
            while (Now >= _workerStallsUntil && client.Uplink.TryReceive(Now, out byte[] datagram))
            {
                if (_losing == (client.Address, (byte)(datagram[1] & 0x7F)) && Datagram.Classify(datagram) == DatagramKind.Rtp)
                {
                    _losing = null;
                    continue;
                }

                Inject(client.Address, datagram);
            }

            while (Now >= client.StallsUntil && client.Downlink.TryReceive(Now, out byte[] datagram))
            {
                client.Peer.HandleDatagram(datagram, Now, new ClientOutput(this, client));
            }

            if (client.Peer.NextTimeout <= Now && Now >= client.StallsUntil)
            {
                client.Peer.HandleTimeout(Now, new ClientOutput(this, client));
            }
        }

        if (Worker.NextTimeout <= Now && Now >= _workerStallsUntil)
        {
            var sink = new NetworkSink(this);
            Worker.HandleTimeout(Now, ref sink);
            CollectEvents();
        }
    }

    private static PublishedTrack WithRepeats(PublishedTrack track, ScriptedTrackOptions? options, uint ssrc)
    {
        var repeats = options?.Repeats ?? RepeatMode.None;
        uint? own = track.Ssrc is null ? null : ScriptedTrack.RetransmissionSsrcOf(ssrc);
        return track with
        {
            RedundancyPayloadType = options?.SendsRedundancy == true && track.Kind == TrackKind.Audio ? 63 : null,
            AnswersNack = repeats != RepeatMode.None,
            Retransmission = repeats == RepeatMode.OwnStream ? new PublishedRetransmission((byte)(track.PayloadType - 60), own) : null,
        };
    }

    private static Timestamp Later(Timestamp left, Timestamp right) => left > right ? left : right;

    private static Timestamp Earlier(Timestamp left, Timestamp right) => left < right ? left : right;

    private void Add(IScriptedPeer peer, TransportId id)
    {
        var client = new SimulatedClient(
            peer,
            NetworkAddress.FromIPv4(0x0A00_0000u + (uint)id.Value, 50_000),
            new Link(_options.Uplink, HashCode(_options.Seed, (int)id.Value, 1)),
            new Link(_options.Downlink, HashCode(_options.Seed, (int)id.Value, 2)));
        _clients.Add(client);
        _byAddress.Add(client.Address, client);
        _byPeer.Add(peer, client);
    }

    /// <summary>Mixes seeds; the framework's own hash differs from run to run.</summary>
    private static int HashCode(int seed, int id, int direction) => (((seed * 31) + id) * 31) + direction;

    private TransportParameters NextParameters(out TransportId id, out ScriptedTransport transport)
    {
        id = new TransportId(_nextTransport++);
        var local = SessionDescriptions.MakeCredentials($"server-{id.Value}");
        var remote = SessionDescriptions.MakeCredentials($"client-{id.Value}");
        int seed = HashCode(_options.Seed, (int)id.Value, 3);
        var dtls = _options.ClientDtls ?? new ScriptedDtls(ClientFingerprint, seed, _options.Profile);
        transport = new ScriptedTransport(remote, local, dtls, _serverDtls.LocalFingerprint, seed, Now);
        return new TransportParameters(local, remote, dtls.LocalFingerprint);
    }

    private void CollectEvents()
    {
        while (Worker.TryDequeue(out var happened))
        {
            Events.Add(happened!);
        }
    }

    private void SendToClient(in NetworkPath path, int length)
    {
        DatagramsSent++;
        if (RecordsSent)
        {
            Sent.Add((path.Remote, _sending[..length]));
        }

        if (_byAddress.TryGetValue(path.Remote, out var client))
        {
            client.Downlink.Send(_sending.AsSpan(0, length), Now);
        }
        else
        {
            DatagramsToStrangers++;
        }
    }

    private sealed class SimulatedClient(IScriptedPeer peer, NetworkAddress address, Link uplink, Link downlink)
    {
        public IScriptedPeer Peer { get; } = peer;

        public NetworkAddress Address { get; set; } = address;

        public Timestamp StallsUntil { get; set; }

        public Link Uplink { get; } = uplink;

        public Link Downlink { get; } = downlink;
    }

    private sealed class ClientOutput(SimulatedWorker simulation, SimulatedClient client) : IDatagramOutput
    {
        public void Send(ReadOnlySpan<byte> datagram) => client.Uplink.Send(datagram, simulation.Now);
    }

    private readonly struct NetworkSink(SimulatedWorker simulation) : ITransmitSink
    {
        public Span<byte> GetBuffer() => simulation._sending;

        public void Commit(in NetworkPath path, int length) => simulation.SendToClient(path, length);
    }
}

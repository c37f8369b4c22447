using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Rtp;
using Dais.Rtc.Stun;
using Dais.Sfu.Deadlines;
using Dais.Sfu.Keyframes;
using Dais.Sfu.Publications;
using Dais.Sfu.Relays;
using Dais.Sfu.Reports;
using Dais.Sfu.Slots;
using Dais.Sfu.Stages;
using Dais.Sfu.Transports;

namespace Dais.Sfu;

/// <summary>
/// The core of one media worker, without I/O: commands, datagrams and time go in; datagrams (pushed into a sink), events (polled) and
/// the next deadline come out.
/// </summary>
/// <param name="dtls">Makes the DTLS sessions.</param>
/// <param name="options">Settings; null for the defaults.</param>
/// <param name="relays">The way to the other workers; null when there are none.</param>
public sealed class SfuWorker(IDtlsSessionFactory dtls, SfuOptions? options = null, IRelaySink? relays = null) : IDisposable
{
    private readonly SfuOptions _options = options ?? new SfuOptions();
    private readonly DeadlineHeap<Transport> _deadlines = new();
    private readonly Queue<SfuEvent> _events = new();
    private readonly TransportTable _transports = new();
    private readonly ReplayQueue _replays = new();
    private StageTable? _stages;
    private PacketIntake? _intake;
    private InboundRelays? _inbound;
    private OutboundRelays? _outbound;

    /// <summary>What the worker counts.</summary>
    public SfuStatistics Statistics { get; } = new();

    /// <summary>How many transports there are.</summary>
    public int TransportCount => _transports.Count;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next; it may be in the past, then at once.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            var transport = _deadlines.Earliest?.At ?? Timestamp.Never;
            var relay = Inbound.NextTimeout;
            var earliest = relay < transport ? relay : transport;
            return _replays.NextTimeout < earliest ? _replays.NextTimeout : earliest;
        }
    }

    /// <summary>Why <see cref="NextTimeout"/> is when it is.</summary>
    public TimeoutReason NextTimeoutReason
    {
        get
        {
            var next = NextTimeout;
            return next == Timestamp.Never ? TimeoutReason.None
                : next == _replays.NextTimeout ? TimeoutReason.Keyframe
                : next == Inbound.NextTimeout ? Inbound.NextTimeoutReason
                : _deadlines.Earliest!.Reason;
        }
    }

    private StageTable Stages => _stages ??= new StageTable(FindPublisher);

    private PacketIntake Intake => _intake ??= new PacketIntake(_transports, _events, Statistics);

    private InboundRelays Inbound => _inbound ??= new InboundRelays(relays, _options, Statistics);

    private OutboundRelays Outbound => _outbound ??= new OutboundRelays(relays, id => _transports.Find(id)?.Publisher, Statistics);

    /// <summary>Carries out <paramref name="command"/>.</summary>
    public void HandleCommand<TSink>(SfuCommand command, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        switch (command)
        {
            case SfuCommand.OpenPublisher open:
                OpenPublisher(open, now);
                break;
            case SfuCommand.OpenSubscriber open:
                OpenSubscriber(open, now);
                break;
            case SfuCommand.RestartIce restart when _transports.Find(restart.Id) is { } transport:
                RestartIce(transport, restart, now);
                break;
            case SfuCommand.CloseTransport close when _transports.Find(close.Id) is { } transport:
                transport.SendClose(now, ref sink);
                Remove(transport, now);
                break;
            case SfuCommand.SetStage set:
                Stages.Set(set.Stage, set.Slots);
                break;
            case SfuCommand.Prefer prefer:
                _transports.Find(prefer.Id)?.Subscriber?.Prefer(prefer.Slots, now);
                break;
            case SfuCommand.CloseStage close:
                Stages.Close(close.Stage);
                break;
            case SfuCommand.ForgetWorker forget:
                ForgetWorker(forget.Worker, now);
                break;
        }

        Inbound.Settle(now);
        _replays.Flush(now, ref sink);
    }

    /// <summary>Feeds what another worker said by its <see cref="IRelaySink"/>; the packet may be written over.</summary>
    /// <param name="worker">The worker that said it.</param>
    /// <param name="message">What it said.</param>
    /// <param name="packet">The packet that goes with it; empty without.</param>
    /// <param name="now">The present.</param>
    /// <param name="sink">Where datagrams go.</param>
    public void HandleRelayed<TSink>(int worker, in RelayMessage message, Span<byte> packet, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        switch (message.Kind)
        {
            case RelayMessageKind.Wish:
                Outbound.HandleWish(worker, message, now);
                break;
            case RelayMessageKind.KeyframeWish:
                Outbound.HandleKeyframeWish(worker, message, now);
                break;
            case RelayMessageKind.Packet or RelayMessageKind.StoredPacket:
                Inbound.HandlePacket(message, packet, now, ref sink);
                break;
            case RelayMessageKind.Clock:
                Inbound.HandleClock(message, now);
                break;
        }

        Inbound.Settle(now);
        _replays.Flush(now, ref sink);
    }

    /// <summary>Feeds one received datagram; it is decrypted in place.</summary>
    public void HandleDatagram<TSink>(in NetworkPath path, Span<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Statistics.DatagramsReceived++;
        Statistics.BytesReceived += datagram.Length;
        var kind = Datagram.Classify(datagram);
        if (kind == DatagramKind.Stun)
        {
            HandleStun(path, datagram, now, ref sink);
            return;
        }

        if (kind == DatagramKind.Unknown)
        {
            Statistics.Drop(DropReason.Malformed);
            return;
        }

        // Only ICE lets anybody in: DTLS from elsewhere is not even looked at.
        if (_transports.Find(path) is not { } transport || !transport.Ice.IsValidated(path))
        {
            Statistics.Drop(DropReason.UnknownPath);
            return;
        }

        switch (kind)
        {
            case DatagramKind.Dtls:
                bool wasConnected = transport.IsConnected;
                transport.HandleDtls(datagram, now, ref sink);
                Settle(transport, wasConnected, now);
                break;
            case DatagramKind.Rtp:
                Intake.HandleRtp(transport, datagram, now, ref sink);
                break;
            case DatagramKind.Rtcp:
                Intake.HandleRtcp(transport, datagram, now, ref sink);
                break;
        }

        Inbound.Settle(now);
        _replays.Flush(now, ref sink);
    }

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        while (_deadlines.Earliest is { } deadline && deadline.At <= now)
        {
            var transport = deadline.Owner;
            bool wasConnected = transport.IsConnected;
            transport.HandleTimeout(now, ref sink);
            Settle(transport, wasConnected, now);
        }

        Inbound.HandleTimeout(now);
        Inbound.Settle(now);
        _replays.Flush(now, ref sink);
    }

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryDequeue(out SfuEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>What is known about a transport; false when there is none.</summary>
    public bool TryGetStatistics(TransportId id, out TransportStatistics statistics)
    {
        var transport = _transports.Find(id);
        statistics = transport is null ? default : TransportSummary.Of(transport);
        return transport is not null;
    }

    /// <summary>How all receivers together fare; looks at each.</summary>
    public ReceptionSummary SummarizeReception() => TransportSummary.OfReceivers(_transports.All);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var transport in _transports.All)
        {
            transport.Dispose();
        }
    }

    private void HandleStun<TSink>(in NetworkPath path, ReadOnlySpan<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (!StunMessage.TryReadLocalFragment(datagram, out var fragment)
            || _transports.Find(fragment) is not { } transport
            || !transport.TryHandleStun(path, datagram, now, ref sink))
        {
            Statistics.Drop(DropReason.StunRefused);
            return;
        }

        if (transport.Ice.IsValidated(path))
        {
            _transports.AddPath(transport, path);
        }

        transport.RescheduleAfter(now);
    }

    private void OpenPublisher(SfuCommand.OpenPublisher open, Timestamp now)
    {
        if (TryOpen(open.Id, open.Transport, now) is { } transport)
        {
            transport.Publisher = new Publisher(transport, open.Participant, open.Tracks, _options, _events, Statistics);
            Stages.Add(transport.Publisher);
            Outbound.Attach(transport.Publisher, now);
        }
    }

    private void OpenSubscriber(SfuCommand.OpenSubscriber open, Timestamp now)
    {
        if (TryOpen(open.Id, open.Transport, now) is { } transport)
        {
            transport.Subscriber = new Subscriber(transport, open.Participant, open.Slots, _replays, _options, Statistics);
            Stages.Add(transport.Subscriber, open.Stage);
        }
    }

    private void ForgetWorker(int worker, Timestamp now)
    {
        Outbound.Forget(worker, now);
        foreach (var publisher in Inbound.Forget(worker))
        {
            Stages.Remove(publisher);
        }
    }

    private IPublisher? FindPublisher(StageSlot slot) =>
        slot.Remote is { } remote ? Inbound.GetOrAdd(slot.Publisher, remote) : _transports.Find(slot.Publisher)?.Publisher;

    /// <summary>Makes a transport; null when its id or its user name fragment is taken, or there are too many.</summary>
    private Transport? TryOpen(TransportId id, TransportParameters parameters, Timestamp now)
    {
        if (_transports.Find(id) is not null)
        {
            return null;
        }

        if (_transports.Count >= _options.TransportsMax)
        {
            Statistics.TransportsRefused++;
            _events.Enqueue(new SfuEvent.TransportClosed(id, TransportCloseReason.TooManyTransports));
            return null;
        }

        var transport = new Transport(
            id, parameters, dtls.CreatePassive(parameters.RemoteFingerprint), _deadlines, _options, now);
        if (!_transports.TryAdd(transport, parameters.LocalIce.UsernameFragment))
        {
            transport.Dispose();
            return null;
        }

        transport.Reschedule();
        return transport;
    }

    private void RestartIce(Transport transport, SfuCommand.RestartIce restart, Timestamp now)
    {
        if (_transports.TryAddFragment(transport, restart.Local.UsernameFragment))
        {
            transport.RestartIce(restart.Local, restart.Remote, now);
            transport.Reschedule();
        }
    }

    /// <summary>Draws the conclusions after a transport moved on: tells of its connection or its end, and sets its timer.</summary>
    private void Settle(Transport transport, bool wasConnected, Timestamp now)
    {
        if (transport.IsConnected && !wasConnected)
        {
            _events.Enqueue(new SfuEvent.TransportConnected(transport.Id));
        }

        if (transport.CloseReason is { } reason)
        {
            Remove(transport, now);
            _events.Enqueue(new SfuEvent.TransportClosed(transport.Id, reason));
        }
        else
        {
            transport.RescheduleAfter(now);
        }
    }

    private void Remove(Transport transport, Timestamp now)
    {
        _transports.Remove(transport);
        if (transport.Publisher is { } publisher)
        {
            Stages.Remove(publisher);
            Outbound.Detach(publisher, now);
            publisher.Release();
        }

        if (transport.Subscriber is { } subscriber)
        {
            Stages.Remove(subscriber);
        }

        // Last, for leaving the stages may still move the timer.
        transport.ClearDeadline();
        transport.Dispose();
    }
}

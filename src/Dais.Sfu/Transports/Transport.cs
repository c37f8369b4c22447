using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Srtp;
using Dais.Sfu.Deadlines;
using Dais.Sfu.Publications;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Transports;

/// <summary>
/// One client's ICE, DTLS and SRTP path, and its role: publisher or subscriber. It begins with its command, is connected once ICE and DTLS
/// are done, and ends by a command or by itself (<see cref="CloseReason"/>).
/// </summary>
internal sealed class Transport : IDisposable
{
    private const int StunResponseBytesMax = 128;

    /// <summary>A part that asks to be called at once again waits this long: no part may keep the worker busy alone.</summary>
    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(1);

    private static readonly SrtpReceiverOptions ReceiverOptions = new();

    private readonly IDtlsSession _dtls;
    private readonly DeadlineHeap<Transport> _deadlines;
    private readonly Deadline<Transport> _deadline;
    private readonly SfuOptions _options;
    private readonly Timestamp _connectDeadline;
    private Timestamp _nextReport = Timestamp.Never;
    private SrtpSender? _sender;
    private uint _reports;

    public Transport(
        TransportId id, TransportParameters parameters, IDtlsSession dtls, DeadlineHeap<Transport> deadlines, SfuOptions options, Timestamp now)
    {
        Id = id;
        _dtls = dtls;
        _deadlines = deadlines;
        _deadline = new Deadline<Transport>(this);
        _options = options;
        _connectDeadline = now + options.ConnectTimeout;
        Ice = new IceLiteAgent(
            parameters.LocalIce, parameters.RemoteIce, new IceOptions { ConnectTimeout = options.ConnectTimeout }, now);
    }

    /// <summary>Which transport this is.</summary>
    public TransportId Id { get; }

    /// <summary>The ICE agent.</summary>
    public IceLiteAgent Ice { get; }

    /// <summary>The role of one that sends tracks to us; null for the other role.</summary>
    public Publisher? Publisher { get; set; }

    /// <summary>The role of one that is shown a stage; null for the other role.</summary>
    public Subscriber? Subscriber { get; set; }

    /// <summary>The path to send along; meaningless before the first validated one.</summary>
    public NetworkPath Path { get; private set; }

    /// <summary>The paths the table holds for this transport.</summary>
    public List<NetworkPath> Paths { get; } = [];

    /// <summary>The current ICE user name fragment of our side.</summary>
    public string Fragment { get; set; } = "";

    /// <summary>The fragment before the last ICE restart, valid until the client uses the new one; null when there was none.</summary>
    public string? PreviousFragment { get; set; }

    /// <summary>Whether ICE and DTLS are done.</summary>
    public bool IsConnected => _sender is not null;

    /// <summary>Opens what the client sends; null until connected.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    /// <summary>Why the transport is to be removed; null while it lives.</summary>
    public TransportCloseReason? CloseReason { get; private set; }

    /// <summary>Answers a STUN request; false when it was not one of our client's.</summary>
    public bool TryHandleStun<TSink>(in NetworkPath path, ReadOnlySpan<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Span<byte> response = stackalloc byte[StunResponseBytesMax];
        if (!Ice.TryHandleRequest(datagram, path, now, response, out int length))
        {
            return false;
        }

        response[..length].CopyTo(sink.GetBuffer());
        sink.Commit(path, length);
        UpdatePath();
        return true;
    }

    /// <summary>Feeds a datagram of DTLS and sends the answer.</summary>
    public void HandleDtls<TSink>(ReadOnlySpan<byte> datagram, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        _dtls.HandleDatagram(datagram, now);
        Progress(now, ref sink);
    }

    /// <summary>Does what is due by <paramref name="now"/>.</summary>
    public void HandleTimeout<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        if (now >= Ice.NextTimeout)
        {
            Ice.HandleTimeout(now);
            UpdatePath();
            CloseReason = Ice.State switch
            {
                IceState.Disconnected => TransportCloseReason.ConsentExpired,
                IceState.Failed => TransportCloseReason.ConnectTimeout,
                _ => CloseReason,
            };
        }

        if (now >= _dtls.NextTimeout)
        {
            _dtls.HandleTimeout(now);
            Progress(now, ref sink);
        }

        if (!IsConnected && now >= _connectDeadline)
        {
            CloseReason ??= TransportCloseReason.ConnectTimeout;
        }

        if (IsConnected && CloseReason is null)
        {
            SendDue(now, ref sink);
        }
    }

    /// <summary>Replaces the ICE credentials (RFC 8445 §2.4).</summary>
    public void RestartIce(IceCredentials local, IceCredentials remote, Timestamp now) => Ice.Restart(local, remote, now);

    /// <summary>Reports are due at once: there is something new to tell.</summary>
    public void HastenReport(Timestamp now)
    {
        if (IsConnected)
        {
            _nextReport = now;
            Reschedule();
        }
    }

    /// <summary>Protects a compound RTCP packet and sends it.</summary>
    public void SendRtcp<TSink>(scoped ReadOnlySpan<byte> packet, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        int length = _sender?.ProtectRtcp(packet, sink.GetBuffer()) ?? 0;
        if (length > 0)
        {
            sink.Commit(Path, length);
        }
    }

    /// <summary>Sets the transport's timer to the earliest of its parts'.</summary>
    public void Reschedule() => Reschedule(default);

    /// <summary>Sets the transport's timer after its parts have done what was due at <paramref name="now"/>.</summary>
    public void RescheduleAfter(Timestamp now) => Reschedule(now + RestMin);

    /// <summary>Takes the transport's timer out.</summary>
    public void ClearDeadline() => _deadlines.Clear(_deadline);

    /// <summary>Says goodbye to the client.</summary>
    public void SendClose<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        _dtls.Close(now);
        FlushDtls(ref sink);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dtls.Dispose();
        _sender?.Dispose();
        Receiver?.Dispose();
    }

    private void Progress<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        FlushDtls(ref sink);
        switch (_dtls.State)
        {
            case DtlsState.Connected when !IsConnected && _dtls.Keys is { } keys:
                _sender = new SrtpSender(keys.Profile, keys.Send);
                Receiver = new SrtpReceiver(keys.Profile, keys.Receive, ReceiverOptions);
                _nextReport = now;
                Subscriber?.Connect(_sender);
                break;
            case DtlsState.Failed:
                CloseReason = TransportCloseReason.DtlsFailed;
                break;
            case DtlsState.Closed:
                CloseReason = TransportCloseReason.ClosedByPeer;
                break;
        }
    }

    private void FlushDtls<TSink>(ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        while (_dtls.TryDequeue(sink.GetBuffer(), out int length))
        {
            sink.Commit(Path, length);
        }
    }

    private void SendDue<TSink>(Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        Publisher?.SendNacks(now, ref sink);
        Publisher?.SendKeyframeRequests(now, ref sink);
        Publisher?.SendFeedback(now, ref sink);
        Publisher?.TellDemand(now);
        Subscriber?.SendProbe(now, ref sink);
        if (now >= _nextReport)
        {
            _nextReport = now + NextReportInterval();
            Publisher?.SendReports(now, ref sink);
            Subscriber?.SendReports(now, ref sink);
            Subscriber?.SendEcho(now, ref sink);
        }
    }

    /// <summary>
    /// The interval varied by up to a quarter, so that transports that were opened together do not report together for ever (RFC 3550 §6.2).
    /// </summary>
    private TimeSpan NextReportInterval()
    {
        uint spread = ((uint)Id.Value + (++_reports * 0x9E37_79B9u)) * 2654435761u;
        return _options.ReportInterval * (0.75 + (0.5 * (spread >> 16) / 65536));
    }

    private void UpdatePath() => Path = Ice.SendPath ?? Path;

    private void Reschedule(Timestamp notBefore)
    {
        var at = Ice.NextTimeout;
        var reason = TimeoutReason.Ice;
        Consider(_dtls.NextTimeout, TimeoutReason.Dtls, ref at, ref reason);
        if (!IsConnected)
        {
            Consider(_connectDeadline, TimeoutReason.Connect, ref at, ref reason);
        }
        else
        {
            Consider(_nextReport, TimeoutReason.Report, ref at, ref reason);
            Consider(Publisher?.NextNack ?? Timestamp.Never, TimeoutReason.Nack, ref at, ref reason);
            Consider(Publisher?.NextKeyframeRequest ?? Timestamp.Never, TimeoutReason.Keyframe, ref at, ref reason);
            Consider(Publisher?.NextFeedback ?? Timestamp.Never, TimeoutReason.TransportFeedback, ref at, ref reason);
            Consider(Publisher?.NextDemand ?? Timestamp.Never, TimeoutReason.Demand, ref at, ref reason);
            Consider(Subscriber?.Congestion.NextProbe ?? Timestamp.Never, TimeoutReason.Probe, ref at, ref reason);
        }

        _deadlines.Set(_deadline, at < notBefore ? notBefore : at, reason);
    }

    private static void Consider(Timestamp candidate, TimeoutReason why, ref Timestamp at, ref TimeoutReason reason)
    {
        if (candidate < at || (candidate == at && why == TimeoutReason.Connect))
        {
            at = candidate;
            reason = why;
        }
    }
}

using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;

namespace Dais.Client.Media;

/// <summary>Where a transport sends its datagrams.</summary>
internal interface ITransportOutput
{
    /// <summary>Sends one datagram; one that cannot be sent is lost, as on a wire.</summary>
    void Send(NetworkAddress to, ReadOnlySpan<byte> datagram);
}

/// <summary>Where a <see cref="ClientTransport"/> stands.</summary>
internal enum TransportState
{
    /// <summary>Looking for a path, or shaking hands.</summary>
    Connecting,

    /// <summary>Media can flow.</summary>
    Connected,

    /// <summary>No path works, the server refused, or it said goodbye: a new transport is needed.</summary>
    Ended,
}

/// <summary>What a transport is made of.</summary>
/// <param name="Local">Our ICE credentials.</param>
/// <param name="Remote">The server's.</param>
/// <param name="Candidates">Where the server may be reached, best first.</param>
/// <param name="Dtls">Makes the session; of a certificate used for this transport alone.</param>
/// <param name="Fingerprint">The server's certificate.</param>
/// <param name="Seed">Random bits for the checks.</param>
internal sealed record TransportSettings(
    IceCredentials Local,
    IceCredentials Remote,
    ImmutableArray<NetworkAddress> Candidates,
    IDtlsSessionFactory Dtls,
    DtlsFingerprint Fingerprint,
    UInt128 Seed);

/// <summary>
/// The client's end of a transport: finds the candidate that answers, shakes hands, protects media. Sans-I/O, and not for two threads at once.
/// </summary>
internal sealed class ClientTransport : IDisposable
{
    private const int DatagramBytesMax = 1500;

    /// <summary>The next candidate is tried when those before it have not answered for so long.</summary>
    private static readonly TimeSpan CandidateDelay = TimeSpan.FromMilliseconds(200);

    private readonly TransportSettings _settings;
    private readonly IceConnectivityCheck[] _checks;
    private readonly byte[] _buffer = new byte[DatagramBytesMax];
    private int _selected = -1;
    private IDtlsSession? _session;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;

    /// <summary>A transport that begins its checks at <paramref name="now"/>.</summary>
    public ClientTransport(TransportSettings settings, Timestamp now)
    {
        _settings = settings;
        _checks =
        [
            .. settings.Candidates.Select((_, i) => new IceConnectivityCheck(
                settings.Local, settings.Remote, settings.Seed + ((UInt128)(uint)i << 32), new IceCheckOptions(), now + (CandidateDelay * i))),
        ];
    }

    /// <summary>Where the transport stands.</summary>
    public TransportState State => IsEnded ? TransportState.Ended : _sender is null ? TransportState.Connecting : TransportState.Connected;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            var next = _session?.NextTimeout ?? Timestamp.Never;
            foreach (var check in Checks)
            {
                next = check.NextTimeout < next ? check.NextTimeout : next;
            }

            return next;
        }
    }

    private ReadOnlySpan<IceConnectivityCheck> Checks => _selected < 0 ? _checks : _checks.AsSpan(_selected, 1);

    private bool IsEnded
    {
        get
        {
            bool isFailed = true;
            foreach (var check in Checks)
            {
                isFailed &= check.State == IceCheckState.Failed;
            }

            return isFailed || _session?.State is DtlsState.Closed or DtlsState.Failed;
        }
    }

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout(Timestamp now, ITransportOutput output)
    {
        for (int i = 0; i < _checks.Length; i++)
        {
            var check = _checks[i];
            if ((_selected < 0 || _selected == i) && now >= check.NextTimeout)
            {
                check.HandleTimeout(now);
                while (check.TryDequeue(_buffer, out int length))
                {
                    output.Send(_settings.Candidates[i], _buffer.AsSpan(0, length));
                }
            }
        }

        if (_session is not null && now >= _session.NextTimeout)
        {
            _session.HandleTimeout(now);
            FlushDtls(output);
        }
    }

    /// <summary>
    /// Takes a received datagram. Gives what its plain bytes are: RTP or RTCP, then in the first <paramref name="length"/> bytes; anything
    /// else was dealt with.
    /// </summary>
    public DatagramKind HandleDatagram(Span<byte> datagram, Timestamp now, ITransportOutput output, out int length)
    {
        length = 0;
        var kind = Datagram.Classify(datagram);
        switch (kind)
        {
            case DatagramKind.Stun:
                HandleStun(datagram, now, output);
                return DatagramKind.Unknown;
            case DatagramKind.Dtls:
                HandleDtls(datagram, now, output);
                return DatagramKind.Unknown;
            case DatagramKind.Rtp when _receiver is not null && _receiver.TryUnprotectRtp(datagram, out length):
            case DatagramKind.Rtcp when _receiver is not null && _receiver.TryUnprotectRtcp(datagram, out length):
                return kind;
            default:
                return DatagramKind.Unknown;
        }
    }

    /// <summary>Sends an RTP packet; false, and nothing sent, while not connected or when it is too large.</summary>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong packetIndex, ITransportOutput output)
    {
        if (State != TransportState.Connected || header.Length + payload.Length + _sender!.Overhead > _buffer.Length)
        {
            return false;
        }

        header.CopyTo(_buffer);
        int length = _sender.ProtectRtp(_buffer, header.Length, payload, packetIndex);
        output.Send(_settings.Candidates[_selected], _buffer.AsSpan(0, length));
        return true;
    }

    /// <summary>Sends a compound RTCP packet, when connected.</summary>
    public void SendRtcp(ReadOnlySpan<byte> packet, ITransportOutput output)
    {
        if (State == TransportState.Connected && packet.Length + _sender!.RtcpOverhead <= _buffer.Length)
        {
            output.Send(_settings.Candidates[_selected], _buffer.AsSpan(0, _sender.ProtectRtcp(packet, _buffer)));
        }
    }

    /// <summary>Says goodbye to the server.</summary>
    public void Close(Timestamp now, ITransportOutput output)
    {
        _session?.Close(now);
        FlushDtls(output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _sender?.Dispose();
        _receiver?.Dispose();
    }

    private void HandleStun(ReadOnlySpan<byte> datagram, Timestamp now, ITransportOutput output)
    {
        // An answer is known by its transaction id, so it does not matter which address it came from.
        for (int i = 0; i < _checks.Length; i++)
        {
            if ((_selected < 0 || _selected == i) && _checks[i].TryHandleResponse(datagram, now))
            {
                if (_selected < 0 && _checks[i].State == IceCheckState.Succeeded)
                {
                    _selected = i;
                    _session = _settings.Dtls.CreateActive(_settings.Fingerprint, now);
                    FlushDtls(output);
                }

                return;
            }
        }
    }

    private void HandleDtls(ReadOnlySpan<byte> datagram, Timestamp now, ITransportOutput output)
    {
        _session?.HandleDatagram(datagram, now);
        FlushDtls(output);
        if (_sender is null && _session?.Keys is { } keys)
        {
            _sender = new SrtpSender(keys.Profile, keys.Send);
            _receiver = new SrtpReceiver(keys.Profile, keys.Receive, new SrtpReceiverOptions { StreamsMax = 128 });
        }
    }

    private void FlushDtls(ITransportOutput output)
    {
        while (_session is not null && _session.TryDequeue(_buffer, out int length))
        {
            output.Send(_settings.Candidates[_selected], _buffer.AsSpan(0, length));
        }
    }
}

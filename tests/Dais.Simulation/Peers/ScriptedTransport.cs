using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Rtc.Srtp;

namespace Dais.Simulation.Peers;

/// <summary>
/// The client's end of a transport: checks connectivity, shakes hands, and protects media with the real ciphers. Without I/O like
/// everything here.
/// </summary>
public sealed class ScriptedTransport : IDisposable
{
    private readonly IDtlsSessionFactory _dtls;
    private readonly DtlsFingerprint _serverFingerprint;
    private readonly IceCheckOptions _iceOptions;
    private readonly byte[] _buffer = new byte[1500];
    private IceConnectivityCheck _check;
    private IDtlsSession? _session;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;

    /// <summary>A transport that begins its checks at <paramref name="now"/>.</summary>
    public ScriptedTransport(
        IceCredentials local, IceCredentials remote, IDtlsSessionFactory dtls, DtlsFingerprint serverFingerprint, int seed, Timestamp now)
    {
        _dtls = dtls;
        _serverFingerprint = serverFingerprint;
        _iceOptions = new IceCheckOptions();
        _check = new IceConnectivityCheck(local, remote, (UInt128)(uint)seed << 64, _iceOptions, now);
    }

    /// <summary>Whether media can flow.</summary>
    public bool IsConnected => _sender is not null;

    /// <summary>Whether the server said goodbye or refused the handshake.</summary>
    public bool IsClosed => _session?.State is DtlsState.Closed or DtlsState.Failed;

    /// <summary>Whether the client goes on asking for consent; a client that vanished does not.</summary>
    public bool KeepsConsent { get; set; } = true;

    /// <summary>The number of the next packet sent, over all tracks (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).</summary>
    public ushort NextTransportSequenceNumber { get; set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            var check = KeepsConsent ? _check.NextTimeout : Timestamp.Never;
            var session = _session?.NextTimeout ?? Timestamp.Never;
            return check < session ? check : session;
        }
    }

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout(Timestamp now, IDatagramOutput output)
    {
        if (KeepsConsent && now >= _check.NextTimeout)
        {
            _check.HandleTimeout(now);
            while (_check.TryDequeue(_buffer, out int length))
            {
                output.Send(_buffer.AsSpan(0, length));
            }
        }

        if (_session is not null && now >= _session.NextTimeout)
        {
            _session.HandleTimeout(now);
            FlushDtls(output);
        }
    }

    /// <summary>
    /// Feeds a received datagram. Returns what its plain bytes are: RTP or RTCP, then in the first <paramref name="length"/> bytes; anything
    /// else was dealt with.
    /// </summary>
    public DatagramKind HandleDatagram(Span<byte> datagram, Timestamp now, IDatagramOutput output, out int length)
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

    /// <summary>Sends an RTP packet: a header in the first <paramref name="headerLength"/> bytes of <paramref name="header"/>, and a payload.</summary>
    public void SendRtp(
        ReadOnlySpan<byte> header, int headerLength, ReadOnlySpan<byte> payload, ulong packetIndex, IDatagramOutput output)
    {
        if (_sender is null)
        {
            return;
        }

        header[..headerLength].CopyTo(_buffer);
        int length = _sender.ProtectRtp(_buffer, headerLength, payload, packetIndex);
        output.Send(_buffer.AsSpan(0, length));
    }

    /// <summary>Sends a compound RTCP packet.</summary>
    public void SendRtcp(ReadOnlySpan<byte> packet, IDatagramOutput output)
    {
        if (_sender is not null)
        {
            output.Send(_buffer.AsSpan(0, _sender.ProtectRtcp(packet, _buffer)));
        }
    }

    /// <summary>Begins to check with new credentials (RFC 8445 §2.4); DTLS and media go on.</summary>
    public void RestartIce(IceCredentials local, IceCredentials remote, int seed, Timestamp now) =>
        _check = new IceConnectivityCheck(local, remote, (UInt128)(uint)seed << 64, _iceOptions, now);

    /// <summary>Says goodbye to the server.</summary>
    public void Close(Timestamp now, IDatagramOutput output)
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

    private void HandleStun(ReadOnlySpan<byte> datagram, Timestamp now, IDatagramOutput output)
    {
        if (_check.TryHandleResponse(datagram, now) && _session is null && _check.State == IceCheckState.Succeeded)
        {
            _session = _dtls.CreateActive(_serverFingerprint, now);
            _session.HandleTimeout(now);
            FlushDtls(output);
        }
    }

    private void HandleDtls(ReadOnlySpan<byte> datagram, Timestamp now, IDatagramOutput output)
    {
        _session?.HandleDatagram(datagram, now);
        FlushDtls(output);
        if (_sender is null && _session?.Keys is { } keys)
        {
            _sender = new SrtpSender(keys.Profile, keys.Send);
            _receiver = new SrtpReceiver(keys.Profile, keys.Receive, new SrtpReceiverOptions());
        }
    }

    private void FlushDtls(IDatagramOutput output)
    {
        while (_session is not null && _session.TryDequeue(_buffer, out int length))
        {
            output.Send(_buffer.AsSpan(0, length));
        }
    }
}

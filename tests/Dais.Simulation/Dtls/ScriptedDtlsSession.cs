using System.Security.Cryptography;
using System.Text;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Srtp;

namespace Dais.Simulation.Dtls;

/// <summary>
/// One side of the scripted handshake. Datagrams look like DTLS records from outside: a hello (22) with the sender's secret and
/// fingerprint, or an alert (21) with the sender's secret. The hello is repeated each 100 ms until the other side's arrives. Once connected,
/// only who knows the secret is listened to, as only authentic records are in the real thing.
/// </summary>
public sealed class ScriptedDtlsSession : IDtlsSession
{
    internal const int SecretLength = 32;

    private const byte HandshakeRecord = 22;
    private const byte AlertRecord = 21;
    private const byte CloseNotify = 0;
    private const byte BadCertificate = 42;
    private const int HeaderLength = 3;

    private static readonly TimeSpan Repetition = TimeSpan.FromMilliseconds(100);

    private readonly DtlsFingerprint _local;
    private readonly DtlsFingerprint _remote;
    private readonly SrtpProfile _profile;
    private readonly byte[] _secret;
    private readonly bool _isActive;
    private readonly Queue<byte[]> _outgoing = new();
    private byte[]? _remoteSecret;

    internal ScriptedDtlsSession(
        DtlsFingerprint local, DtlsFingerprint remote, SrtpProfile profile, byte[] secret, bool isActive, Timestamp firstHello)
    {
        _local = local;
        _remote = remote;
        _profile = profile;
        _secret = secret;
        _isActive = isActive;
        NextTimeout = firstHello;
    }

    /// <inheritdoc/>
    public DtlsState State { get; private set; }

    /// <inheritdoc/>
    public SrtpKeyingMaterial? Keys { get; private set; }

    /// <inheritdoc/>
    public Timestamp NextTimeout { get; private set; }

    /// <inheritdoc/>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        if (datagram.Length <= HeaderLength || State is DtlsState.Closed or DtlsState.Failed)
        {
            return;
        }

        var content = datagram[HeaderLength..];
        if (datagram[0] == AlertRecord && content.Length == 1 + SecretLength && IsFromPeer(content[1..]))
        {
            State = content[0] == CloseNotify ? DtlsState.Closed : DtlsState.Failed;
            NextTimeout = Timestamp.Never;
        }
        else if (datagram[0] == HandshakeRecord && content.Length > SecretLength && IsFromPeer(content[..SecretLength]))
        {
            HandleHello(content);
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Timestamp now)
    {
        if (State == DtlsState.Handshaking && _isActive && now >= NextTimeout)
        {
            EnqueueHello();
            NextTimeout = now + Repetition;
        }
    }

    /// <inheritdoc/>
    public void Close(Timestamp now)
    {
        if (State == DtlsState.Connected)
        {
            EnqueueAlert(CloseNotify);
            State = DtlsState.Closed;
        }

        NextTimeout = Timestamp.Never;
    }

    /// <inheritdoc/>
    public bool TryDequeue(Span<byte> destination, out int length)
    {
        length = 0;
        if (!_outgoing.TryDequeue(out byte[]? datagram))
        {
            return false;
        }

        datagram.CopyTo(destination);
        length = datagram.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _outgoing.Clear();

    private bool IsFromPeer(ReadOnlySpan<byte> secret) => _remoteSecret is null || secret.SequenceEqual(_remoteSecret);

    private void HandleHello(ReadOnlySpan<byte> hello)
    {
        if (!hello[SecretLength..].SequenceEqual(Encoding.ASCII.GetBytes(_remote.Value)))
        {
            EnqueueAlert(BadCertificate);
            State = DtlsState.Failed;
            NextTimeout = Timestamp.Never;
            return;
        }

        if (!_isActive)
        {
            EnqueueHello();
        }

        if (State == DtlsState.Handshaking)
        {
            _remoteSecret = hello[..SecretLength].ToArray();
            Keys = _isActive ? DeriveKeys(_secret, _remoteSecret) : DeriveKeys(_remoteSecret, _secret);
            State = DtlsState.Connected;
            NextTimeout = Timestamp.Never;
        }
    }

    private SrtpKeyingMaterial DeriveKeys(ReadOnlySpan<byte> activeSecret, ReadOnlySpan<byte> passiveSecret)
    {
        var active = DeriveMasterKey(activeSecret, passiveSecret);
        var passive = DeriveMasterKey(passiveSecret, activeSecret);
        return _isActive ? new SrtpKeyingMaterial(_profile, active, passive) : new SrtpKeyingMaterial(_profile, passive, active);
    }

    private SrtpMasterKey DeriveMasterKey(ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver)
    {
        byte[] hash = SHA256.HashData([.. sender, .. receiver]);
        int saltLength = _profile == SrtpProfile.AeadAes128Gcm ? 12 : 14;
        return new SrtpMasterKey(hash[..16], hash[16..(16 + saltLength)]);
    }

    private void EnqueueHello() =>
        _outgoing.Enqueue([HandshakeRecord, 0xFE, 0xFD, .. _secret, .. Encoding.ASCII.GetBytes(_local.Value)]);

    private void EnqueueAlert(byte description) =>
        _outgoing.Enqueue([AlertRecord, 0xFE, 0xFD, description, .. _secret]);
}

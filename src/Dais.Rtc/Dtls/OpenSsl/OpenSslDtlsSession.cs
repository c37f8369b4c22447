using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dais.Rtc.Srtp;

namespace Dais.Rtc.Dtls.OpenSsl;

/// <summary>
/// A DTLS 1.2 session on OpenSSL's state machine between two memory BIOs. It does no I/O, but it is the one place in this project that is
/// not a function of its inputs: OpenSSL decides by its own clock whether a flight is due again, and draws its own random numbers.
/// <see cref="NextTimeout"/> is that clock's rest added to the caller's time; a call too early does no harm and sets it anew.
/// </summary>
/// <remarks>
/// Datagrams that are no DTLS, records that have no place where the handshake stands, a broken ClientHello and forged alerts are
/// dropped and counted; none of them ends a session. A ClientHello the library refuses costs a passive session only its library
/// object, which is made anew. What does end a handshake is a message that is due and has a wrong content.
/// Alerts in the clear are dropped as well, since anybody can write them; a peer that gives up is noticed by its silence.
/// </remarks>
internal sealed class OpenSslDtlsSession : IDtlsSession
{
    /// <summary>Largest datagram taken, in bytes.</summary>
    private const int DatagramBytesMax = 2048;

    private readonly SslContextHandle _context;
    private readonly OpenSslDtlsOptions _options;
    private readonly DtlsFingerprint _remote;
    private readonly bool _isPassive;
    private readonly DtlsOutput _output;
    private readonly DtlsRecordFilter _filter;

    /// <summary>The ClientHello being collected; null once there is one, and on an active session.</summary>
    private DtlsClientHello? _hello;

    private SslHandle _ssl;
    private nint _input;
    private nint _outputBio;

    public OpenSslDtlsSession(SslContextHandle context, DtlsFingerprint remote, OpenSslDtlsOptions options, bool isPassive)
    {
        _context = context;
        _options = options;
        _remote = remote;
        _isPassive = isPassive;
        _output = new DtlsOutput(options.Mtu);
        _filter = new DtlsRecordFilter(isPassive);
        _hello = isPassive ? new DtlsClientHello() : null;
        _ssl = CreateSsl();
    }

    /// <inheritdoc/>
    public DtlsState State { get; private set; }

    /// <inheritdoc/>
    public SrtpKeyingMaterial? Keys { get; private set; }

    /// <inheritdoc/>
    public Timestamp NextTimeout { get; private set; } = Timestamp.Never;

    /// <summary>Whether there is a datagram to take.</summary>
    public bool HasOutput => !_output.IsEmpty;

    /// <summary>Records, and rests of datagrams, that were not let through.</summary>
    public long DroppedRecords { get; private set; }

    /// <summary>ClientHellos the library refused.</summary>
    public long RefusedHellos { get; private set; }

    private int PendingOutput => (int)NativeMethods.BIO_ctrl(_outputBio, NativeMethods.BioCtrlPending, new CLong(0), 0).Value;

    private bool IsOver => State is DtlsState.Closed or DtlsState.Failed;

    /// <inheritdoc/>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        if (IsOver)
        {
            return;
        }

        if (datagram.Length > DatagramBytesMax)
        {
            DroppedRecords++;
            return;
        }

        if (_hello is not null)
        {
            HandleHello(_hello, datagram);
        }
        else if (TryFeed(datagram))
        {
            if (State == DtlsState.Connected)
            {
                Read();
            }
            else if (!TryHandshake())
            {
                State = DtlsState.Failed;
            }
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Timestamp now)
    {
        if (IsOver || now < NextTimeout)
        {
            return;
        }

        NativeMethods.ERR_clear_error();
        bool failed = NativeMethods.SSL_ctrl(_ssl, NativeMethods.DtlsCtrlHandleTimeout, new CLong(0), 0).Value < 0;
        if (failed && State == DtlsState.Handshaking)
        {
            // The peer has left a dozen repetitions unanswered.
            State = DtlsState.Failed;
        }

        Settle(now);
    }

    /// <inheritdoc/>
    public void Close(Timestamp now)
    {
        if (IsOver)
        {
            return;
        }

        if (State == DtlsState.Connected)
        {
            NativeMethods.ERR_clear_error();
            NativeMethods.SSL_shutdown(_ssl);
        }

        State = DtlsState.Closed;
        Settle(now);
    }

    /// <inheritdoc/>
    public bool TryDequeue(Span<byte> destination, out int length) => _output.TryDequeue(destination, out length);

    /// <inheritdoc/>
    public void Dispose()
    {
        State = IsOver ? State : DtlsState.Closed;
        NextTimeout = Timestamp.Never;
        _ssl.Dispose();
    }

    /// <summary>Lets an active session send its ClientHello.</summary>
    internal void Start(Timestamp now)
    {
        State = TryHandshake() ? State : DtlsState.Failed;
        Settle(now);
    }

    /// <summary>Collects a ClientHello; when it is complete and the library answers it, the handshake is on.</summary>
    private void HandleHello(DtlsClientHello hello, ReadOnlySpan<byte> datagram)
    {
        while (DtlsRecord.TryRead(datagram, out var record))
        {
            datagram = datagram[record.Bytes.Length..];
            var messages = record is { ContentType: DtlsRecord.Handshake, Epoch: 0 } ? record.Fragment : [];
            bool isComplete = false;
            while (!isComplete && DtlsHandshake.TryRead(ref messages, out var message))
            {
                isComplete = hello.TryComplete(message);
            }

            if (!isComplete)
            {
                continue;
            }

            NativeMethods.BIO_write(_input, hello.Record, hello.Record.Length);
            if (TryHandshake() && PendingOutput > 0)
            {
                _hello = null;
                return;
            }

            // As if it had never come; what the library wanted to say about it is lost with it.
            RefusedHellos++;
            _ssl.Dispose();
            _ssl = CreateSsl();
        }
    }

    /// <summary>Hands the records that have a place now to the library; false when there are none.</summary>
    private bool TryFeed(ReadOnlySpan<byte> datagram)
    {
        // What an error left behind would be read before the new records.
        NativeMethods.BIO_ctrl(_input, NativeMethods.BioCtrlReset, new CLong(0), 0);
        bool isFed = false;
        while (DtlsRecord.TryRead(datagram, out var record))
        {
            if (_filter.Accepts(record, isEstablished: State == DtlsState.Connected))
            {
                isFed |= NativeMethods.BIO_write(_input, record.Bytes, record.Bytes.Length) == record.Bytes.Length;
            }
            else
            {
                DroppedRecords++;
            }

            datagram = datagram[record.Bytes.Length..];
        }

        DroppedRecords += datagram.IsEmpty ? 0 : 1;
        return isFed;
    }

    /// <summary>Goes on with the handshake; false when the library has given it up.</summary>
    private bool TryHandshake()
    {
        int error = CallHandshake();
        if (!IsWaiting(error))
        {
            // An error that the library survives (a fragment that fits no other) is one it does not repeat when asked again.
            error = CallHandshake();
        }

        if (error == NativeMethods.SslErrorNone)
        {
            Finish();
        }
        else if (!IsWaiting(error))
        {
            return false;
        }

        return true;

        static bool IsWaiting(int error) =>
            error is NativeMethods.SslErrorNone or NativeMethods.SslErrorWantRead or NativeMethods.SslErrorWantWrite;
    }

    private int CallHandshake()
    {
        NativeMethods.ERR_clear_error();
        int error = NativeMethods.SSL_get_error(_ssl, NativeMethods.SSL_do_handshake(_ssl));
        NativeMethods.ERR_clear_error();
        return error;
    }

    /// <summary>
    /// Lets the library read what came after the handshake: repetitions of the last flight, which it answers, and close_notify. Dais sends
    /// no data this way and forgets what it gets.
    /// </summary>
    private void Read()
    {
        int error = CallRead();
        if (error is NativeMethods.SslErrorZeroReturn)
        {
            NativeMethods.SSL_shutdown(_ssl);
            State = DtlsState.Closed;
        }
        else if (error is not NativeMethods.SslErrorWantRead && CallRead() is not NativeMethods.SslErrorWantRead)
        {
            State = DtlsState.Failed;
        }
    }

    private int CallRead()
    {
        Span<byte> ignored = stackalloc byte[512];
        int result;
        do
        {
            NativeMethods.ERR_clear_error();
            result = NativeMethods.SSL_read(_ssl, ignored, ignored.Length);
        }
        while (result > 0);

        int error = NativeMethods.SSL_get_error(_ssl, result);
        NativeMethods.ERR_clear_error();
        return error;
    }

    private SslHandle CreateSsl()
    {
        var ssl = NativeMethods.SSL_new(_context);
        _input = NativeMethods.BIO_new(NativeMethods.BIO_s_mem());
        _outputBio = NativeMethods.BIO_new(NativeMethods.BIO_s_mem());
        NativeError.ThrowUnless(!ssl.IsInvalid && _input != 0 && _outputBio != 0);
        NativeMethods.SSL_set_bio(ssl, _input, _outputBio);
        long delays = ((long)_options.LastRetransmission.TotalMicroseconds << 32)
            | (uint)_options.FirstRetransmission.TotalMicroseconds;
        NativeMethods.SSL_set_ex_data(ssl, 0, (nint)delays);
        NativeMethods.DTLS_set_timer_cb(ssl, NativeMethods.DoubleRetransmissionDelay);
        NativeMethods.SSL_ctrl(ssl, NativeMethods.SslCtrlSetMtu, new CLong(_options.Mtu), 0);
        if (_isPassive)
        {
            NativeMethods.SSL_set_accept_state(ssl);
        }
        else
        {
            NativeMethods.SSL_set_connect_state(ssl);
        }

        return ssl;
    }

    /// <summary>Takes over what a successful handshake yields, if the peer is who the session description says.</summary>
    private void Finish()
    {
        if (HasExpectedCertificate() && TryExportKeys(out var keys))
        {
            Keys = keys;
            State = DtlsState.Connected;
            Read();
            return;
        }

        State = DtlsState.Failed;
        if (_isPassive)
        {
            // The peer must not take itself for connected: our Finished stays here.
            NativeMethods.BIO_ctrl(_outputBio, NativeMethods.BioCtrlReset, new CLong(0), 0);
        }
        else
        {
            NativeMethods.SSL_shutdown(_ssl);
        }
    }

    private bool HasExpectedCertificate()
    {
        nint certificate = NativeMethods.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
        {
            return false;
        }

        byte[] hash = new byte[SHA256.HashSizeInBytes];
        bool isDone = NativeMethods.X509_digest(certificate, NativeMethods.EVP_sha256(), hash, out _) == 1;
        NativeMethods.X509_free(certificate);
        string fingerprint = DtlsCertificate.FingerprintOf(hash).Value;
        return isDone && string.Equals(fingerprint, _remote.Value, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The exported secret is client key, server key, client salt, server salt (RFC 5764 §4.2).</summary>
    private bool TryExportKeys(out SrtpKeyingMaterial? keys)
    {
        keys = null;
        var profile = (SrtpProfile)NativeMethods.GetSelectedSrtpProfile(_ssl);
        if (!_options.Profiles.Contains(profile))
        {
            return false;
        }

        var label = "EXTRACTOR-dtls_srtp"u8;
        const int KeyBytes = AesCounterMode.KeyBytes;
        int saltBytes = SrtpSessionKeys.SaltBytes(profile);
        byte[] secret = new byte[2 * (KeyBytes + saltBytes)];
        int done = NativeMethods.SSL_export_keying_material(
            _ssl, secret, (nuint)secret.Length, label, (nuint)label.Length, 0, 0, useContext: 0);
        if (done != 1)
        {
            return false;
        }

        var client = new SrtpMasterKey(secret[..KeyBytes], secret.AsSpan(2 * KeyBytes, saltBytes).ToArray());
        var server = new SrtpMasterKey(secret[KeyBytes..(2 * KeyBytes)], secret[^saltBytes..]);
        CryptographicOperations.ZeroMemory(secret);
        keys = new SrtpKeyingMaterial(profile, Send: _isPassive ? server : client, Receive: _isPassive ? client : server);
        return true;
    }

    /// <summary>Collects what the library wrote and asks when its timer runs out.</summary>
    private void Settle(Timestamp now)
    {
        while (true)
        {
            int pending = PendingOutput;
            var room = pending > 0 ? _output.Reserve(pending) : [];
            if (room.IsEmpty)
            {
                NativeMethods.BIO_ctrl(_outputBio, NativeMethods.BioCtrlReset, new CLong(0), 0);
                break;
            }

            _output.Commit(Math.Max(0, NativeMethods.BIO_read(_outputBio, room, room.Length)));
        }

        NextTimeout = Timestamp.Never;
        if (!IsOver && NativeMethods.SSL_ctrl(_ssl, NativeMethods.DtlsCtrlGetTimeout, new CLong(0), out var rest).Value == 1)
        {
            NextTimeout = now + TimeSpan.FromSeconds(rest.Seconds.Value) + TimeSpan.FromMicroseconds(rest.Microseconds.Value);
        }

        // No other user of OpenSSL on this thread is to find our errors; and the BIOs, plain pointers, live as long as the session.
        NativeMethods.ERR_clear_error();
        GC.KeepAlive(_ssl);
    }
}

using Dais.Rtc.Srtp;

namespace Dais.Rtc.Dtls;

/// <summary>Where a DTLS session stands.</summary>
public enum DtlsState
{
    /// <summary>Waiting for or exchanging handshake flights.</summary>
    Handshaking,

    /// <summary>The handshake succeeded, the peer's certificate has the announced fingerprint, keys are there.</summary>
    Connected,

    /// <summary>The peer closed the session (close_notify).</summary>
    Closed,

    /// <summary>The handshake failed for good or the certificate has another fingerprint.</summary>
    Failed,
}

/// <summary>
/// One DTLS session without I/O: datagrams and time go in, datagrams and keying material come out. Behind this interface stands the
/// system's OpenSSL, or in tests a scripted double: OpenSSL reads its own clock, which nothing else in this project does.
/// </summary>
public interface IDtlsSession : IDisposable
{
    /// <summary>Where the session stands.</summary>
    DtlsState State { get; }

    /// <summary>The SRTP keys (RFC 5764 §4.2); null until <see cref="DtlsState.Connected"/>.</summary>
    SrtpKeyingMaterial? Keys { get; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next, to retransmit a flight.</summary>
    Timestamp NextTimeout { get; }

    /// <summary>Feeds one received datagram. Bytes that are no DTLS are dropped.</summary>
    void HandleDatagram(ReadOnlySpan<byte> datagram, Timestamp now);

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    void HandleTimeout(Timestamp now);

    /// <summary>Says goodbye to the peer; leaves a close_notify to be sent.</summary>
    void Close(Timestamp now);

    /// <summary>Takes the next datagram to send into <paramref name="destination"/> (at least 1500 bytes); false when there is none.</summary>
    bool TryDequeue(Span<byte> destination, out int length);
}

/// <summary>Makes the DTLS sessions of one certificate.</summary>
public interface IDtlsSessionFactory
{
    /// <summary>The fingerprint of our certificate, for SDP.</summary>
    DtlsFingerprint LocalFingerprint { get; }

    /// <summary>A session that waits for the peer's ClientHello and accepts only a certificate with <paramref name="remote"/>'s value.</summary>
    IDtlsSession CreatePassive(DtlsFingerprint remote);

    /// <summary>A session that sends the ClientHello.</summary>
    IDtlsSession CreateActive(DtlsFingerprint remote, Timestamp now);
}

/// <summary>The SHA-256 fingerprint of a certificate (RFC 8122 §5).</summary>
/// <param name="Value">Upper-case hexadecimal bytes with colons between, as in SDP, without the name of the hash.</param>
public sealed record DtlsFingerprint(string Value);

using System.Buffers.Binary;
using System.Text;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Ice;

/// <summary>Where a connectivity check stands.</summary>
public enum IceCheckState
{
    /// <summary>No answer yet.</summary>
    InProgress,

    /// <summary>The peer answered; the path works and consent is kept up.</summary>
    Succeeded,

    /// <summary>The peer refused, or did not answer in time.</summary>
    Failed,
}

/// <summary>
/// The client's side of ICE towards one address of an ICE-lite server: asks until answered (RFC 8445 §7.2), nominating at once, then keeps
/// consent fresh (RFC 7675 §5.1). Always controlling. Sans-I/O.
/// </summary>
/// <param name="local">Our credentials.</param>
/// <param name="remote">The server's credentials.</param>
/// <param name="seed">Random bits: the tie breaker, and the first of the transaction ids, which must be unique (RFC 8489 §5).</param>
/// <param name="options">Intervals and limits.</param>
/// <param name="now">The time; the first request is due at once.</param>
public sealed class IceConnectivityCheck(
    IceCredentials local, IceCredentials remote, UInt128 seed, IceCheckOptions options, Timestamp now)
{
    private readonly byte[] _username = Encoding.UTF8.GetBytes($"{remote.UsernameFragment}:{local.UsernameFragment}");
    private readonly byte[] _remotePassword = Encoding.UTF8.GetBytes(remote.Password);
    private readonly byte[] _transactionId = new byte[StunMessage.TransactionIdBytes];
    private readonly ulong _tieBreaker = (ulong)(seed >> 64);
    private UInt128 _nextTransaction = seed;
    private Timestamp _deadline = now + options.Timeout;
    private TimeSpan _retransmission = options.FirstRetransmission;
    private bool _isDue;
    private bool _isAnswered = true;

    /// <summary>Where the check stands.</summary>
    public IceCheckState State { get; private set; }

    /// <summary>Our address as the server sees it; null until <see cref="IceCheckState.Succeeded"/>.</summary>
    public NetworkAddress? MappedAddress { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout { get; private set; } = now;

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout(Timestamp now)
    {
        if (State == IceCheckState.Failed || now < NextTimeout)
        {
            return;
        }

        if (now >= _deadline)
        {
            Fail();
            return;
        }

        if (_isAnswered)
        {
            _isAnswered = false;
            _retransmission = options.FirstRetransmission;
            BeginTransaction();
        }

        _isDue = true;
        NextTimeout = Earlier(now + _retransmission, _deadline);
        _retransmission *= 2;
    }

    /// <summary>Takes the request to send into <paramref name="destination"/> (at least 600 bytes); false when none is due.</summary>
    public bool TryDequeue(Span<byte> destination, out int length)
    {
        length = 0;
        if (!_isDue)
        {
            return false;
        }

        _isDue = false;
        var writer = new StunWriter(destination, StunClass.Request, _transactionId);
        writer.Add(StunAttributeType.Username, _username);
        writer.AddPriority(options.Priority);
        writer.AddIceControlling(_tieBreaker);
        writer.AddUseCandidate();
        writer.AddMessageIntegrity(_remotePassword);
        writer.AddFingerprint();
        length = writer.Length;
        return true;
    }

    /// <summary>Feeds one received datagram; false when it is no authentic answer to our last request.</summary>
    public bool TryHandleResponse(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        if (State == IceCheckState.Failed || _isAnswered || !StunMessage.TryParse(datagram, out var response)
            || response.Class is not (StunClass.SuccessResponse or StunClass.ErrorResponse)
            || !response.TransactionId.SequenceEqual(_transactionId)
            || !response.HasValidFingerprint() || !response.HasValidIntegrity(_remotePassword))
        {
            return false;
        }

        if (response.Class == StunClass.ErrorResponse || !response.TryGetXorMappedAddress(out var mapped))
        {
            Fail();
            return true;
        }

        State = IceCheckState.Succeeded;
        MappedAddress = mapped;
        _isAnswered = true;
        _isDue = false;
        _deadline = now + options.Timeout;
        NextTimeout = now + options.ConsentInterval;
        return true;
    }

    private static Timestamp Earlier(Timestamp left, Timestamp right) => left < right ? left : right;

    private void Fail()
    {
        State = IceCheckState.Failed;
        _isDue = false;
        NextTimeout = Timestamp.Never;
    }

    private void BeginTransaction()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _nextTransaction++);
        bytes[4..].CopyTo(_transactionId);
    }
}

/// <summary>Intervals of an <see cref="IceConnectivityCheck"/>.</summary>
public sealed record IceCheckOptions
{
    /// <summary>Delay before the first repetition of a request; doubles with each (RFC 8489 §6.2.1).</summary>
    public TimeSpan FirstRetransmission { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long without an answer until the check fails (RFC 7675 §5.1).</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from an answer to the next request (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>PRIORITY of the requests: that of a peer-reflexive candidate of component 1 (RFC 8445 §5.1.2).</summary>
    public uint Priority { get; init; } = (110u << 24) | (65535u << 8) | 255u;
}

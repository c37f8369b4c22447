using System.Text;
using Dais.Rtc.Stun;

namespace Dais.Rtc.Ice;

/// <summary>Where an ICE agent stands.</summary>
public enum IceState
{
    /// <summary>No check of the peer has been authenticated yet.</summary>
    New,

    /// <summary>At least one path is validated and has the peer's consent.</summary>
    Connected,

    /// <summary>Consent ran out on every path (RFC 7675 §5.1). Only a restart leads on from here.</summary>
    Disconnected,

    /// <summary>No check came in time. Only a restart leads on from here.</summary>
    Failed,
}

/// <summary>
/// The server's side of ICE: it never asks, it answers the checks of a full agent (RFC 8445 §2.5) and learns from them where the peer
/// is. Sans-I/O: datagrams and time go in, answers come out. Nothing is allocated per request.
/// </summary>
/// <remarks>
/// Deviates from RFC 8489 §9.1.3: a request without valid credentials gets silence instead of 400 or 401, so that the media port
/// neither amplifies nor tells strangers that somebody lives here.
/// Deviates from RFC 8445 §7.3.1.1: the role is never switched; a peer that says to be controlled gets 487, as a lite agent is always
/// the controlled one of a full agent (§6.1.1).
/// PRIORITY is not required: a lite agent forms no pairs and has no use for it.
/// An answer has 64 bytes (IPv4) or 76 (IPv6). A request that may be answered has USERNAME, MESSAGE-INTEGRITY and FINGERPRINT and
/// thereby at least 68 bytes, so that an answer stays below 1.2 times the request.
/// </remarks>
public sealed class IceLiteAgent(IceCredentials local, IceCredentials remote, IceOptions options, Timestamp now)
{
    private readonly IcePathTable _paths = new(options.PathsMax);
    private CredentialKey _credentials = new(local, remote);
    private CredentialKey? _next;
    private Timestamp _connectDeadline = now + options.ConnectTimeout;

    /// <summary>Where the agent stands.</summary>
    public IceState State { get; private set; }

    /// <summary>The path the peer nominated last, or null.</summary>
    public NetworkPath? SelectedPath => _paths.Selected;

    /// <summary>The path to send along: the nominated one, before that the one last validated; null when there is none.</summary>
    public NetworkPath? SendPath => _paths.Selected ?? _paths.MostRecent;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout => State switch
    {
        IceState.New => _connectDeadline,
        IceState.Connected => _paths.OldestCheck + options.ConsentTimeout,
        _ => Timestamp.Never,
    };

    /// <summary>Datagrams that were no whole STUN request with a right FINGERPRINT; dropped.</summary>
    public long MalformedRequests { get; private set; }

    /// <summary>Requests with a wrong USERNAME or MESSAGE-INTEGRITY; dropped without an answer.</summary>
    public long UnauthenticatedRequests { get; private set; }

    /// <summary>
    /// Whether datagrams from <paramref name="path"/> may be taken for the peer's: a check from there was authenticated and its consent
    /// has not run out. DTLS and media are accepted from any such path, nominated or not.
    /// </summary>
    public bool IsValidated(in NetworkPath path) => _paths.Contains(path);

    /// <summary>
    /// Feeds one received STUN datagram. Returns true when <paramref name="response"/> holds an answer to send back along
    /// <paramref name="path"/>; the state may have changed as well.
    /// </summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="now">The time.</param>
    /// <param name="response">At least 128 bytes.</param>
    /// <param name="responseLength">Bytes of the answer, or 0.</param>
    public bool TryHandleRequest(
        ReadOnlySpan<byte> datagram, in NetworkPath path, Timestamp now, Span<byte> response, out int responseLength)
    {
        responseLength = 0;
        if (!StunMessage.TryParse(datagram, out var request) || request.Class != StunClass.Request
            || request.Method != StunMessage.BindingMethod || !request.HasValidFingerprint())
        {
            // Indications keep address bindings alive on the way here; they prove nothing and refresh nothing (RFC 8445 §11).
            MalformedRequests++;
            return false;
        }

        if (State is IceState.Disconnected or IceState.Failed || !TryAuthenticate(request, out var credentials))
        {
            UnauthenticatedRequests++;
            return false;
        }

        var writer = Answer(request, path, response, out bool granted);
        writer.AddMessageIntegrity(credentials.LocalPassword);
        writer.AddFingerprint();
        responseLength = writer.Length;
        if (granted)
        {
            Accept(credentials, path, request.HasUseCandidate, now);
        }

        return true;
    }

    /// <summary>Advances the clock to <paramref name="now"/>.</summary>
    public void HandleTimeout(Timestamp now)
    {
        if (State == IceState.New && now >= _connectDeadline)
        {
            State = IceState.Failed;
        }
        else if (State == IceState.Connected)
        {
            _paths.RemoveExpired(now, options.ConsentTimeout);
            State = _paths.IsEmpty ? IceState.Disconnected : State;
        }
    }

    /// <summary>
    /// Begins an ICE restart (RFC 8445 §2.4). Until the first check with the new credentials arrives the old ones stay valid and media
    /// goes on along the old paths; an agent that had given up waits anew.
    /// </summary>
    public void Restart(IceCredentials local, IceCredentials remote, Timestamp now)
    {
        _next = new CredentialKey(local, remote);
        if (State == IceState.Connected)
        {
            return;
        }

        if (State != IceState.New)
        {
            // Credentials whose consent ran out must not serve again (RFC 7675 §5.1).
            _credentials = _next;
            _next = null;
        }

        State = IceState.New;
        _connectDeadline = now + options.ConnectTimeout;
    }

    private bool TryAuthenticate(in StunMessage request, out CredentialKey credentials)
    {
        credentials = _next is { } next && request.Username.SequenceEqual(next.Username) ? next : _credentials;
        return request.Username.SequenceEqual(credentials.Username) && request.HasValidIntegrity(credentials.LocalPassword);
    }

    private static StunWriter Answer(in StunMessage request, in NetworkPath path, Span<byte> response, out bool granted)
    {
        granted = !request.HasUnknownRequired && request.IceControlled is null;
        var writer = new StunWriter(response, granted ? StunClass.SuccessResponse : StunClass.ErrorResponse, request.TransactionId);
        if (granted)
        {
            writer.AddXorMappedAddress(path.Remote);
        }
        else if (request.HasUnknownRequired)
        {
            Span<ushort> unknown = stackalloc ushort[4];
            writer.AddErrorCode(StunErrorCode.UnknownAttribute);
            writer.AddUnknownAttributes(unknown[..request.CopyUnknownRequired(unknown)]);
        }
        else
        {
            writer.AddErrorCode(StunErrorCode.RoleConflict);
        }

        return writer;
    }

    private void Accept(CredentialKey credentials, in NetworkPath path, bool nominated, Timestamp now)
    {
        if (ReferenceEquals(credentials, _next))
        {
            _credentials = credentials;
            _next = null;
        }

        _paths.Refresh(path, nominated, now);
        State = IceState.Connected;
    }

    /// <summary>A pair of credentials in the form the checks carry them.</summary>
    private sealed class CredentialKey(IceCredentials local, IceCredentials remote)
    {
        public byte[] Username { get; } = Encoding.UTF8.GetBytes($"{local.UsernameFragment}:{remote.UsernameFragment}");

        public byte[] LocalPassword { get; } = Encoding.UTF8.GetBytes(local.Password);
    }
}

/// <summary>Limits of an <see cref="IceLiteAgent"/>.</summary>
public sealed record IceOptions
{
    /// <summary>How long to wait for the peer's first check.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a path is trusted after its last authenticated check (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most validated paths held; a new one takes the place of the one unheard of for longest.</summary>
    public int PathsMax
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Must be positive.");
    } = 8;
}

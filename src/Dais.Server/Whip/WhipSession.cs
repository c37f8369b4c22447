using System.Security.Cryptography;
using System.Text;
using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;
using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Sfu;

namespace Dais.Server.Whip;

/// <summary>Which way the media of a session goes.</summary>
public enum WhipKind
{
    /// <summary>The client publishes (RFC 9725).</summary>
    Whip,

    /// <summary>The client watches (draft-ietf-wish-whep).</summary>
    Whep,
}

/// <summary>
/// One WHIP or WHEP session: a transport, the URL that speaks for it, and the membership that comes with it. When the user is in the
/// room by something with signalling already, the session only adds its transport to that membership; else the membership is its own.
/// </summary>
public sealed class WhipSession : IMediaOwner
{
    private readonly byte[]? _bearer;
    private readonly Action<WhipSession> _onEnd;
    private string _answer = "";
    private bool _isOver;

    /// <summary>A session that is to be.</summary>
    /// <param name="kind">Which way media goes.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="session">The session its membership is by, if it has one of its own.</param>
    /// <param name="bearer">The token it was asked for with; null for none.</param>
    /// <param name="onEnd">Called once when it is over.</param>
    public WhipSession(WhipKind kind, string roomId, ClientSession session, string? bearer, Action<WhipSession> onEnd)
    {
        Kind = kind;
        RoomId = roomId;
        Session = session;
        _bearer = bearer is null ? null : Hash(bearer);
        _onEnd = onEnd;
    }

    /// <summary>The last part of its URL, which nobody can guess.</summary>
    public string Id { get; } = RandomIds.Secret();

    /// <summary>Which way media goes.</summary>
    public WhipKind Kind { get; }

    /// <summary>The room.</summary>
    public string RoomId { get; }

    /// <inheritdoc/>
    public ClientSession Session { get; }

    /// <summary>The room's loop; known once the session is open.</summary>
    public RoomRunner? Runner { get; private set; }

    /// <summary>The transport.</summary>
    public TransportId Transport { get; private set; }

    /// <summary>Names the present ICE session (RFC 9725 §4.3.1): its user name fragment, which no other has. In the room's loop only.</summary>
    public string EntityTag { get; private set; } = "";

    /// <summary>The client's credentials of the present ICE session. In the room's loop only.</summary>
    public IceCredentials? Remote { get; private set; }

    /// <summary>The transport is there.</summary>
    public void Begin(RoomRunner runner, MediaTransport transport, string answer)
    {
        Runner = runner;
        Transport = transport.Id;
        TakeNote(transport.Parameters.LocalIce, transport.Parameters.RemoteIce);

        // What stays the same is short and all that a restart's answer needs.
        _answer = IceFragment.Answer(answer, transport.Parameters.LocalIce);
    }

    /// <summary>Whether this is the token the session was asked for with.</summary>
    public bool IsOpenedWith(string? bearer) =>
        bearer is null ? _bearer is null : _bearer is not null && CryptographicOperations.FixedTimeEquals(_bearer, Hash(bearer));

    /// <summary>Restarts ICE; gives the fragment that answers it, or null when the transport is gone.</summary>
    public string? RestartIce(LiveRoom room, IceCredentials remote)
    {
        if (room.Media.RestartIce(Transport, remote) is not { } local)
        {
            return null;
        }

        TakeNote(local, remote);
        return IceFragment.Answer(_answer, local);
    }

    /// <summary>The client is done.</summary>
    public void End(LiveRoom room)
    {
        room.Media.Close(Transport);
        Leave(room, mayReturn: false);
    }

    /// <summary>What was begun comes to nothing.</summary>
    public void GiveUp()
    {
        if (!_isOver)
        {
            _isOver = true;
            _onEnd(this);
        }
    }

    /// <inheritdoc/>
    public void Ended(LiveRoom room, TransportCloseReason? reason)
    {
        GiveUp();
        if (reason is { } own)
        {
            Leave(room, mayReturn: own != TransportCloseReason.ClosedByPeer);
        }
    }

    /// <summary>Nothing happens when the membership is not by this session.</summary>
    private void Leave(LiveRoom room, bool mayReturn) => room.Drop(Session, Session.Connection, mayReturn);

    private void TakeNote(IceCredentials local, IceCredentials remote)
    {
        EntityTag = $"\"{local.UsernameFragment}\"";
        Remote = remote;
    }

    private static byte[] Hash(string bearer) => SHA256.HashData(Encoding.UTF8.GetBytes(bearer));
}

using System.Collections.Concurrent;
using Dais.Server.Hosting;
using Dais.Server.Signaling;

namespace Dais.Server.Whip;

/// <summary>The WHIP and WHEP sessions of this node, by the id in their URL. Each takes one of the node's places for connections.</summary>
public sealed class WhipSessions(ConnectionRegistry connections, SignalingContext signaling, ServerLog log)
{
    private readonly ConcurrentDictionary<string, WhipSession> _open = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _open.Count;

    /// <summary>A session that is to be; null when the node has no room for it.</summary>
    public WhipSession? TryBegin(WhipKind kind, string roomId, Identity caller, string? bearer)
    {
        if (!connections.TryReserve())
        {
            return null;
        }

        var connection = new Connection(SilentTransport.Create(), signaling.Options.Limits, signaling.Time);
        var client = new ClientSession(caller, connection, signaling) { HasSignaling = false };
        connections.Add(connection);
        var session = new WhipSession(kind, roomId, client, bearer, End);
        _open[session.Id] = session;
        log.MediaSessionOpened(client.Id, kind);
        return session;
    }

    /// <summary>The session with that URL; null when there is none, or none any more.</summary>
    public WhipSession? Find(WhipKind kind, string roomId, string id) =>
        _open.GetValueOrDefault(id) is { Runner: not null } session && session.Kind == kind && session.RoomId == roomId ? session : null;

    private void End(WhipSession session)
    {
        if (_open.TryRemove(session.Id, out _))
        {
            connections.Release(session.Session.Connection);
            log.MediaSessionEnded(session.Session.Id, session.Kind);
        }
    }
}

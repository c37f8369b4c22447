using System.Security.Cryptography;
using System.Text;
using Dais.Protocol;
using Dais.Server.Hosting;

namespace Dais.Server.Signaling;

/// <summary>
/// The sessions of this node. One whose connection is lost waits for its client to resume it, for as long as a place in a
/// room can wait; how many wait is bounded.
/// </summary>
public sealed class SessionRegistry(DaisOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _sessions = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>How long a session waits: no place in a room is kept for longer.</summary>
    public TimeSpan Patience { get; } = new[] { options.SeatGrace, options.AudienceGrace, options.HostGrace }.Max();

    /// <summary>How many sessions wait for their clients.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <summary>A new session, which has a connection.</summary>
    public void Add(ClientSession session)
    {
        lock (_lock)
        {
            _sessions.Add(session.Id, new Entry(session));
        }
    }

    /// <summary>
    /// Finds the session a client wants to go on with; null when there is none of that id, key and user. The key is
    /// compared in constant time.
    /// </summary>
    public ClientSession? Find(SessionResume resume, Identity identity)
    {
        lock (_lock)
        {
            return _sessions.GetValueOrDefault(resume.SessionId)?.Session is { } session
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(session.Key), Encoding.UTF8.GetBytes(resume.Key))
                && session.UserId.Value == identity.User.UserId
                    ? session
                    : null;
        }
    }

    /// <summary>
    /// Lets <paramref name="session"/> go on by <paramref name="newer"/>; false when it has just ended or was dismissed.
    /// </summary>
    public bool TryGoOn(ClientSession session, Connection newer, Identity identity)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(session.Id, out var entry) || session.Dismissed is not null)
            {
                return false;
            }

            EndWaiting(entry);
            session.GoOn(newer, identity);
        }

        // Whoever dismisses it in this moment closes either this connection or the one before.
        if (session.Dismissed is { } code)
        {
            newer.Close(code);
        }

        return true;
    }

    /// <summary>
    /// The connection <paramref name="gone"/> is over; may be said twice. Tells whether the client may come back to its
    /// session by itself.
    /// </summary>
    public bool Leave(ClientSession session, Connection gone)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(session.Id, out var entry))
            {
                return false;
            }

            if (session.Connection == gone && entry.Timer is null)
            {
                if (CloseCodes.All.FirstOrDefault(code => code.Code == gone.ClosedWith) is { Reconnect: false } final)
                {
                    session.TakeNoteOfDismissal(final);
                }

                Wait(entry, gone);
            }

            return _sessions.ContainsKey(session.Id) && session.Dismissed is null;
        }
    }

    private void Wait(Entry entry, Connection gone)
    {
        if (gone.SaidGoodbye || Patience <= TimeSpan.Zero || _waiting >= options.Limits.WaitingSessionsMax)
        {
            _sessions.Remove(entry.Session.Id);
            return;
        }

        _waiting++;
        entry.Timer = time.CreateTimer(_ => Expire(entry), null, Patience, Timeout.InfiniteTimeSpan);
    }

    private void Expire(Entry entry)
    {
        lock (_lock)
        {
            // A client that resumed in the same moment was first.
            if (entry.Timer is not null && _sessions.Remove(entry.Session.Id))
            {
                EndWaiting(entry);
            }
        }
    }

    private void EndWaiting(Entry entry)
    {
        if (entry.Timer is { } timer)
        {
            timer.Dispose();
            entry.Timer = null;
            _waiting--;
        }
    }

    private sealed class Entry(ClientSession session)
    {
        public ClientSession Session { get; } = session;

        /// <summary>Runs while the session waits.</summary>
        public ITimer? Timer { get; set; }
    }
}

using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Access;
using Dais.Server.Messages;

namespace Dais.Server.Signaling;

/// <summary>Who someone is and what they may do, found out once when the session opens.</summary>
/// <param name="User">As others see them.</param>
/// <param name="Access">What they may do; null for a bare user id in development mode, which may do everything.</param>
/// <param name="Platform">What they run on, in the contract's numbers.</param>
public sealed record Identity(User User, AccessToken? Access, int Platform)
{
    /// <summary>Whether they may enter <paramref name="roomId"/>.</summary>
    public bool MayEnter(string roomId) => Access?.Covers(roomId) ?? true;

    /// <summary>Whether they may start a room called <paramref name="roomId"/>.</summary>
    public bool MayStart(string roomId) => MayEnter(roomId) && (Access?.Grants(AccessRole.Host) ?? true);

    /// <summary>Whether they are an admin of every room they may enter.</summary>
    public bool IsAdmin => Access?.Grants(AccessRole.Admin) ?? false;
}

/// <summary>
/// One client's session: who it is, and which rooms it is in. It outlives its connection for a while, and goes on by the
/// next one the client resumes it with.
/// </summary>
public sealed class ClientSession(Identity identity, Connection connection, SignalingContext signaling)
{
    private volatile Connection _connection = connection;
    private volatile CloseCode? _dismissed;
    private PendingQuestions? _questions;

    /// <summary>The connection the client is reached by, or was last.</summary>
    public Connection Connection => _connection;

    /// <summary>What this server is made of.</summary>
    public SignalingContext Signaling { get; } = signaling;

    /// <summary>The session's id.</summary>
    public string Id { get; } = RandomIds.Id();

    /// <summary>The secret that resumes it.</summary>
    public string Key { get; } = RandomIds.Secret();

    /// <summary>Who the client is.</summary>
    public Identity Caller { get; private set; } = identity;

    /// <summary>The caller's id in the domain's words.</summary>
    public UserId UserId { get; } = new(identity.User.UserId);

    /// <summary>This session's id as the id of the connection it is in rooms by.</summary>
    public ConnectionId ConnectionId => new(Id);

    /// <summary>Whether the client is told what happens in its rooms; a WHIP or WHEP client is not, and never resumes.</summary>
    public bool HasSignaling { get; init; } = true;

    /// <summary>The rooms the client is in.</summary>
    public SessionRooms Rooms { get; } = new();

    /// <summary>The rooms the client may join soon.</summary>
    public PreparedRooms PreparedRooms { get; } = new();

    /// <summary>What the client may not have heard of rooms it is in no longer.</summary>
    public RoomFarewells Farewells { get; } = new(signaling.Options.Limits.RoomsPerConnectionMax);

    /// <summary>The client's messages that the application's backend is being asked about.</summary>
    public PendingQuestions Questions => LazyInitializer.EnsureInitialized(ref _questions, static () => new PendingQuestions());

    /// <summary>What the client was sent away with for good; null while it was not.</summary>
    public CloseCode? Dismissed => _dismissed;

    /// <summary>Sends the client away for good, now or when it comes to resume the session.</summary>
    public void Dismiss(CloseCode code)
    {
        _dismissed ??= code;
        _connection.Close(code);
    }

    /// <summary>The session goes on by <paramref name="newer"/>, and may do what the newer token says.</summary>
    internal void GoOn(Connection newer, Identity renewed)
    {
        _connection = newer;
        Caller = Caller with { Access = renewed.Access };
    }

    /// <summary>Takes note that the last connection was closed with <paramref name="code"/>, which is final.</summary>
    internal void TakeNoteOfDismissal(CloseCode code) => _dismissed ??= code;
}

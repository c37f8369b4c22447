using System.Collections.Immutable;

namespace Dais.Protocol;

/// <summary>What a client opens its session with.</summary>
/// <param name="Token">The access token; not needed in development mode.</param>
/// <param name="UserId">Who the client says it is; development mode only, otherwise the token says it.</param>
/// <param name="UserName">The name to show; the token's wins.</param>
/// <param name="AvatarUrl">The picture to show.</param>
/// <param name="Platform">What the client runs on: 1 Android, 2 iOS, 5 Windows, 6 Linux, 7 Web, 8 macOS, 0 other.</param>
/// <param name="Resume">The session to go on with, when the client had one on an earlier connection.</param>
public sealed record SessionOpenParams(
    string? Token = null,
    string? UserId = null,
    string? UserName = null,
    string? AvatarUrl = null,
    int Platform = 0,
    SessionResume? Resume = null) : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.Text(Token, 8192, "token")
        ?? (UserId is null ? null : Check.UserId(UserId))
        ?? Check.Text(UserName, 256, "userName")
        ?? Check.Text(AvatarUrl, 2048, "avatarUrl")
        ?? (Platform is 0 or 1 or 2 or (>= 5 and <= 8) ? null : "platform")
        ?? Resume?.InvalidField();
}

/// <summary>The session a client goes on with, and what it has of it.</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="Key">The secret that came with it.</param>
/// <param name="Seqs">The `seq` of the last event the client has, for each room it is in; it leaves all others.</param>
public sealed record SessionResume(string SessionId, string Key, ImmutableDictionary<string, long>? Seqs = null)
{
    /// <summary>The most rooms a client can name.</summary>
    private const int RoomsMax = 1000;

    internal string? InvalidField() =>
        Check.Text(SessionId, 64, "resume.sessionId")
        ?? Check.Text(Key, 256, "resume.key")
        ?? (Seqs is null || (Seqs.Count <= RoomsMax && Seqs.All(seq => seq.Value >= 0 && Check.RoomId(seq.Key) is null))
            ? null
            : "resume.seqs");
}

/// <summary>The open session.</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="ResumeKey">The secret that resumes this session.</param>
/// <param name="Resumed">Whether an earlier session goes on.</param>
/// <param name="UserId">Who the client is.</param>
/// <param name="UserName">The name others see.</param>
/// <param name="ServerTime">The server's clock, in milliseconds since the Unix epoch.</param>
/// <param name="PingSeconds">How often the client should send `session.ping` when it sends nothing else.</param>
/// <param name="GraceSeconds">How long a seat is kept when the connection is lost.</param>
/// <param name="IceServers">The STUN and TURN servers to use; may be empty. Credentials may end: those of the newest session count.</param>
/// <param name="DevelopmentMode">Whether anyone may say who they are without a token: a server to try things on.</param>
public sealed record SessionOpenResult(
    string SessionId,
    string ResumeKey,
    bool Resumed,
    string UserId,
    string UserName,
    long ServerTime,
    int PingSeconds,
    int GraceSeconds,
    ImmutableArray<IceServer> IceServers,
    bool DevelopmentMode);

/// <summary>A STUN or TURN server, as a browser's `RTCConfiguration` takes it.</summary>
/// <param name="Urls">Its addresses.</param>
/// <param name="Username">The user name, for TURN.</param>
/// <param name="Credential">The password, for TURN.</param>
public sealed record IceServer(ImmutableArray<string> Urls, string? Username = null, string? Credential = null);

/// <summary>The server is there.</summary>
/// <param name="ServerTime">The server's clock, in milliseconds since the Unix epoch.</param>
public sealed record SessionPingResult(long ServerTime);

/// <summary>No parameters.</summary>
public sealed record NoParams : IParams
{
    /// <inheritdoc/>
    public string? InvalidField() => null;
}

/// <summary>Done; there is nothing to tell.</summary>
public sealed record EmptyResult
{
    /// <summary>The one value.</summary>
    public static EmptyResult Value { get; } = new();
}

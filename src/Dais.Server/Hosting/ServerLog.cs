using System.Diagnostics;
using Dais.Server.Whip;

namespace Dais.Server.Hosting;

/// <summary>
/// Every line this server writes, each with its number. A line names sessions and rooms by numbers and random ids of
/// our own: never a
/// user, a room's name, an address or a token. A test holds a whole live's lines against that.
/// </summary>
public sealed partial class ServerLog(ILogger<ServerLog> logger)
{
    /// <summary>The server listens.</summary>
    [LoggerMessage(1, LogLevel.Information,
        "Dais is ready: open {Address} in a browser. Media arrives at {MediaAddresses}.")]
    public partial void Ready(string address, string mediaAddresses);

    /// <summary>Anyone can be anyone.</summary>
    [LoggerMessage(2, LogLevel.Warning,
        "Development mode: clients may say who they are without an access token. Do not open this server to others like this.")]
    public partial void BareUserIdsAccepted();

    /// <summary>The server was asked to stop.</summary>
    [LoggerMessage(3, LogLevel.Information, "Stopping: {Connections} connections are told to come back later.")]
    public partial void Stopping(int connections);

    /// <summary>A client is there.</summary>
    [LoggerMessage(10, LogLevel.Debug, "Session {Session} opened on platform {Platform}.")]
    public partial void SessionOpened(string session, int platform);

    /// <summary>A client may not come in.</summary>
    [LoggerMessage(11, LogLevel.Information, "Session {Session} was refused: {Error}.")]
    public partial void SessionRefused(string session, string error);

    /// <summary>A client is gone.</summary>
    [LoggerMessage(12, LogLevel.Debug, "The connection of session {Session} ended; our close code: {Code}.")]
    public partial void ConnectionEnded(string session, int code);

    /// <summary>A client is there again.</summary>
    [LoggerMessage(14, LogLevel.Debug, "Session {Session} goes on by another connection.")]
    public partial void SessionResumed(string session);

    /// <summary>A call ran into a mistake of ours.</summary>
    public void CallFailed(string method, Exception exception) =>
        CallFailed(method, exception.GetType().Name, StackOf(exception));

    /// <summary>A room is live.</summary>
    [LoggerMessage(20, LogLevel.Information, "Room {Room} is live.")]
    public partial void RoomStarted(long room);

    /// <summary>A room is over.</summary>
    [LoggerMessage(21, LogLevel.Information, "Room {Room} ended: {Reason}.")]
    public partial void RoomEnded(long room, string reason);

    /// <summary>A room ran into a mistake of ours.</summary>
    public void RoomFailed(long room, Exception exception) => RoomFailed(room, exception.GetType().Name, StackOf(exception));

    /// <summary>Rooms go on after a restart.</summary>
    [LoggerMessage(23, LogLevel.Information, "{Rooms} rooms of the last process go on.")]
    public partial void RoomsRestored(int rooms);

    /// <summary>A room cannot go on.</summary>
    public void RoomLost(long room, Exception exception) => RoomLost(room, exception.GetType().Name, StackOf(exception));

    /// <summary>A client's media path is up.</summary>
    [LoggerMessage(30, LogLevel.Debug, "Transport {Transport} of room {Room} connected.")]
    public partial void TransportConnected(long transport, long room);

    /// <summary>A client's media path ended by itself.</summary>
    [LoggerMessage(31, LogLevel.Debug, "Transport {Transport} of room {Room} closed: {Reason}.")]
    public partial void TransportClosed(long transport, long room, string reason);

    /// <summary>A worker does not keep up with what it is told.</summary>
    [LoggerMessage(32, LogLevel.Error, "Media worker {Worker} refused a command: its queue is full.")]
    public partial void MediaCommandRefused(int worker);

    /// <summary>A WHIP or WHEP session began.</summary>
    [LoggerMessage(60, LogLevel.Debug, "Session {Session} opened by {Kind}.")]
    public partial void MediaSessionOpened(string session, WhipKind kind);

    /// <summary>A WHIP or WHEP session is over, or came to nothing.</summary>
    [LoggerMessage(61, LogLevel.Debug, "Session {Session} by {Kind} is over.")]
    public partial void MediaSessionEnded(string session, WhipKind kind);

    /// <summary>Messages cannot be asked about.</summary>
    [LoggerMessage(50, LogLevel.Warning, "The message hook fails ({Failure}); until it answers, messages are {Outcome}.")]
    public partial void MessageHookFailing(string failure, string outcome);

    /// <summary>Messages can be asked about again.</summary>
    [LoggerMessage(51, LogLevel.Information, "The message hook answers again.")]
    public partial void MessageHookRecovered();

    /// <summary>An endpoint takes nothing at the moment.</summary>
    [LoggerMessage(40, LogLevel.Warning, "Webhook endpoint {Endpoint} fails ({Failure}); it is tried again with growing delay.")]
    public partial void WebhookFailing(string endpoint, string failure);

    /// <summary>An endpoint takes notices again.</summary>
    [LoggerMessage(41, LogLevel.Information, "Webhook endpoint {Endpoint} takes notices again.")]
    public partial void WebhookRecovered(string endpoint);

    /// <summary>A notice was given up.</summary>
    [LoggerMessage(42, LogLevel.Warning,
        "A notice for webhook endpoint {Endpoint} is parked; {Parked} are, and {Discarded} older ones were discarded for it.")]
    public partial void WebhookParked(string endpoint, int parked, int discarded);

    /// <summary>Events were gone before an endpoint was told.</summary>
    [LoggerMessage(43, LogLevel.Error, "Webhook endpoint {Endpoint} is not told of {Events} events: they are gone from the log.")]
    public partial void WebhookEventsLost(string endpoint, long events);

    /// <summary>Webhooks ran into a mistake of ours.</summary>
    public void WebhookLaneFailed(string endpoint, Exception exception) =>
        WebhookLaneFailed(endpoint, exception.GetType().Name, StackOf(exception));

    // An exception's message may quote what a client sent; its type and where it came from do not.
    [LoggerMessage(13, LogLevel.Error, "A call of {Method} failed: {Exception}\n{Stack}")]
    private partial void CallFailed(string method, string exception, string stack);

    [LoggerMessage(22, LogLevel.Error, "Room {Room} failed at something: {Exception}\n{Stack}")]
    private partial void RoomFailed(long room, string exception, string stack);

    [LoggerMessage(24, LogLevel.Critical,
        "The server stops: room {Room} could not keep its events: {Exception}\n{Stack}")]
    private partial void RoomLost(long room, string exception, string stack);

    [LoggerMessage(44, LogLevel.Error, "Telling webhook endpoint {Endpoint} failed: {Exception}\n{Stack}")]
    private partial void WebhookLaneFailed(string endpoint, string exception, string stack);

    private static string StackOf(Exception exception) => new StackTrace(exception, fNeedFileInfo: false).ToString();
}

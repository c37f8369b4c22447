using System.Buffers;
using System.Diagnostics;
using Dais.Protocol;
using Dais.Server.Observability;

namespace Dais.Server.Signaling;

/// <summary>
/// One connection of a client: turns messages into calls, in order and one at a time, and refuses what is none. The
/// first call opens a session on it, or goes on with one that had another connection before.
/// </summary>
public sealed class ClientConnection(Connection connection, SignalingContext signaling)
{
    private readonly TokenBucket _calls =
        new(signaling.Options.Limits.RequestsPerSecond, signaling.Options.Limits.RequestsBurst, signaling.Time);

    /// <summary>The span of the call under way; there is one at a time.</summary>
    private Activity? _span;

    /// <summary>The WebSocket.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>What this server is made of.</summary>
    public SignalingContext Signaling { get; } = signaling;

    /// <summary>What logs call it until it has a session.</summary>
    public string Id => field ??= RandomIds.Id();

    /// <summary>The session on it; null until it is open.</summary>
    public ClientSession? Session { get; private set; }

    /// <summary>From now on calls are those of <paramref name="session"/>.</summary>
    public void Open(ClientSession session) => Session = session;

    /// <summary>Handles one message from the connection.</summary>
    public async ValueTask HandleAsync(IncomingKind kind, ReadOnlyMemory<byte> message)
    {
        if (kind == IncomingKind.Unacceptable)
        {
            Connection.Close(CloseCodes.ProtocolError, "Only text messages of a reasonable length are understood.");
            return;
        }

        // Bad messages cost a token too: nothing a client sends is free.
        if (!_calls.TryTake(out var retryAfter))
        {
            _ = JsonRpcCall.TryRead(message.Span, out var limited, out _);
            Refuse(limited.Id, new CallRefusal(ErrorCodes.RateLimited) { RetryAfter = retryAfter });
            return;
        }

        // The message has been read past and the session goes on: its id is lost, so the answer carries none.
        if (kind == IncomingKind.TooLong)
        {
            Refuse(JsonRpcId.Null, ErrorCodes.TooLarge);
            return;
        }

        if (!JsonRpcCall.TryRead(message.Span, out var call, out var error))
        {
            Refuse(call.Id, error!);
            return;
        }

        if (Session is null && call.Method != Methods.SessionOpen.Name)
        {
            Refuse(call.Id, ErrorCodes.SessionNotOpen);
            Connection.Close(CloseCodes.Unauthorized, "The first message must be session.open.");
            return;
        }

        await DispatchAsync(call);
    }

    /// <summary>Answers the call <paramref name="id"/> that it was refused.</summary>
    public void Refuse(JsonRpcId? id, CallRefusal refusal, string method = ServerMetrics.NoMethod)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        Answered(method, refusal.Code.Name);
        if (id is { } known)
        {
            var output = new ArrayBufferWriter<byte>();
            long? retryAfterMs = refusal.RetryAfter is { } retryAfter ? (long)Math.Ceiling(retryAfter.TotalMilliseconds) : null;
            JsonRpcWriter.WriteError(output, known, refusal.Code, refusal.Field, retryAfterMs, refusal.Detail, refusal.ApplicationCode);
            Connection.Send(output.WrittenMemory);
        }
    }

    /// <summary>A call has its answer: for metrics and traces.</summary>
    public void Answered(string method, string outcome)
    {
        Signaling.Metrics.Answered(method, outcome);
        _span?.SetTag(Traces.Outcome, outcome);
    }

    /// <summary>
    /// The connection is over: every room the client is in by it learns that it dropped. The session may go on by
    /// another one.
    /// </summary>
    public async Task EndAsync()
    {
        if (Session is not { } session)
        {
            return;
        }

        bool mayReturn = Signaling.Sessions.Leave(session, Connection);
        foreach (var (_, runner) in session.Rooms.All)
        {
            await runner.InvokeAsync(room => room.Drop(session, Connection, mayReturn));
        }

        // A client that comes back prepares anew.
        foreach (var runner in session.PreparedRooms.All)
        {
            await runner.InvokeAsync(room => room.Media.DropPrepared(session, by: Connection));
        }
    }

    private async ValueTask DispatchAsync(JsonRpcCall call)
    {
        long start = Signaling.Time.GetTimestamp();
        using var span = _span = Traces.StartRoot("call", ActivityKind.Server)?.SetTag("rpc.method", call.Method);
        try
        {
            await Signaling.Methods.DispatchAsync(this, call);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A mistake of ours in one call costs that call its answer, not the client its session.
            Refuse(call.Id, ErrorCodes.InternalError, call.Method);
            Signaling.Log.CallFailed(call.Method, exception);
        }

        _span = null;
        Signaling.Metrics.CallTook(Signaling.Time.GetElapsedTime(start));
    }
}

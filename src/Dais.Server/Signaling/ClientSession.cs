using System.Buffers;
using System.Collections.Concurrent;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Access;
using Dais.Server.Rooms;

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
/// One client's session on one connection: turns messages into calls, in order and one at a time, and refuses what is
/// none.
/// </summary>
public sealed class ClientSession(Connection connection, SignalingContext signaling)
{
    private readonly TokenBucket _calls =
        new(signaling.Options.Limits.RequestsPerSecond, signaling.Options.Limits.RequestsBurst, signaling.Time);

    /// <summary>The connection the client is reached by.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>What this server is made of.</summary>
    public SignalingContext Signaling { get; } = signaling;

    /// <summary>The session's id.</summary>
    public string Id { get; } = RandomIds.Id();

    /// <summary>Who the client is; null until the session is open.</summary>
    public Identity? Identity { get; private set; }

    /// <summary>Who the client is, in a call that only an open session reaches.</summary>
    public Identity Caller => Identity ?? throw new InvalidOperationException("The session is not open.");

    /// <summary>The caller's id in the domain's words.</summary>
    public UserId UserId => new(Caller.User.UserId);

    /// <summary>This session's id as the id of the connection it is in rooms by.</summary>
    public ConnectionId ConnectionId => new(Id);

    /// <summary>The rooms the client is in by this connection; each room's loop keeps its own entry.</summary>
    public ConcurrentDictionary<string, RoomRunner> Rooms { get; } = new();

    /// <summary>Opens the session for <paramref name="identity"/>.</summary>
    public void Open(Identity identity) => Identity = identity;

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

        if (Identity is null && call.Method != Methods.SessionOpen.Name)
        {
            Refuse(call.Id, ErrorCodes.SessionNotOpen);
            Connection.Close(CloseCodes.Unauthorized, "The first message must be session.open.");
            return;
        }

        await DispatchAsync(call);
    }

    /// <summary>Answers the call <paramref name="id"/> that it was refused.</summary>
    public void Refuse(JsonRpcId? id, CallRefusal refusal)
    {
        if (id is { } known)
        {
            var output = new ArrayBufferWriter<byte>();
            long? retryAfterMs = refusal.RetryAfter is { } retryAfter ? (long)Math.Ceiling(retryAfter.TotalMilliseconds) : null;
            JsonRpcWriter.WriteError(output, known, refusal.Code, refusal.Field, retryAfterMs, refusal.Detail);
            Connection.Send(output.WrittenMemory);
        }
    }

    /// <summary>The connection is over: every room the client is in by it learns that it dropped.</summary>
    public async Task EndAsync()
    {
        foreach (var runner in Rooms.Values)
        {
            await runner.InvokeAsync(room => room.Drop(this));
        }
    }

    private async ValueTask DispatchAsync(JsonRpcCall call)
    {
        try
        {
            await Signaling.Methods.DispatchAsync(this, call);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A mistake of ours in one call costs that call its answer, not the client its session.
            Refuse(call.Id, ErrorCodes.InternalError);
            Signaling.Log.CallFailed(call.Method, exception);
        }
    }
}

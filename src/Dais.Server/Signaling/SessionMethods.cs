using Dais.Protocol;
using Dais.Server.Access;

namespace Dais.Server.Signaling;

/// <summary>The methods of the session itself.</summary>
public static class SessionMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.SessionOpen, OpenAsync);
        table.Add(Methods.SessionPing, Ping);
    }

    private static async ValueTask OpenAsync(ClientCall<SessionOpenParams, SessionOpenResult> call)
    {
        var from = call.From;
        var signaling = from.Signaling;
        if (from.Session is not null)
        {
            call.Refuse(new CallRefusal(ErrorCodes.InvalidRequest));
            return;
        }

        if (Identify(call.Params, signaling, out var identity) is { } refusal)
        {
            signaling.Log.SessionRefused(from.Id, refusal.Code.Name);
            call.Refuse(refusal);
            if (refusal.Code != ErrorCodes.InvalidParams)
            {
                from.Connection.Close(CloseCodes.Unauthorized);
            }

            return;
        }

        var known = call.Params.Resume is { } resume ? signaling.Sessions.Find(resume, identity!) : null;
        var older = known?.Connection;
        if (known is not null && signaling.Sessions.TryGoOn(known, from.Connection, identity!))
        {
            await GoOnAsync(call, known, older!);
            return;
        }

        var session = new ClientSession(identity!, from.Connection, signaling);
        signaling.Sessions.Add(session);
        from.Open(session);
        call.Reply(ResultOf(session, resumed: false));
        signaling.Log.SessionOpened(session.Id, identity!.Platform);
        if (known?.Dismissed is { } dismissed)
        {
            // It was sent away for good, and has not heard of it.
            from.Connection.Close(dismissed);
        }
    }

    private static async ValueTask GoOnAsync(
        ClientCall<SessionOpenParams, SessionOpenResult> call, ClientSession session, Connection older)
    {
        var connection = call.From.Connection;
        call.From.Open(session);
        call.Reply(ResultOf(session, resumed: true));
        session.Signaling.Log.SessionResumed(session.Id);
        await SessionResumption.CatchUpAsync(session, connection, call.Params.Resume!.Seqs ?? []);

        // Last, so that no room takes the end of the older connection for a loss of the client.
        if (older != connection)
        {
            older.Close(CloseCodes.Replaced);
        }
    }

    private static ValueTask Ping(ClientCall<NoParams, SessionPingResult> call)
    {
        call.Reply(new SessionPingResult(call.Session.Signaling.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        return ValueTask.CompletedTask;
    }

    /// <summary>Finds out who opens a session; gives why it may not be.</summary>
    internal static CallRefusal? Identify(SessionOpenParams open, SignalingContext signaling, out Identity? identity)
    {
        identity = null;
        if (open.Token is not null)
        {
            return IdentifyByToken(open, open.Token, signaling, out identity);
        }

        if (!signaling.Options.AllowBareUserIds)
        {
            return ErrorCodes.BadToken;
        }

        if (open.UserId is null)
        {
            return new CallRefusal(ErrorCodes.InvalidParams, "userId");
        }

        identity = new Identity(new User(open.UserId, open.UserName ?? "", open.AvatarUrl ?? ""), null, open.Platform);
        return null;
    }

    private static CallRefusal? IdentifyByToken(
        SessionOpenParams open, string token, SignalingContext signaling, out Identity? identity)
    {
        identity = null;
        switch (signaling.Tokens.Verify(token, signaling.Time.GetUtcNow(), out var access))
        {
            case TokenVerdict.Valid:
                identity = new Identity(
                    new User(access!.UserId, access.UserName ?? open.UserName ?? "", open.AvatarUrl ?? ""), access, open.Platform);
                return null;
            case TokenVerdict.Expired:
                return ErrorCodes.TokenExpired;

            // Code that comes from elsewhere always sends some token; where a bare user id is enough, any token is.
            case TokenVerdict.Refused when signaling.Options.AllowBareUserIds && open.UserId is not null:
                identity = new Identity(new User(open.UserId, open.UserName ?? "", open.AvatarUrl ?? ""), null, open.Platform);
                return null;
            default:
                return ErrorCodes.BadToken;
        }
    }

    private static SessionOpenResult ResultOf(ClientSession session, bool resumed) => new(
        session.Id,
        session.Key,
        resumed,
        session.Caller.User.UserId,
        session.Caller.User.UserName,
        session.Signaling.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        (int)SignalingContext.PingInterval.TotalSeconds,
        (int)Math.Ceiling(session.Signaling.Options.SeatGrace.TotalSeconds),
        IceServers.For(session.Caller.User.UserId, session.Signaling.Options.IceServers, session.Signaling.Time.GetUtcNow()),
        session.Signaling.Options.AllowBareUserIds);
}

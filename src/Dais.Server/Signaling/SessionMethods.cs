using Dais.Protocol;
using Dais.Server.Access;

namespace Dais.Server.Signaling;

/// <summary>The methods of the session itself.</summary>
public static class SessionMethods
{
    /// <summary>Adds them to a table.</summary>
    public static void AddTo(MethodTable.Builder table)
    {
        table.Add(Methods.SessionOpen, Open);
        table.Add(Methods.SessionPing, Ping);
    }

    private static ValueTask Open(ClientCall<SessionOpenParams, SessionOpenResult> call)
    {
        var session = call.Session;
        if (session.Identity is not null)
        {
            call.Refuse(new CallRefusal(ErrorCodes.InvalidRequest));
            return ValueTask.CompletedTask;
        }

        if (Identify(call.Params, session.Signaling, out var identity) is { } refusal)
        {
            session.Signaling.Log.SessionRefused(session.Id, refusal.Code.Name);
            call.Refuse(refusal);
            if (refusal.Code != ErrorCodes.InvalidParams)
            {
                session.Connection.Close(CloseCodes.Unauthorized);
            }

            return ValueTask.CompletedTask;
        }

        session.Open(identity!);
        call.Reply(ResultOf(session, identity!));
        session.Signaling.Log.SessionOpened(session.Id, identity!.Platform);
        return ValueTask.CompletedTask;
    }

    private static ValueTask Ping(ClientCall<NoParams, SessionPingResult> call)
    {
        call.Reply(new SessionPingResult(call.Session.Signaling.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        return ValueTask.CompletedTask;
    }

    private static CallRefusal? Identify(SessionOpenParams open, SignalingContext signaling, out Identity? identity)
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

    private static SessionOpenResult ResultOf(ClientSession session, Identity identity) => new(
        session.Id,
        RandomIds.Secret(),
        Resumed: false,
        identity.User.UserId,
        identity.User.UserName,
        session.Signaling.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        (int)SignalingContext.PingInterval.TotalSeconds,
        (int)Math.Ceiling(session.Signaling.Options.SeatGrace.TotalSeconds),
        [
            .. session.Signaling.Options.IceServers.Select(
                server => new IceServer([server.Url], server.Username, server.Credential)),
        ],
        session.Signaling.Options.AllowBareUserIds);
}

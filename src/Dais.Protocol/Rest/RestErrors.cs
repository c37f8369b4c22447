using System.Collections.Immutable;

namespace Dais.Protocol.Rest;

/// <summary>The errors only calls over HTTP have, beside those of <see cref="ErrorCodes"/>, and the HTTP status of all of them.</summary>
public static class RestErrors
{
    /// <summary>There is nothing at this address.</summary>
    public static ErrorCode RouteNotFound { get; } = new(1101, "routeNotFound", "There is no such address", false);

    /// <summary>The address exists, but not with this HTTP method.</summary>
    public static ErrorCode MethodNotAllowed { get; } =
        new(1102, "methodNotAllowed", "The address does not know this HTTP method", false);

    /// <summary>The body is not sent as `application/json`.</summary>
    public static ErrorCode UnsupportedMediaType { get; } =
        new(1103, "unsupportedMediaType", "The body has to be application/json", false);

    /// <summary>The log does not hold what comes right after `after`; `oldestSeq` says where what it holds begins.</summary>
    public static ErrorCode EventsForgotten { get; } =
        new(1110, "eventsForgotten", "The log no longer holds the events after this one", false);

    /// <summary>The idempotency key came with another request before.</summary>
    public static ErrorCode IdempotencyKeyReused { get; } =
        new(1120, "idempotencyKeyReused", "The idempotency key was used for another request", false);

    /// <summary>The first request with this idempotency key is still under way.</summary>
    public static ErrorCode IdempotencyKeyInUse { get; } =
        new(1121, "idempotencyKeyInUse", "The first request with this idempotency key is still under way", true);

    /// <summary>There is no such webhook endpoint.</summary>
    public static ErrorCode WebhookNotFound { get; } = new(1130, "webhookNotFound", "There is no such webhook endpoint", false);

    /// <summary>The settings have the endpoint, and only they can remove it.</summary>
    public static ErrorCode WebhookFromSettings { get; } =
        new(1131, "webhookFromSettings", "The webhook endpoint is one of the server's settings", false);

    /// <summary>The address is one of the server's own network, and those are not allowed.</summary>
    public static ErrorCode WebhookTargetPrivate { get; } =
        new(1132, "webhookTargetPrivate", "Webhooks may not go to addresses of the server's network", false);

    /// <summary>There is no such parked notice.</summary>
    public static ErrorCode NoticeNotFound { get; } = new(1133, "noticeNotFound", "There is no such parked notice", false);

    /// <summary>The server stops; the same call succeeds when it is back, but it may have been carried out already.</summary>
    public static ErrorCode Stopping { get; } = new(1140, "stopping", "The server stops", true);

    /// <summary>The body of a WHIP or WHEP call is not of the media type it has to be.</summary>
    public static ErrorCode SdpExpected { get; } = new(1150, "sdpExpected", "The body is not of the media type this address takes", false);

    /// <summary>A WHIP or WHEP client takes no session description as the answer.</summary>
    public static ErrorCode NotAcceptable { get; } = new(1151, "notAcceptable", "The answer would be application/sdp, and that is not accepted", false);

    /// <summary>The offer is well formed, but the server cannot answer it as a whole.</summary>
    public static ErrorCode OfferNotUsable { get; } = new(1152, "offerNotUsable", "The server cannot answer this offer", false);

    /// <summary>There is no such WHIP or WHEP session, or it is over.</summary>
    public static ErrorCode MediaSessionNotFound { get; } = new(1153, "mediaSessionNotFound", "There is no such media session", false);

    /// <summary>A change of an ICE session has to say which one, by `If-Match`.</summary>
    public static ErrorCode PreconditionRequired { get; } = new(1154, "preconditionRequired", "If-Match has to name the ICE session", false);

    /// <summary>`If-Match` names another ICE session than the present one.</summary>
    public static ErrorCode PreconditionFailed { get; } = new(1155, "preconditionFailed", "If-Match names an ICE session that is over", false);

    /// <summary>Every error of this table, in the order of the documentation.</summary>
    public static ImmutableArray<ErrorCode> All { get; } =
    [
        RouteNotFound, MethodNotAllowed, UnsupportedMediaType, EventsForgotten, IdempotencyKeyReused, IdempotencyKeyInUse,
        WebhookNotFound, WebhookFromSettings, WebhookTargetPrivate, NoticeNotFound, Stopping,
        SdpExpected, NotAcceptable, OfferNotUsable, MediaSessionNotFound, PreconditionRequired, PreconditionFailed,
    ];

    /// <summary>The HTTP status an error is answered with. What is not listed is a conflict with how things are.</summary>
    public static int StatusOf(ErrorCode error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Name switch
        {
            "parseError" or "invalidRequest" or "invalidParams" or "tooManySeats" or "tooManyMetadataKeys" or "metadataTooLarge"
                or "webhookTargetPrivate" => 400,
            "badToken" or "tokenExpired" => 401,
            "noPermission" => 403,
            "routeNotFound" or "roomNotFound" or "userNotInRoom" or "noSuchRequest" or "noSuchSeat" or "connectionNotFound"
                or "webhookNotFound" or "noticeNotFound" or "mediaSessionNotFound" => 404,
            "methodNotAllowed" => 405,
            "notAcceptable" => 406,
            "eventsForgotten" => 410,
            "preconditionFailed" => 412,
            "tooLarge" => 413,
            "unsupportedMediaType" or "sdpExpected" => 415,
            "idempotencyKeyReused" or "offerNotUsable" => 422,
            "preconditionRequired" => 428,
            "rateLimited" => 429,
            "internalError" => 500,
            "limitReached" or "stopping" => 503,
            _ => 409,
        };
    }
}

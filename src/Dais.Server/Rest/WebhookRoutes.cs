using System.ComponentModel;
using System.Diagnostics;
using Dais.Protocol;
using Dais.Protocol.Rest;
using Dais.Server.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Dais.Server.Rest;

/// <summary>The routes about webhook endpoints and what they were sent.</summary>
internal static class WebhookRoutes
{
    private const string Tag = "Webhooks";
    private const int CountDefault = 50;
    private const int CountMax = 200;

    internal static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/webhooks", List)
            .Describe("listWebhooks", Tag, "Lists the webhook endpoints.")
            .Produces<WebhookList>();
        routes.MapPost("/webhooks", CreateAsync)
            .Describe("createWebhook", Tag, "Creates an endpoint that is told of what happens from now on.", 413, 415)
            .TakesIdempotencyKey()
            .Accepts<WebhookCreate>("application/json")
            .Produces<WebhookDetails>(StatusCodes.Status201Created);
        routes.MapGet("/webhooks/{webhookId}", Get)
            .Describe("getWebhook", Tag, "Gives an endpoint, without its secret.", 404)
            .Produces<WebhookDetails>();
        routes.MapDelete("/webhooks/{webhookId}", DeleteAsync)
            .Describe("deleteWebhook", Tag, "Deletes an endpoint with everything that waits for it.", 404, 409)
            .Produces(StatusCodes.Status204NoContent);
        routes.MapPost("/webhooks/{webhookId}/test", TestAsync)
            .Describe("testWebhook", Tag, "Sends a test event, once, and says how that ended.", 404)
            .TakesIdempotencyKey()
            .Produces<WebhookTry>();
        routes.MapGet("/webhooks/{webhookId}/deliveries", ListDeliveries)
            .Describe("listDeliveries", Tag, "Lists the last tries, and what was given up.", 404)
            .Produces<WebhookDeliveryPage>();
        routes.MapPost("/webhooks/{webhookId}/deliveries/redeliver", RedeliverAllAsync)
            .Describe("redeliverAll", Tag, "Sends everything that was given up again, the oldest first, until one fails.", 404)
            .TakesIdempotencyKey()
            .Produces<WebhookRedelivered>();
        routes.MapPost("/webhooks/{webhookId}/deliveries/{noticeId}/redeliver", RedeliverAsync)
            .Describe("redeliver", Tag, "Sends one notice that was given up again.", 404)
            .TakesIdempotencyKey()
            .Produces<WebhookRedelivered>();
    }

    private static IResult List([FromServices] WebhookEndpoints webhooks) => RestAnswer.Ok(
        new WebhookList([.. webhooks.List().Select(endpoint => DetailsOf(webhooks, endpoint))]), RestJson.Default.WebhookList);

    private static async Task<IResult> CreateAsync([FromServices] WebhookEndpoints webhooks, HttpRequest request)
    {
        var (body, refusal) = await RestBody.ReadAsync(request, RestJson.Default.WebhookCreate);
        if (body is null)
        {
            return refusal!;
        }

        var creation = await webhooks.CreateAsync(
            body.Url, body.Secret, body.Events ?? [], request.HttpContext.RequestAborted);
        return creation.Endpoint is { } endpoint
            ? RestAnswer.Created(
                DetailsOf(webhooks, endpoint) with { Secret = endpoint.Secret },
                RestJson.Default.WebhookDetails,
                $"{RestGate.Prefix}/webhooks/{endpoint.Id}")
            : RefusalOf(creation);
    }

    private static IResult Get(
        [FromServices] WebhookEndpoints webhooks, [Description("The endpoint.")] string webhookId) =>
        webhooks.Find(webhookId) is { } endpoint
            ? RestAnswer.Ok(DetailsOf(webhooks, endpoint), RestJson.Default.WebhookDetails)
            : RestAnswer.Refuse(RestErrors.WebhookNotFound);

    private static async Task<IResult> DeleteAsync(
        [FromServices] WebhookEndpoints webhooks, [Description("The endpoint.")] string webhookId) =>
        await webhooks.DeleteAsync(webhookId) ? RestAnswer.Done()
        : RestAnswer.Refuse(webhooks.Find(webhookId) is null ? RestErrors.WebhookNotFound : RestErrors.WebhookFromSettings);

    private static async Task<IResult> TestAsync(
        [FromServices] WebhookEndpoints webhooks, HttpContext context, [Description("The endpoint.")] string webhookId) =>
        await webhooks.TestAsync(webhookId, context.RequestAborted) is { } attempt
            ? RestAnswer.Ok(TryOf(attempt), RestJson.Default.WebhookTry)
            : RestAnswer.Refuse(RestErrors.WebhookNotFound);

    private static IResult ListDeliveries(
        [FromServices] WebhookEndpoints webhooks,
        [Description("The endpoint.")] string webhookId,
        [Description("Where the last page of what was given up ended; absent or empty for the first.")] string? cursor,
        [Description("How many of those given up at most, up to 200; 0 leaves it to the server.")] int? count)
    {
        if (count is < 0 or > CountMax)
        {
            return RestAnswer.Invalid("count");
        }

        if (webhooks.Deliveries(webhookId) is not { } deliveries)
        {
            return RestAnswer.Refuse(RestErrors.WebhookNotFound);
        }

        int begin = 0;
        if (!string.IsNullOrEmpty(cursor))
        {
            begin = deliveries.Parked.ToList().FindIndex(parked => parked.Notice.NoticeId == cursor) + 1;
            if (begin == 0)
            {
                return RestAnswer.Invalid("cursor", "What it names is parked no longer; begin again.");
            }
        }

        int size = count is null or 0 ? CountDefault : count.Value;
        ParkedNotice[] page = [.. deliveries.Parked.Skip(begin).Take(size)];
        string next = begin + size < deliveries.Parked.Count ? page[^1].Notice.NoticeId : "";
        return RestAnswer.Ok(
            new WebhookDeliveryPage(
                [.. deliveries.Recent.Select(EntryOf)], [.. page.Select(EntryOf)], deliveries.Parked.Count, next),
            RestJson.Default.WebhookDeliveryPage);
    }

    private static Task<IResult> RedeliverAllAsync(
        [FromServices] WebhookEndpoints webhooks, HttpContext context, [Description("The endpoint.")] string webhookId) =>
        SendAgainAsync(webhooks, context, webhookId, null);

    private static Task<IResult> RedeliverAsync(
        [FromServices] WebhookEndpoints webhooks,
        HttpContext context,
        [Description("The endpoint.")] string webhookId,
        [Description("The notice.")] string noticeId) =>
        SendAgainAsync(webhooks, context, webhookId, RestBody.IdOf(noticeId));

    private static async Task<IResult> SendAgainAsync(
        WebhookEndpoints webhooks, HttpContext context, string webhookId, string? only)
    {
        if (await webhooks.RedeliverAsync(webhookId, only, context.RequestAborted) is not { } redelivery)
        {
            return RestAnswer.Refuse(RestErrors.WebhookNotFound);
        }

        return only is not null && redelivery.Last is null
            ? RestAnswer.Refuse(RestErrors.NoticeNotFound)
            : RestAnswer.Ok(
                new WebhookRedelivered(
                    redelivery.Delivered, redelivery.Remaining, redelivery.Last is { } last ? TryOf(last) : null),
                RestJson.Default.WebhookRedelivered);
    }

    private static IResult RefusalOf(WebhookCreation creation) => creation.Refusal switch
    {
        WebhookRefusal.BadUrl => RestAnswer.Invalid("url"),
        WebhookRefusal.PrivateTarget => RestAnswer.Refuse(RestErrors.WebhookTargetPrivate, "url"),
        WebhookRefusal.BadSecret => RestAnswer.Invalid("secret"),
        WebhookRefusal.UnknownEvent => RestAnswer.Invalid("events", $"There is no event {creation.Detail}."),
        WebhookRefusal.TooMany => RestAnswer.Refuse(
            ErrorCodes.LimitReached, detail: $"There are {WebhookEndpoints.CountMax} endpoints already."),
        _ => throw new UnreachableException(),
    };

    private static WebhookDetails DetailsOf(WebhookEndpoints webhooks, WebhookEndpoint endpoint) => new(
        endpoint.Id,
        endpoint.Url.AbsoluteUri,
        endpoint.Events.Names,
        endpoint.IsFromSettings,
        webhooks.Deliveries(endpoint.Id)?.Parked.Count ?? 0);

    private static WebhookDeliveryEntry EntryOf(WebhookDelivery delivery) => new(
        delivery.NoticeId,
        delivery.EventType,
        delivery.RoomId,
        delivery.At.ToUnixTimeMilliseconds(),
        delivery.Failures,
        TryOf(delivery.Result));

    private static ParkedNoticeEntry EntryOf(ParkedNotice parked) => new(
        parked.Notice.NoticeId,
        parked.Notice.EventType,
        parked.Notice.RoomId,
        parked.ParkedAt.ToUnixTimeMilliseconds(),
        parked.Failure);

    private static WebhookTry TryOf(WebhookAttempt attempt) =>
        new(attempt.IsDelivered, attempt.Status, attempt.Failure, (long)attempt.Duration.TotalMilliseconds);
}

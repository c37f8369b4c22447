using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dais.Protocol.Rest;

namespace Dais.Client.Admin;

/// <summary>The calls about webhook endpoints and what they were sent.</summary>
public sealed partial class DaisAdmin
{
    /// <summary>All webhook endpoints.</summary>
    public async Task<ImmutableArray<WebhookDetails>> ListWebhooksAsync(CancellationToken cancellation = default) =>
        (await GetAsync("webhooks", RestJson.Default.WebhookList, cancellation).ConfigureAwait(false)).Webhooks;

    /// <summary>A webhook endpoint, without its secret.</summary>
    public Task<WebhookDetails> GetWebhookAsync(string webhookId, CancellationToken cancellation = default) =>
        GetAsync(WebhookPath(webhookId), RestJson.Default.WebhookDetails, cancellation);

    /// <summary>Creates an endpoint; only this answer has its secret.</summary>
    public Task<WebhookDetails> CreateWebhookAsync(
        WebhookCreate webhook, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        _caller.CallAsync(
            AdminCall.Post($"{Root}webhooks", webhook, RestJson.Default.WebhookCreate, idempotencyKey),
            RestJson.Default.WebhookDetails,
            cancellation);

    /// <summary>Deletes an endpoint with everything that waits for it.</summary>
    public Task DeleteWebhookAsync(string webhookId, CancellationToken cancellation = default) =>
        _caller.CallAsync(AdminCall.Delete(Root + WebhookPath(webhookId)), cancellation);

    /// <summary>Sends an endpoint a test event, once, and says how that ended.</summary>
    public Task<WebhookTry> TestWebhookAsync(string webhookId, CancellationToken cancellation = default) =>
        _caller.CallAsync(
            AdminCall.Post($"{Root}{WebhookPath(webhookId)}/test", key: null), RestJson.Default.WebhookTry, cancellation);

    /// <summary>The last tries of an endpoint, and a page of what was given up.</summary>
    public Task<WebhookDeliveryPage> ListDeliveriesAsync(
        string webhookId, string cursor = "", int count = 0, CancellationToken cancellation = default) =>
        GetAsync(
            $"{WebhookPath(webhookId)}/deliveries?cursor={Uri.EscapeDataString(cursor)}&count={count}",
            RestJson.Default.WebhookDeliveryPage,
            cancellation);

    /// <summary>Everything that was given up for an endpoint, the oldest first; read page by page.</summary>
    public async IAsyncEnumerable<ParkedNoticeEntry> ListParkedAsync(
        string webhookId, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string cursor = "";
        do
        {
            var page = await ListDeliveriesAsync(webhookId, cursor, MemberPageMax, cancellation).ConfigureAwait(false);
            foreach (var parked in page.Parked)
            {
                yield return parked;
            }

            cursor = page.Cursor;
        }
        while (cursor.Length > 0);
    }

    /// <summary>Sends again what was given up, the oldest first, until one fails.</summary>
    /// <param name="webhookId">The endpoint.</param>
    /// <param name="noticeId">Only this notice; null for all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<WebhookRedelivered> RedeliverAsync(
        string webhookId, string? noticeId = null, CancellationToken cancellation = default)
    {
        string which = noticeId is null ? "" : $"/{Uri.EscapeDataString(noticeId)}";
        return _caller.CallAsync(
            AdminCall.Post($"{Root}{WebhookPath(webhookId)}/deliveries{which}/redeliver", key: null),
            RestJson.Default.WebhookRedelivered,
            cancellation);
    }

    private static string WebhookPath(string webhookId) => $"webhooks/{Uri.EscapeDataString(webhookId)}";
}

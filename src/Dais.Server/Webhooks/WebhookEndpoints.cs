using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dais.Server.Hosting;

namespace Dais.Server.Webhooks;

/// <summary>Why an endpoint was not created.</summary>
public enum WebhookRefusal
{
    /// <summary>The address is not one of http or https, is too long, or has a user name or fragment in it.</summary>
    BadUrl,

    /// <summary>The address is of this machine or its network, and that is not allowed.</summary>
    PrivateTarget,

    /// <summary>The secret is too long, or not base64 after <c>whsec_</c>.</summary>
    BadSecret,

    /// <summary>There is no such event.</summary>
    UnknownEvent,

    /// <summary>There are as many endpoints as there may be.</summary>
    TooMany,
}

/// <summary>What became of a creation: an endpoint or a refusal.</summary>
/// <param name="Endpoint">The endpoint, with its secret: the only time it is shown.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Detail">The event there is not, for <see cref="WebhookRefusal.UnknownEvent"/>.</param>
public sealed record WebhookCreation(WebhookEndpoint? Endpoint, WebhookRefusal? Refusal = null, string Detail = "");

/// <summary>The last tries of an endpoint, the latest first, and what was given up, the oldest first.</summary>
public sealed record WebhookDeliveries(IReadOnlyList<WebhookDelivery> Recent, IReadOnlyList<ParkedNotice> Parked);

/// <summary>What became of a redelivery.</summary>
/// <param name="Delivered">How many notices the endpoint took.</param>
/// <param name="Remaining">How many stay parked.</param>
/// <param name="Last">How the last try ended; null when there was nothing to deliver.</param>
public sealed record WebhookRedelivery(int Delivered, int Remaining, WebhookAttempt? Last);

/// <summary>Everything an operator can do with webhook endpoints. An unknown id gives null, or false.</summary>
public sealed class WebhookEndpoints(WebhookDispatcher dispatcher, DaisOptions options, TimeProvider time)
{
    /// <summary>Most endpoints of a server.</summary>
    public const int CountMax = 32;

    private const string TestRoomId = "test_webhook";

    /// <summary>What webhooks have done since the start.</summary>
    public WebhookCounters Counters => dispatcher.Counters;

    /// <summary>For how long the oldest event that some endpoint has still to be told of has been there.</summary>
    public TimeSpan Lag => dispatcher.Feeds.Lag;

    /// <summary>How many notices are parked now.</summary>
    public int ParkedNow => dispatcher.Desks.Sum(desk => desk.Parked.Count);

    /// <summary>Every endpoint, by id.</summary>
    public IReadOnlyList<WebhookEndpoint> List() =>
        [.. dispatcher.Desks.Select(desk => desk.Endpoint).OrderBy(endpoint => endpoint.Id, StringComparer.Ordinal)];

    /// <summary>The endpoint called <paramref name="id"/>, or null.</summary>
    public WebhookEndpoint? Find(string id) => dispatcher.Find(id)?.Endpoint;

    /// <summary>
    /// Creates an endpoint that is told of what happens from now on, and is kept in the log.
    /// </summary>
    /// <param name="url">Where requests go.</param>
    /// <param name="secret">What signs them; null for a new one.</param>
    /// <param name="events">As in the settings; empty for the contract's own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<WebhookCreation> CreateAsync(
        string? url, string? secret, IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        if (WebhookEndpoint.ParseUrl(url) is not { } address)
        {
            return new WebhookCreation(null, WebhookRefusal.BadUrl);
        }

        if (!options.Webhooks.AllowPrivateTargets && WebhookEndpoint.IsPlainlyPrivate(address))
        {
            return new WebhookCreation(null, WebhookRefusal.PrivateTarget);
        }

        secret ??= WebhookSignatures.NewSecret();
        if (secret.Length > WebhookEndpoint.SecretLengthMax || !WebhookSignatures.IsSecret(secret))
        {
            return new WebhookCreation(null, WebhookRefusal.BadSecret);
        }

        if (!WebhookEventFilter.TryParse(events, out var filter, out string unknown))
        {
            return new WebhookCreation(null, WebhookRefusal.UnknownEvent, unknown);
        }

        if (dispatcher.Desks.Count() >= CountMax)
        {
            return new WebhookCreation(null, WebhookRefusal.TooMany);
        }

        string id = "wh_" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        var endpoint = new WebhookEndpoint(id, address, secret, filter, IsFromSettings: false);
        var desk = await dispatcher.AddAsync(endpoint, cancellationToken);
        return new WebhookCreation(desk.Endpoint);
    }

    /// <summary>
    /// Deletes an endpoint with everything that waits for it, parked or not. False when there is none, or the settings have it.
    /// </summary>
    public async Task<bool> DeleteAsync(string id)
    {
        if (dispatcher.Find(id) is not { Endpoint.IsFromSettings: false } desk)
        {
            return false;
        }

        await dispatcher.RemoveAsync(desk);
        return true;
    }

    /// <summary>Sends a <c>test</c> event, once, and says how that ended.</summary>
    public async Task<WebhookAttempt?> TestAsync(string id, CancellationToken cancellationToken)
    {
        if (dispatcher.Find(id) is not { } desk)
        {
            return null;
        }

        var payload = new JsonObject { ["channelName"] = TestRoomId, ["ts"] = time.GetUtcNow().ToUnixTimeSeconds() };
        string noticeId = "test:" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        return await desk.SendAsync(
            new Notice(noticeId, WebhookEventTypes.Test, "", TestRoomId, Encoding.UTF8.GetBytes(payload.ToJsonString())),
            failures: 0,
            cancellationToken);
    }

    /// <summary>The last tries of an endpoint, and what was given up.</summary>
    public WebhookDeliveries? Deliveries(string id) =>
        dispatcher.Find(id) is { } desk ? new WebhookDeliveries(desk.Recent, desk.Parked.All) : null;

    /// <summary>
    /// Sends parked notices again, the oldest first, until one fails. What is delivered is no longer parked.
    /// </summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="noticeId">Only this one; null for all.</param>
    /// <param name="cancellationToken">Stops after the notice that is on its way.</param>
    public async Task<WebhookRedelivery?> RedeliverAsync(string id, string? noticeId, CancellationToken cancellationToken)
    {
        if (dispatcher.Find(id) is not { } desk)
        {
            return null;
        }

        int delivered = 0;
        WebhookAttempt? last = null;
        foreach (var parked in desk.Parked.All.Where(parked => noticeId is null || parked.Notice.NoticeId == noticeId))
        {
            last = await desk.SendAsync(parked.Notice, failures: 0, cancellationToken);
            if (last is not { IsDelivered: true })
            {
                break;
            }

            await desk.Parked.RemoveAsync(parked.Notice.NoticeId, time.GetUtcNow());
            delivered++;
        }

        return new WebhookRedelivery(delivered, desk.Parked.Count, last);
    }
}

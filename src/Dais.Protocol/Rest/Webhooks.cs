using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dais.Protocol.Rest;

/// <summary>A webhook endpoint to create.</summary>
/// <param name="Url">Where requests go: http or https.</param>
/// <param name="Secret">What signs them; absent for a new one, which the answer has.</param>
/// <param name="Events">`standard`, numbers such as `103`, types of notifications such as `seat.changed`, groups such as `seat.*`, or `*`;
/// absent for `standard`.</param>
public sealed record WebhookCreate(string Url, string? Secret = null, ImmutableArray<string>? Events = null) : IParams
{
    private const int EventsMax = 100;

    /// <inheritdoc/>
    public string? InvalidField() =>
        Check.Text(Url, 2048, "url")
        ?? Check.Text(Secret, 512, "secret")
        ?? (Events is not { } events || (!events.IsDefault && events.Length <= EventsMax
            && events.All(name => name is { Length: > 0 and <= 64 }))
            ? null
            : "events");
}

/// <summary>A webhook endpoint.</summary>
/// <param name="Id">Its id: the settings' name, or one of the server's.</param>
/// <param name="Url">Where requests go.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="FromSettings">Whether the settings have it; then only they can remove it.</param>
/// <param name="Parked">How many notices were given up and wait for redelivery.</param>
/// <param name="Secret">What signs requests; only in the answer that created it.</param>
public sealed record WebhookDetails(
    string Id, string Url, ImmutableArray<string> Events, bool FromSettings, int Parked, string? Secret = null);

/// <summary>All webhook endpoints.</summary>
/// <param name="Webhooks">By id.</param>
public sealed record WebhookList(ImmutableArray<WebhookDetails> Webhooks);

/// <summary>How one try ended.</summary>
/// <param name="Delivered">Whether the endpoint took it.</param>
/// <param name="Status">The HTTP status; null when none came.</param>
/// <param name="Failure">What went wrong; null when it was taken.</param>
/// <param name="DurationMs">How long it took.</param>
public sealed record WebhookTry(
    bool Delivered,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Failure,
    long DurationMs);

/// <summary>What an endpoint was sent, and what waits for redelivery.</summary>
/// <param name="Recent">The last tries, the latest first, at most 100 since the server's start.</param>
/// <param name="Parked">What was given up, the oldest first.</param>
/// <param name="ParkedCount">How many were given up in all.</param>
/// <param name="Cursor">Where the next page of those given up starts; empty at the end.</param>
public sealed record WebhookDeliveryPage(
    ImmutableArray<WebhookDeliveryEntry> Recent, ImmutableArray<ParkedNoticeEntry> Parked, int ParkedCount, string Cursor);

/// <summary>A try.</summary>
/// <param name="NoticeId">The notice.</param>
/// <param name="EventType">The number of its event.</param>
/// <param name="RoomId">The room it is about.</param>
/// <param name="At">When the try ended, in milliseconds since the Unix epoch.</param>
/// <param name="Failures">How many tries of it had failed before.</param>
/// <param name="Result">How it ended.</param>
public sealed record WebhookDeliveryEntry(
    string NoticeId, int EventType, string RoomId, long At, int Failures, WebhookTry Result);

/// <summary>A notice that is not tried any more.</summary>
/// <param name="NoticeId">The notice.</param>
/// <param name="EventType">The number of its event.</param>
/// <param name="RoomId">The room it is about.</param>
/// <param name="ParkedAt">When it was given up, in milliseconds since the Unix epoch.</param>
/// <param name="Failure">What went wrong the last time.</param>
public sealed record ParkedNoticeEntry(string NoticeId, int EventType, string RoomId, long ParkedAt, string Failure);

/// <summary>What became of a redelivery.</summary>
/// <param name="Delivered">How many notices the endpoint took.</param>
/// <param name="Remaining">How many still wait.</param>
/// <param name="Last">How the last try ended; null when there was nothing to deliver.</param>
public sealed record WebhookRedelivered(
    int Delivered, int Remaining, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] WebhookTry? Last);

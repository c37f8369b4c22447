using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Dais.Client.Admin;

/// <summary>What a webhook says. Read it only after <see cref="WebhookVerifier"/> has said whose it is.</summary>
/// <param name="NoticeId">The same whenever the same notice comes again, which it may.</param>
/// <param name="EventType">Which event: 101 room created, 102 room destroyed, 103 and 104 a host or guest came or left, 105 and 106
/// somebody of the audience, 111 sat down, 112 left the seat; from 1000 up extended ones.</param>
/// <param name="NotifiedAt">When it was sent, this time.</param>
/// <param name="Sid">The live it belongs to.</param>
/// <param name="Payload">What is told.</param>
public sealed record WebhookNotice(string NoticeId, int EventType, DateTimeOffset NotifiedAt, string Sid, JsonElement Payload)
{
    private static readonly long MillisecondsMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The room it is about; empty when it is about none.</summary>
    public string RoomId => Text("channelName");

    /// <summary>The user it is about; empty when it is about none.</summary>
    public string UserId => Text("account");

    /// <summary>When it happened.</summary>
    public DateTimeOffset HappenedAt =>
        Payload.TryGetProperty("ts"u8, out var ts) && ts.ValueKind == JsonValueKind.Number && ts.TryGetInt64(out long seconds)
            && seconds >= 0 && seconds <= MillisecondsMax / 1_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : NotifiedAt;

    /// <summary>The number that grows with every event of a user; 0 when there is none.</summary>
    public long ClientSeq =>
        Payload.TryGetProperty("clientSeq"u8, out var seq) && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out long number)
            ? number
            : 0;

    /// <summary>Reads a body; false when it is no notice. Never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out WebhookNotice? notice)
    {
        notice = null;
        try
        {
            var reader = new Utf8JsonReader(body);
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("noticeId"u8, out var id) && id.ValueKind == JsonValueKind.String
                && root.TryGetProperty("eventType"u8, out var type) && type.ValueKind == JsonValueKind.Number && type.TryGetInt32(out int number)
                && root.TryGetProperty("notifyMs"u8, out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out long milliseconds)
                && milliseconds >= 0 && milliseconds <= MillisecondsMax
                && root.TryGetProperty("payload"u8, out var payload) && payload.ValueKind == JsonValueKind.Object
                && payload.EnumerateObject().All(CanBeDecoded))
            {
                string sid = root.TryGetProperty("sid"u8, out var live) && live.ValueKind == JsonValueKind.String ? live.GetString()! : "";
                notice = new WebhookNotice(
                    id.GetString()!, number, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), sid, payload);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a string that cannot be decoded.
        }

        return notice is not null;
    }

    /// <summary>Always true: what cannot be decoded throws here and not when it is asked for.</summary>
    private static bool CanBeDecoded(JsonProperty member) =>
        member.Name is not null && (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() is not null);

    private string Text(string name) =>
        Payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

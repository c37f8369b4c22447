using System.Buffers;
using System.Text.Json;

namespace Dais.Server.Webhooks;

/// <summary>
/// One thing an endpoint is told: the same at every try, whichever process makes it, but for the time it is sent at.
/// </summary>
/// <param name="NoticeId">Unique, and the same at every try.</param>
/// <param name="EventType">Which event.</param>
/// <param name="Sid">The live of the room it belongs to: the same for all its notices.</param>
/// <param name="RoomId">The room; for lists.</param>
/// <param name="Payload">What is told, as JSON.</param>
public sealed record Notice(string NoticeId, int EventType, string Sid, string RoomId, ReadOnlyMemory<byte> Payload)
{
    private const int ProductId = 1;

    /// <summary>The body of a request, sent now.</summary>
    /// <param name="notifyMs">Milliseconds since the Unix epoch.</param>
    public byte[] ToBody(long notifyMs)
    {
        var output = new ArrayBufferWriter<byte>(Payload.Length + 192);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("noticeId"u8, NoticeId);
            writer.WriteNumber("productId"u8, ProductId);
            writer.WriteNumber("eventType"u8, EventType);
            writer.WriteNumber("notifyMs"u8, notifyMs);
            writer.WriteString("sid"u8, Sid);
            writer.WritePropertyName("payload"u8);
            writer.WriteRawValue(Payload.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol;

/// <summary>Writes what the server sends. Each message is written once; the same bytes may go to any number of clients.</summary>
public static class JsonRpcWriter
{
    /// <summary>Writes the answer to a call that succeeded.</summary>
    public static void WriteResult<TResult>(IBufferWriter<byte> output, JsonRpcId id, TResult result, JsonTypeInfo<TResult> type)
    {
        using var writer = Begin(output);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(id.Raw.Span, skipInputValidation: true);
        writer.WritePropertyName("result"u8);
        JsonSerializer.Serialize(writer, result, type);
        writer.WriteEndObject();
    }

    /// <summary>Writes the answer to a call that was refused.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="error">Why.</param>
    /// <param name="field">The name of the field that is missing or wrong, for <see cref="ErrorCodes.InvalidParams"/>.</param>
    /// <param name="retryAfterMs">How long to wait before the next call, for <see cref="ErrorCodes.RateLimited"/>.</param>
    /// <param name="detail">What is wrong with the field, in a sentence; null to name the field alone.</param>
    /// <param name="applicationCode">What the application's backend says to the client's application.</param>
    public static void WriteError(
        IBufferWriter<byte> output,
        JsonRpcId id,
        ErrorCode error,
        string? field = null,
        long? retryAfterMs = null,
        string? detail = null,
        long? applicationCode = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        using var writer = Begin(output);
        writer.WritePropertyName("id"u8);
        writer.WriteRawValue(id.Raw.Span, skipInputValidation: true);
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, (field, detail) switch
        {
            (null, _) => error.Message,
            (_, null) => $"{error.Message}: {field}",
            _ => $"{error.Message}: {field}: {detail}",
        });
        writer.WriteStartObject("data"u8);
        writer.WriteString("name"u8, error.Name);
        writer.WriteBoolean("retryable"u8, error.Retryable);
        if (field is not null)
        {
            writer.WriteString("field"u8, field);
        }

        if (retryAfterMs is { } milliseconds)
        {
            writer.WriteNumber("retryAfterMs"u8, milliseconds);
        }

        if (applicationCode is { } number)
        {
            writer.WriteNumber("applicationCode"u8, number);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes an event of a room.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="seq">The event's place in the room's log.</param>
    /// <param name="at">When it happened, in milliseconds since the Unix epoch.</param>
    /// <param name="notification">What it is.</param>
    /// <param name="data">What it tells.</param>
    public static void WriteRoomEvent<TData>(
        IBufferWriter<byte> output, string roomId, long seq, long at, Notification<TData> notification, TData data)
        where TData : class
    {
        ArgumentNullException.ThrowIfNull(notification);
        using var writer = Begin(output);
        writer.WriteString("method"u8, Notifications.RoomEventMethod);
        writer.WriteStartObject("params"u8);
        writer.WriteString("roomId"u8, roomId);
        writer.WriteNumber("seq"u8, seq);
        writer.WriteNumber("at"u8, at);
        writer.WriteString("type"u8, notification.Type);
        writer.WritePropertyName("data"u8);
        JsonSerializer.Serialize(writer, data, notification.Data);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a fresh snapshot of a room, which replaces what the client holds.</summary>
    public static void WriteRoomSync(IBufferWriter<byte> output, RoomSyncParams sync)
    {
        using var writer = Begin(output);
        writer.WriteString("method"u8, Notifications.RoomSyncMethod);
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, sync, WireJson.Default.RoomSyncParams);
        writer.WriteEndObject();
    }

    /// <summary>Writes which encodings of its picture a publisher's viewers watch.</summary>
    public static void WriteLayersWanted(IBufferWriter<byte> output, MediaLayersWantedParams wanted)
    {
        using var writer = Begin(output);
        writer.WriteString("method"u8, Notifications.LayersWantedMethod);
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, wanted, WireJson.Default.MediaLayersWantedParams);
        writer.WriteEndObject();
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        return writer;
    }
}

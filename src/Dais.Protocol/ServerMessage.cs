using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dais.Protocol;

/// <summary>A message of the server, as a client reads it: the answer to a call, or a notification.</summary>
public abstract record ServerMessage
{
    private ServerMessage()
    {
    }

    /// <summary>A call succeeded.</summary>
    /// <param name="Id">The call's id.</param>
    /// <param name="Value">The result as JSON.</param>
    public sealed record Result(long Id, JsonElement Value) : ServerMessage;

    /// <summary>A call was refused.</summary>
    /// <param name="Id">The call's id; null when the server could not read it.</param>
    /// <param name="Error">Why.</param>
    public sealed record Refusal(long? Id, WireError Error) : ServerMessage;

    /// <summary>Something happened.</summary>
    /// <param name="Method">Such as <see cref="Notifications.RoomEventMethod"/>.</param>
    /// <param name="Params">What it tells.</param>
    public sealed record Notification(string Method, JsonElement Params) : ServerMessage;

    /// <summary>Reads one text message; false for what is no message of the contract. Never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out ServerMessage? message)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            message = Read(JsonElement.ParseValue(ref reader));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a string that cannot be decoded.
            message = null;
        }

        return message is not null;
    }

    private static ServerMessage? Read(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (message.TryGetProperty("method"u8, out var method))
        {
            return method.ValueKind == JsonValueKind.String && message.TryGetProperty("params"u8, out var parameters)
                ? new Notification(method.GetString()!, parameters)
                : null;
        }

        long? id = message.TryGetProperty("id"u8, out var raw) && raw.ValueKind == JsonValueKind.Number && raw.TryGetInt64(out long number)
            ? number
            : null;
        if (message.TryGetProperty("error"u8, out var error))
        {
            return new Refusal(id, WireError.Read(error));
        }

        return id is { } known && message.TryGetProperty("result"u8, out var result) ? new Result(known, result) : null;
    }
}

/// <summary>An error as it came from the server.</summary>
/// <param name="Code">The number.</param>
/// <param name="Name">The stable word for it.</param>
/// <param name="Message">What to show a developer.</param>
/// <param name="Retryable">Whether the same call can succeed later without any other change.</param>
/// <param name="Field">The field that is missing or wrong; null for other errors.</param>
/// <param name="RetryAfterMs">How long to wait before the next call; null when not said.</param>
/// <param name="ApplicationCode">What the application's backend says to the application; null when it says nothing.</param>
public sealed record WireError(
    int Code,
    string Name,
    string Message,
    bool Retryable,
    string? Field = null,
    long? RetryAfterMs = null,
    long? ApplicationCode = null)
{
    internal static WireError Read(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return new WireError(ErrorCodes.InternalError.Code, ErrorCodes.InternalError.Name, "", false);
        }

        var data = error.TryGetProperty("data"u8, out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        return new WireError(
            Member(error, "code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out int number)
                ? number
                : ErrorCodes.InternalError.Code,
            Text(data, "name") ?? "error",
            Text(error, "message") ?? "The server refused the call.",
            Member(data, "retryable").ValueKind == JsonValueKind.True,
            Text(data, "field"),
            Number(data, "retryAfterMs"),
            Number(data, "applicationCode"));
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    private static long? Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>Writes and reads what a client exchanges with the server.</summary>
public static class ClientJson
{
    /// <summary>The last instant .NET knows, in milliseconds since the Unix epoch.</summary>
    private const long AtMax = 253_402_300_799_999;

    /// <summary>Writes a call.</summary>
    public static void WriteCall<TParams, TResult>(
        IBufferWriter<byte> output, long id, Method<TParams, TResult> method, TParams parameters)
        where TParams : class, IParams
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(method);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WriteNumber("id"u8, id);
        writer.WriteString("method"u8, method.Name);
        writer.WritePropertyName("params"u8);
        JsonSerializer.Serialize(writer, parameters, method.Params);
        writer.WriteEndObject();
    }

    /// <summary>Reads a value of the contract; false when the JSON is none of that type. Never throws.</summary>
    public static bool TryRead<T>(JsonElement element, JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        try
        {
            value = element.Deserialize(type);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            value = null;
        }

        return value is not null;
    }

    /// <summary>Reads the envelope of a `room.event`; false when it is none. Never throws.</summary>
    public static bool TryReadRoomEvent(JsonElement parameters, out RoomEventEnvelope envelope)
    {
        envelope = default;
        try
        {
            envelope = new RoomEventEnvelope(
                parameters.GetProperty("roomId"u8).GetString()!,
                parameters.GetProperty("seq"u8).GetInt64(),
                parameters.GetProperty("at"u8).GetInt64(),
                parameters.GetProperty("type"u8).GetString()!,
                parameters.GetProperty("data"u8));
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }

        return envelope.RoomId is not null && envelope.Type is not null && envelope.At is >= 0 and <= AtMax;
    }
}

/// <summary>An event of a room, its data still to be read by its type.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Seq">Its place in the room's log.</param>
/// <param name="At">When it happened, in milliseconds since the Unix epoch.</param>
/// <param name="Type">Its type, one of <see cref="Notifications.All"/>.</param>
/// <param name="Data">What it tells.</param>
public readonly record struct RoomEventEnvelope(string RoomId, long Seq, long At, string Type, JsonElement Data);

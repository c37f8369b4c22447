using System.Text.Json;

namespace Dais.Protocol;

/// <summary>The id of a call, kept as it was written so that the answer echoes it exactly: a number, a string or null.</summary>
/// <param name="Raw">The id as JSON.</param>
public readonly record struct JsonRpcId(ReadOnlyMemory<byte> Raw)
{
    private static readonly byte[] NullBytes = [.. "null"u8];

    /// <summary>The id of an answer to something that has none: null.</summary>
    public static JsonRpcId Null { get; } = new(NullBytes);
}

/// <summary>A call from a client.</summary>
/// <param name="Id">The call's id; null when the client wants no answer.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Params">The parameters: an object, or undefined when there are none.</param>
public readonly record struct JsonRpcCall(JsonRpcId? Id, string Method, JsonElement Params)
{
    /// <summary>The longest id that is echoed, in bytes.</summary>
    private const int IdBytesMax = 128;

    /// <summary>The longest method name that is looked at, in bytes.</summary>
    private const int MethodBytesMax = 128;

    /// <summary>Reads one text message. Batches are refused.</summary>
    /// <param name="utf8">The whole message.</param>
    /// <param name="call">The call; when this fails, its id is what the refusal should echo.</param>
    /// <param name="error">Why it is none: <see cref="ErrorCodes.ParseError"/> or <see cref="ErrorCodes.InvalidRequest"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out JsonRpcCall call, out ErrorCode? error)
    {
        call = new JsonRpcCall(null, "", default);
        try
        {
            error = Read(utf8, ref call);
        }
        catch (JsonException)
        {
            error = ErrorCodes.ParseError;
        }
        catch (InvalidOperationException)
        {
            // A string that is not valid UTF-8 or has half of a surrogate pair: only found when it is decoded.
            error = ErrorCodes.ParseError;
        }

        call = error is null ? call : call with { Id = call.Id ?? JsonRpcId.Null };
        return error is null;
    }

    private static ErrorCode? Read(ReadOnlySpan<byte> utf8, ref JsonRpcCall call)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            // Malformed wins over refused, so the rest is read too.
            reader.Skip();
            RequireEnd(ref reader);
            return ErrorCodes.InvalidRequest;
        }

        bool isVersion2 = false;
        bool isValid = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isValid &= ReadMember(utf8, ref reader, ref call, ref isVersion2);
        }

        RequireEnd(ref reader);
        return isValid && isVersion2 && call.Method.Length > 0 ? null : ErrorCodes.InvalidRequest;
    }

    /// <summary>Reads a member and its value, and leaves the reader on the value's last token.</summary>
    private static bool ReadMember(ReadOnlySpan<byte> utf8, ref Utf8JsonReader reader, ref JsonRpcCall call, ref bool isVersion2)
    {
        if (reader.ValueTextEquals("jsonrpc"u8))
        {
            reader.Read();
            isVersion2 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
            reader.Skip();
            return isVersion2;
        }

        if (reader.ValueTextEquals("method"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MethodBytesMax)
            {
                call = call with { Method = reader.GetString()! };
                return true;
            }

            reader.Skip();
            return false;
        }

        if (reader.ValueTextEquals("id"u8))
        {
            return ReadId(utf8, ref reader, ref call);
        }

        bool isParams = reader.ValueTextEquals("params"u8);
        reader.Read();
        if (!isParams)
        {
            reader.Skip();
            return true;
        }

        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            call = call with { Params = JsonElement.ParseValue(ref reader) };
            return true;
        }

        return false;
    }

    private static bool ReadId(ReadOnlySpan<byte> utf8, ref Utf8JsonReader reader, ref JsonRpcCall call)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String or JsonTokenType.Null)
        {
            var raw = utf8[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
            if (raw.Length <= IdBytesMax)
            {
                // Decoding once shows that echoing the raw bytes gives valid JSON.
                _ = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                call = call with { Id = new JsonRpcId(raw.ToArray()) };
                return true;
            }

            return false;
        }

        reader.Skip();
        return false;
    }

    private static void RequireEnd(ref Utf8JsonReader reader)
    {
        if (reader.Read())
        {
            throw new JsonException();
        }
    }
}

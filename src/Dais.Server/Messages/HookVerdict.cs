using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Dais.Rooms;
using Dais.Rooms.Messages;

namespace Dais.Server.Messages;

/// <summary>What becomes of a message by the word of the application's backend.</summary>
public abstract record HookVerdict
{
    private const int ReasonLengthMax = 200;

    private static readonly RoomLimits Limits = new();

    private HookVerdict()
    {
    }

    /// <summary>It may be sent.</summary>
    /// <param name="Content">What it says then.</param>
    public sealed record Allowed(MessageContent Content) : HookVerdict;

    /// <summary>It may not.</summary>
    /// <param name="Reason">Why, for the sender; empty when not said.</param>
    /// <param name="Code">A number of the application's own for the sender; null when not said.</param>
    public sealed record Refused(string Reason, long? Code) : HookVerdict;

    /// <summary>Nothing that makes sense was said in time, and it may not be sent then.</summary>
    public sealed record Unknown : HookVerdict;

    /// <summary>Reads an answer about <paramref name="asked"/>; false when it makes no sense. Never throws.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, MessageContent asked, [NotNullWhen(true)] out HookVerdict? verdict)
    {
        verdict = null;
        try
        {
            using var answer = JsonDocument.Parse(body);
            verdict = Read(answer.RootElement, asked);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a string that cannot be decoded.
        }

        return verdict is not null;
    }

    private static HookVerdict? Read(JsonElement answer, MessageContent asked)
    {
        if (answer.ValueKind != JsonValueKind.Object || !TryReadText(answer, "action", out string? action))
        {
            return null;
        }

        return action switch
        {
            "allow" => new Allowed(asked),
            "refuse" => ReadRefusal(answer),
            "replace" => ReadReplacement(answer, asked),
            _ => null,
        };
    }

    private static Refused? ReadRefusal(JsonElement answer)
    {
        long? code = null;
        if (answer.TryGetProperty("code"u8, out var given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt64(out long number))
            {
                return null;
            }

            code = number;
        }

        return TryReadText(answer, "reason", out string? reason)
            ? new Refused(reason is { Length: > ReasonLengthMax } ? reason[..ReasonLengthMax] : reason ?? "", code)
            : null;
    }

    /// <summary>What is absent stays; a text message has a text, a custom one data, and neither is larger than a client's.</summary>
    private static Allowed? ReadReplacement(JsonElement answer, MessageContent asked)
    {
        if (!TryReadText(answer, "text", out string? text) || !TryReadText(answer, "data", out string? data) || (text ?? data) is null)
        {
            return null;
        }

        bool isSensible = asked.Kind == MessageKind.Text
            ? text is null or { Length: > 0 } && (text ?? "").Length <= Limits.MessageTextLengthMax
            : text is null;
        return isSensible && Encoding.UTF8.GetByteCount(data ?? "") <= Limits.MessageDataBytesMax
            ? new Allowed(asked with { Text = text ?? asked.Text, Data = data ?? asked.Data })
            : null;
    }

    /// <summary>A text that may be absent or null; false when something else is there.</summary>
    private static bool TryReadText(JsonElement answer, string name, out string? text)
    {
        text = null;
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace Dais.Server.Access;

/// <summary>
/// A small JSON object from an untrusted source: what it holds is asked for by name and type, and nothing throws.
/// </summary>
public sealed class JsonClaims : IDisposable
{
    private readonly JsonDocument _document;

    private JsonClaims(JsonDocument document) => _document = document;

    /// <summary>Reads <paramref name="utf8"/>; false when it is not one JSON object.</summary>
    public static bool TryParse(byte[] utf8, out JsonClaims? claims)
    {
        claims = null;
        try
        {
            claims = new JsonClaims(JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8 }));
        }
        catch (JsonException)
        {
            return false;
        }

        if (claims._document.RootElement.ValueKind == JsonValueKind.Object && HasReadableNames(claims._document.RootElement))
        {
            return true;
        }

        claims.Dispose();
        claims = null;
        return false;
    }

    /// <summary>Whether there is anything called <paramref name="name"/>.</summary>
    public bool Has(string name) => _document.RootElement.TryGetProperty(name, out _);

    /// <summary>The text called <paramref name="name"/>; false when it is missing, empty or no text.</summary>
    public bool TryText(string name, out string? text)
    {
        text = null;
        return _document.RootElement.TryGetProperty(name, out var value) && TryText(value, out text) && text!.Length > 0;
    }

    /// <summary>
    /// The seconds since the epoch called <paramref name="name"/>; they may have a fraction (RFC 7519 §2).
    /// </summary>
    public bool TryTime(string name, out DateTimeOffset time)
    {
        time = default;
        if (!_document.RootElement.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetDouble(out double seconds) || seconds < 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    /// <summary>
    /// The texts of the list called <paramref name="name"/>, other items left out; false when it is no list.
    /// </summary>
    public bool TryTexts(string name, int countMax, out ImmutableArray<string> texts)
    {
        texts = [];
        if (!_document.RootElement.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > countMax)
        {
            return false;
        }

        texts = [.. list.EnumerateArray().Select(item => TryText(item, out string? text) ? text : null).OfType<string>()];
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    /// <summary>Whether every name can be decoded: half of a surrogate pair cannot, and no name could be looked for then.</summary>
    private static bool HasReadableNames(JsonElement claims)
    {
        try
        {
            return claims.EnumerateObject().All(claim => claim.Name is not null);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryText(JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape, cannot become a string.
            return false;
        }
    }
}

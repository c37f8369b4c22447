using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dais.Protocol;

namespace Dais.Server.Rest;

/// <summary>What came with a call: its body, and ids in its address.</summary>
public static class RestBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>Reads the body by the same rules as the parameters of the WebSocket's methods; gives it, or why not.</summary>
    public static async Task<(TBody? Body, IResult? Refusal)> ReadAsync<TBody>(HttpRequest request, JsonTypeInfo<TBody> type)
        where TBody : class, IParams
    {
        if (!request.HasJsonContentType())
        {
            return (null, RestAnswer.Refuse(Dais.Protocol.Rest.RestErrors.UnsupportedMediaType));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, request.HttpContext.RequestAborted);
            return ParamsReader.TryRead(document.RootElement, type, out var body, out string? field)
                ? (body, null)
                : (null, RestAnswer.Invalid(field == "params" ? "body" : field!));
        }
        catch (JsonException)
        {
            return (null, RestAnswer.Refuse(ErrorCodes.ParseError));
        }
    }

    /// <summary>
    /// An id out of an address. Routing decodes it, except for a slash, which it leaves alone so that it cannot be taken for the
    /// one between two parts.
    /// </summary>
    public static string IdOf(string part) => part.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}

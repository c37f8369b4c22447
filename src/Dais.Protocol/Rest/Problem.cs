namespace Dais.Protocol.Rest;

/// <summary>Why a call was refused (RFC 9457).</summary>
/// <param name="Type">Names the kind of error: `urn:dais:error:` and the error's name.</param>
/// <param name="Title">The error in words, the same for every error of its kind.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error's number, as on the WebSocket.</param>
/// <param name="Name">The error's name, as on the WebSocket.</param>
/// <param name="Retryable">Whether the same call can succeed later without any other change.</param>
/// <param name="Detail">What is wrong with this call in particular; absent when the title says all.</param>
/// <param name="Field">The field or parameter that is missing or wrong; absent for other errors.</param>
/// <param name="OldestSeq">The first event that can be read; only when the ones asked for are forgotten.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    int Code,
    string Name,
    bool Retryable,
    string? Detail = null,
    string? Field = null,
    long? OldestSeq = null)
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";

    private const string TypePrefix = "urn:dais:error:";

    /// <summary>The problem that <paramref name="error"/> is.</summary>
    public static Problem Of(ErrorCode error, string? field = null, string? detail = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new Problem(
            TypePrefix + error.Name, error.Message, RestErrors.StatusOf(error), error.Code, error.Name, error.Retryable, detail, field);
    }
}

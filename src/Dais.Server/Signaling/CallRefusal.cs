using Dais.Protocol;

namespace Dais.Server.Signaling;

/// <summary>Why a call was refused.</summary>
/// <param name="Code">The error.</param>
/// <param name="Field">The parameter that is wrong, for <see cref="ErrorCodes.InvalidParams"/>.</param>
/// <param name="Detail">What is wrong with it in a sentence, or null.</param>
public sealed record CallRefusal(ErrorCode Code, string? Field = null, string? Detail = null)
{
    /// <summary>When to try again, for <see cref="ErrorCodes.RateLimited"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the application's backend says to the client's application; null for nothing.</summary>
    public long? ApplicationCode { get; init; }

    /// <summary>A refusal that the error says all about.</summary>
    public static implicit operator CallRefusal(ErrorCode code) => new(code);
}

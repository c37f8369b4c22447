namespace Dais.Client.Live;

/// <summary>How a call of a facade ended.</summary>
/// <param name="Code">0, or the error code of the contract.</param>
/// <param name="Message">The error in words; null when there is none.</param>
public sealed record CompletionHandler(int Code, string? Message = null)
{
    /// <summary>The code for a call before the live was joined.</summary>
    public const int NotInLive = -2101;

    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Code == 0;

    internal static CompletionHandler Success { get; } = new(0);

    internal static CompletionHandler BeforeEntering { get; } = new(NotInLive, "Join the live first.");

    /// <summary>Runs a call, and gives its refusal as a value.</summary>
    internal static async Task<CompletionHandler> OfAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return Success;
        }
        catch (DaisException exception)
        {
            return new CompletionHandler(exception.Code, exception.Message);
        }
    }
}

using Dais.Protocol;

namespace Dais.Client;

/// <summary>A refusal of the server, or a failure on the way to it: the one exception of this library.</summary>
public sealed class DaisException : Exception
{
    /// <summary>The call may or may not have taken effect: the connection was lost before the answer came.</summary>
    public const int ConnectionLost = 1901;

    /// <summary>No answer came within the call's time.</summary>
    public const int CallTimedOut = 1902;

    /// <summary>The client is not connected, or was closed.</summary>
    public const int NotConnected = 1903;

    /// <summary>The room was left or has ended.</summary>
    public const int RoomClosed = 1904;

    /// <summary>The server's answer could not be used.</summary>
    public const int BadAnswer = 1905;

    /// <summary>An error with <paramref name="code"/>.</summary>
    /// <param name="code">A code of the contract, or one of the constants here.</param>
    /// <param name="name">The stable word for the code.</param>
    /// <param name="message">What to show a developer.</param>
    /// <param name="isRetryable">Whether the same call can succeed later without any other change.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public DaisException(int code, string name, string message, bool isRetryable = false, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Name = name;
        IsRetryable = isRetryable;
    }

    internal DaisException(WireError error)
        : this(error.Code, error.Name, error.Message, error.Retryable)
    {
        Field = error.Field;
        RetryAfter = error.RetryAfterMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    /// <summary>The error code of the contract (<see cref="ErrorCodes"/>), or one of the constants of this class.</summary>
    public int Code { get; }

    /// <summary>The stable word for the code, such as <c>seatLocked</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the same call can succeed later without any other change.</summary>
    public bool IsRetryable { get; }

    /// <summary>The parameter that is missing or wrong; null for other errors.</summary>
    public string? Field { get; }

    /// <summary>How long to wait before the next try, when the server says so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The first event the log of a room holds, when the ones asked for are forgotten.</summary>
    public long? OldestSeq { get; internal init; }

    internal static DaisException NoConnection(string message = "There is no connection to the server now.") =>
        new(NotConnected, "notConnected", message, isRetryable: true);

    internal static DaisException Lost(Exception? cause = null) => new(
        ConnectionLost, "connectionLost", "The connection was lost before the answer came.", isRetryable: true, cause);

    internal static DaisException NoAnswer(string method) =>
        new(CallTimedOut, "callTimedOut", $"No answer to {method} in time.", isRetryable: true);

    internal static DaisException Unusable(string message) => new(BadAnswer, "badAnswer", message);

    internal static DaisException Over() => new(RoomClosed, "roomClosed", "The room is closed.");
}

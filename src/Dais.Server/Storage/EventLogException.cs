namespace Dais.Server.Storage;

/// <summary>The event log cannot be opened, or has stopped. The message is a sentence for the person who runs the server.</summary>
public sealed class EventLogException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public EventLogException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what caused it.</summary>
    public EventLogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

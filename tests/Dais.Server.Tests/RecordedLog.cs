using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests;

/// <summary>Keeps every log line of a server.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    /// <summary>The lines, with the category that wrote each.</summary>
    public ConcurrentQueue<(string Category, LogLevel Level, EventId Id, string Text)> Lines { get; } = new();

    /// <summary>The lines of the server itself, without the framework's.</summary>
    public IEnumerable<(LogLevel Level, EventId Id, string Text)> OwnLines =>
        Lines.Where(line => line.Category.StartsWith("Dais", StringComparison.Ordinal)).Select(line => (line.Level, line.Id, line.Text));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Lines.Enqueue((category, logLevel, eventId, $"{formatter(state, exception)} {exception}"));
    }
}

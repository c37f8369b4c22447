using Dais.Server.Observability;
using Dais.Server.Storage.Journal;

namespace Dais.Server.Storage;

/// <summary>Puts the event log among the services.</summary>
public static class EventLogRegistration
{
    /// <summary>The key of the log itself, for whoever watches it.</summary>
    public const string Unwatched = "unwatched";

    /// <summary>What may happen to a room at once: all its open requests run out, each with what two people wrote about themselves.</summary>
    private static readonly EventLogLimits Limits = new() { AppendBytesMax = 4 << 20, SnapshotBytesMax = 16 << 20 };

    /// <summary>
    /// Adds <see cref="IEventLog"/>, opened when it is first asked for and watched by the <see cref="ILogWatcher"/> if there is
    /// one, and the deletion of expired streams. If the log's disk fails, the process stops with exit code 1.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="dataPath">The server's folder; the journal is in <c>journal</c> beneath it.</param>
    /// <param name="durability">What acknowledged events survive; <see cref="Durability.Memory"/> touches no folder.</param>
    public static IServiceCollection AddEventLog(this IServiceCollection services, string dataPath, Durability durability)
    {
        services.AddKeyedSingleton<IEventLog>(Unwatched, (provider, _) =>
        {
            IEventLog log = durability == Durability.Memory
                ? new MemoryLog(Limits)
                : Open(Path.Combine(dataPath, "journal"), durability, provider);
            return provider.GetService<ServerMetrics>() is { } metrics ? new MeasuredLog(log, metrics, TimeProvider.System) : log;
        });
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredKeyedService<IEventLog>(Unwatched);
            return provider.GetService<ILogWatcher>() is { } watcher ? new WatchedLog(log, watcher) : log;
        });
        services.AddHostedService<StreamRetention>();
        return services;
    }

    private static JournalLog Open(string path, Durability durability, IServiceProvider provider)
    {
        var lifetime = provider.GetRequiredService<IHostApplicationLifetime>();
        return JournalLog.Open(
            path,
            new JournalOptions { Durability = durability, Limits = Limits },
            provider.GetRequiredService<ILogger<JournalLog>>(),
            _ =>
            {
                Environment.ExitCode = 1;
                lifetime.StopApplication();
            });
    }
}

using Dais.Server.Hosting;
using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Server.Webhooks;

namespace Dais.Server.Observability;

/// <summary>Puts metrics and traces among the services.</summary>
public static class ObservabilityRegistration
{
    /// <summary>Adds metrics, and their export where the settings want it.</summary>
    public static void AddObservability(this IServiceCollection services)
    {
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton(provider => new MetricsCollector(provider.GetRequiredService<ServerMetrics>().Meter));
        services.AddSingleton<MetricsEndpoint>();
        services.AddHostedService<OtlpExport>();
    }

    /// <summary>Makes the instruments that read the server's parts, and adds <see cref="MetricsEndpoint.Path"/>.</summary>
    public static void UseObservability(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var parts = app.Services;
        var meter = parts.GetRequiredService<ServerMetrics>().Meter;
        ObservedFigures.Add(
            meter,
            parts.GetRequiredService<DaisOptions>(),
            parts.GetRequiredService<RoomDirectory>(),
            parts.GetRequiredService<ConnectionRegistry>(),
            parts.GetRequiredService<SessionRegistry>(),
            parts.GetRequiredService<WebhookDispatcher>());
        MediaInstruments.Add(meter, parts.GetRequiredService<MediaPlane>());
        app.MapGet(MetricsEndpoint.Path, parts.GetRequiredService<MetricsEndpoint>().ServeAsync);
    }
}

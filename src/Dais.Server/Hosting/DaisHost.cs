using Dais.Server.Access;
using Dais.Server.Media;
using Dais.Server.Messages;
using Dais.Server.Observability;
using Dais.Server.Rest;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Server.Storage;
using Dais.Server.Webhooks;
using Dais.Server.Whip;

namespace Dais.Server.Hosting;

/// <summary>Puts the server together: what it is made of, and what it answers on which address.</summary>
public static class DaisHost
{
    /// <summary>Where the server listens when nothing else is configured.</summary>
    public const string DefaultUrl = "http://localhost:5180";

    /// <summary>The start options: the web app lies beside the program, wherever it is started from.</summary>
    public static WebApplicationOptions OptionsFor(string[] args) => new()
    {
        Args = args,
        ContentRootPath = Directory.Exists("wwwroot") || File.Exists("appsettings.json") ? null : AppContext.BaseDirectory,
    };

    /// <summary>Adds everything the server is made of.</summary>
    /// <exception cref="DaisConfigurationException">A setting is wrong.</exception>
    public static void AddDais(this WebApplicationBuilder builder)
    {
        var options = DaisOptionsReader.Read(builder.Configuration, builder.Environment.IsDevelopment());
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ServerLog>();
        builder.Services.AddObservability();
        builder.Services.AddEventLog(options.Storage.DataPath, options.Storage.Durability);
        builder.Services.AddWebhooks();
        builder.Services.AddMedia();
        builder.Services.AddSignaling();
        builder.Services.AddRest();
        builder.Services.AddWhip();
        builder.Services.AddHostedService<ServerLifetime>();
    }

    /// <summary>Says what the server answers on which address.</summary>
    public static void UseDais(this WebApplication app)
    {
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });

        // What calls over HTTP go through would stay on the way of each connection for as long as that lives, and cost memory.
        app.UseRouting();
        app.Map(SignalingEndpoint.Path, app.Services.GetRequiredService<SignalingEndpoint>().ServeAsync).ShortCircuit();
        app.MapHealth();
        app.UseObservability();
        app.UseRest();
        app.UseWhip();
        app.UseWebApp();
    }

    private static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(provider => new WebhookDispatcher(
            provider.GetRequiredService<DaisOptions>().Webhooks,
            provider.GetRequiredKeyedService<IEventLog>(EventLogRegistration.Unwatched),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ServerLog>()));
        services.AddSingleton<ILogWatcher>(provider => provider.GetRequiredService<WebhookDispatcher>().Feeds);
        services.AddSingleton<WebhookEndpoints>();
    }

    private static void AddSignaling(this IServiceCollection services)
    {
        services.AddSingleton(provider => new AccessTokenVerifier(provider.GetRequiredService<DaisOptions>().Keys));
        services.AddSingleton<HostConnections>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<MessageHook>();
        services.AddSingleton<SignalingContext>();
        services.AddSingleton<SignalingEndpoint>();
    }
}

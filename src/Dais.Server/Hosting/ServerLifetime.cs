using Dais.Server.Media;
using Dais.Server.Signaling;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dais.Server.Hosting;

/// <summary>
/// Start and end of the server, in order. Start: media workers, then HTTP, then one line that says where. End: clients
/// are told to come back
/// later while everything still runs, then HTTP stops, then the media workers.
/// </summary>
public sealed class ServerLifetime(
    DaisOptions options,
    MediaPlane media,
    ConnectionRegistry connections,
    IServer server,
    IHostApplicationLifetime application,
    ServerLog log) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        media.Start();
        application.ApplicationStopping.Register(() =>
        {
            log.Stopping(connections.Count);
            connections.CloseAll();
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        string addresses = string.Join(" or ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []);
        log.Ready(addresses, string.Join(", ", media.Addresses));
        if (options.AllowBareUserIds)
        {
            log.BareUserIdsAccepted();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        media.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

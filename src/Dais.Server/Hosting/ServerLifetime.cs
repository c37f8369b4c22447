using Dais.Server.Media;
using Dais.Server.Rooms;
using Dais.Server.Signaling;
using Dais.Server.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Dais.Server.Hosting;

/// <summary>
/// Start and end of the server, in order. Start: media workers, webhooks, then the rooms of the last process, then HTTP, then one line
/// that says where. End: rooms stand still, clients are told to come back later, then HTTP stops, then the media workers.
/// </summary>
public sealed class ServerLifetime(
    DaisOptions options,
    MediaPlane media,
    RoomDirectory rooms,
    WebhookDispatcher webhooks,
    ConnectionRegistry connections,
    IServer server,
    IHostApplicationLifetime application,
    ServerLog log) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        media.Start();
        await webhooks.StartAsync(cancellationToken);
        await rooms.RestoreAsync(cancellationToken);
        application.ApplicationStopping.Register(() =>
        {
            log.Stopping(connections.Count);
            rooms.Stop();
            connections.CloseAll();
        });
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
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await rooms.WaitForEndAsync();
        await webhooks.StopAsync();
        media.Dispose();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

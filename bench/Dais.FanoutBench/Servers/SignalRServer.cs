using Microsoft.AspNetCore.SignalR;

namespace Dais.FanoutBench.Servers;

/// <summary>A SignalR hub that gives everybody what anybody says.</summary>
internal static class SignalRServer
{
    internal static int Run(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR(options => options.ClientTimeoutInterval = TimeSpan.FromHours(1));
        var app = builder.Build();
        app.MapHub<RoomHub>("/hub");
        app.Run();
        return 0;
    }

    private sealed class RoomHub : Hub
    {
        /// <summary>Tells everybody.</summary>
        public Task Send(string text) => Clients.All.SendAsync("Message", text);
    }
}

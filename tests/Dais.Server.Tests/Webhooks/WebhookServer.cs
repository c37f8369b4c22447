using Dais.Server.Storage;
using Dais.Server.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Webhooks;

/// <summary>A server that tells receivers.</summary>
internal static class WebhookServer
{
    /// <summary>Starts one with the endpoints "a", "b" and so on.</summary>
    public static Task<TestServer> StartAsync(
        IEventLog? events = null, string endpointEvents = "standard", ManualTime? time = null, params WebhookReceiver[] receivers) =>
        TestServer.StartAsync(Settings([.. receivers.Select(receiver => receiver.Url)], endpointEvents), events: events, time: time);

    public static Dictionary<string, string?> Settings(string[] urls, string endpointEvents = "standard")
    {
        var settings = new Dictionary<string, string?>
        {
            ["Dais:Webhooks:AllowPrivateTargets"] = "true",
            ["Dais:Limits:RequestsBurst"] = "10000",
        };
        for (int i = 0; i < urls.Length; i++)
        {
            string name = $"Dais:Webhooks:{(char)('a' + i)}";
            settings[$"{name}:Url"] = urls[i];
            settings[$"{name}:Secret"] = WebhookReceiver.Secret;
            settings[$"{name}:Events"] = endpointEvents;
        }

        return settings;
    }

    public static WebhookEndpoints Webhooks(this TestServer server) => server.Parts.GetRequiredService<WebhookEndpoints>();

    public static WebhookDispatcher Dispatcher(this TestServer server) => server.Parts.GetRequiredService<WebhookDispatcher>();

    /// <summary>
    /// Moves the clock until something holds: retries are set at no known moment. It moves only while one is set and nothing is on its way,
    /// so that it never runs ahead of a busy machine.
    /// </summary>
    public static Task AdvanceUntilAsync(this TestServer server, TimeSpan step, Func<bool> condition) => Eventually.IsTrueAsync(() =>
    {
        if (condition())
        {
            return true;
        }

        var desks = server.Dispatcher().Desks;
        if (desks.All(desk => desk.InFlight == 0) && desks.Any(desk => desk.RetriesWaiting > 0))
        {
            server.Time.Advance(step);
        }

        return false;
    });
}

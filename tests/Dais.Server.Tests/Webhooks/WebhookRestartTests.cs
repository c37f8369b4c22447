using Dais.Server.Hosting;
using Dais.Server.Storage;
using Dais.Server.Tests.Rooms.Log;
using Dais.Server.Webhooks;

namespace Dais.Server.Tests.Webhooks;

/// <summary>A server that stops or is lost, and the next one on the same log.</summary>
public sealed class WebhookRestartTests : IAsyncDisposable
{
    private readonly HeldLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_orderly_stop_everything_is_told_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var server = await WebhookServer.StartAsync(_log, receivers: receiver))
        {
            await using var host = await server.StartRoomAsync("lobby");
            await receiver.UntilAsync(2);
            await Eventually.IsTrueAsync(() => server.Webhooks().Counters.Delivered == 2);
            await server.StopAsync();
        }

        await using var next = await WebhookServer.StartAsync(_log, receivers: receiver);
        await using var again = await next.JoinRoomAsync("lobby", "hana");
        await again.CallAsync("room.end", new() { ["roomId"] = "lobby" });
        await receiver.UntilAsync(4);

        Assert.Equal(["101", "103 hana", "104 hana", "102"], receiver.Told());
        Assert.Single(receiver.Received.Select(each => each.Body["sid"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task What_a_lost_server_had_not_noted_is_told_again_with_the_same_ids()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await WebhookServer.StartAsync(_log, receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");
        await receiver.UntilAsync(2);

        // Its clock stands still, so no cursor is stored; it counts as lost.
        await using var next = await WebhookServer.StartAsync(_log, receivers: receiver);
        await receiver.UntilAsync(4);

        var received = receiver.Received.ToArray();
        Assert.Equal(received[..2].Select(each => each.NoticeId), received[2..4].Select(each => each.NoticeId));
        Assert.Equal(received[..2].Select(each => each.Payload.ToJsonString()), received[2..4].Select(each => each.Payload.ToJsonString()));
    }

    [Fact]
    public async Task Snapshots_and_retention_drop_nothing_that_is_still_to_be_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        const int Rounds = 300;
        await using (var server = await WebhookServer.StartAsync(_log, receivers: receiver))
        {
            await using var host = await server.StartRoomAsync("lobby");
            await using var viewer = await server.OpenAsync("vera");
            for (int i = 0; i < Rounds; i++)
            {
                await viewer.CallAsync("room.join", new() { ["roomId"] = "lobby" });
                await viewer.CallAsync("room.leave", new() { ["roomId"] = "lobby" });
            }

            Assert.NotNull((await _log.LoadAsync("room:lobby", Cancelled)).Snapshot);
            await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });
            using var retention = new StreamRetention(
                new WatchedLog(_log, server.Dispatcher().Feeds), new DaisOptions(), TimeProvider.System,
                Microsoft.Extensions.Logging.Abstractions.NullLogger<StreamRetention>.Instance);
            Assert.Equal(0, await retention.SweepAsync(DateTimeOffset.MaxValue, Cancelled));
        }

        receiver.Received.Clear();
        receiver.Answer = (_, _) => Task.CompletedTask;
        await using var next = await WebhookServer.StartAsync(_log, receivers: receiver);
        await Eventually.IsTrueAsync(() => receiver.Received.Any(each => each.EventType == 102));

        Assert.Equal((2 * Rounds) + 4, receiver.Received.Select(each => each.NoticeId).Distinct().Count());
        Assert.Equal((2 * Rounds) + 4, receiver.Received.Count);
        Assert.Equal(0, next.Webhooks().Counters.Lost);
        await Eventually.IsTrueAsync(() => next.Webhooks().Counters.Delivered == (2 * Rounds) + 4);
        await next.Dispatcher().FlushAsync();
        using var sweep = new StreamRetention(
            new WatchedLog(_log, next.Dispatcher().Feeds), new DaisOptions(), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<StreamRetention>.Instance);
        await sweep.SweepAsync(DateTimeOffset.MaxValue, Cancelled);
        await next.Dispatcher().FlushAsync();
        Assert.Equal((0, 0), ((await _log.LoadAsync("room:lobby", Cancelled)).Head, (await _log.LoadAsync("hooks:lobby", Cancelled)).Head));

        await using var anew = await next.StartRoomAsync("lobby", "otto");
        await Eventually.IsTrueAsync(() => receiver.Told()[^1] == "103 otto");
    }

    [Fact]
    public async Task Where_somebody_is_far_behind_a_restart_begins_at_a_base_and_tells_the_rest()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var server = await WebhookServer.StartAsync(_log, endpointEvents: "*", receivers: receiver))
        {
            await using var host = await server.StartRoomAsync("lobby");
            for (int i = 0; i < 400; i++)
            {
                await host.CallAsync("room.update", new() { ["roomId"] = "lobby", ["name"] = $"{i}" });
            }

            await Eventually.IsTrueAsync(() => receiver.Received.Any(each => each.Payload["name"]?.GetValue<string>() == "399"));
            await server.StopAsync();
        }

        Assert.True((await _log.LoadAsync("hooks:lobby", Cancelled)).Snapshot is not null);
        int before = receiver.Received.Count;
        await using var next = await WebhookServer.StartAsync(_log, endpointEvents: "*", receivers: receiver);
        await using var again = await next.JoinRoomAsync("lobby", "hana");
        await again.CallAsync("room.end", new() { ["roomId"] = "lobby" });
        await Eventually.IsTrueAsync(() => receiver.Received.Any(each => each.EventType == 1043));

        Assert.Equal(receiver.Received.Count, receiver.Received.Select(each => each.NoticeId).Distinct().Count());
        Assert.Contains(104, receiver.Received.Skip(before).Select(each => each.EventType));
    }

    [Fact]
    public async Task An_endpoint_made_at_run_time_hears_what_comes_after_and_outlives_the_server()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var settings = new Dictionary<string, string?> { ["Dais:Webhooks:AllowPrivateTargets"] = "true" };
        string id;
        await using (var server = await TestServer.StartAsync(settings, events: _log))
        {
            await using var host = await server.StartRoomAsync("lobby");
            var created = await server.Webhooks().CreateAsync(receiver.Url, WebhookReceiver.Secret, [], Cancelled);
            id = created.Endpoint!.Id;
            Assert.True((await server.Webhooks().TestAsync(id, Cancelled))!.Value.IsDelivered);
            await using var viewer = await server.JoinRoomAsync("lobby", "vera");
            await receiver.UntilAsync(2);
            await Eventually.IsTrueAsync(() => server.Webhooks().Counters.Delivered == 2);
            await server.StopAsync();
        }

        await using var next = await TestServer.StartAsync(settings, events: _log);
        Assert.Equal(id, Assert.Single(next.Webhooks().List()).Id);
        await receiver.UntilAsync(3);
        Assert.Equal(["1000", "105 vera", "106 vera"], receiver.Told());

        Assert.True(await next.Webhooks().DeleteAsync(id));
        Assert.False(await next.Webhooks().DeleteAsync(id));
        await using var other = await next.StartRoomAsync("attic", "otto");
        Assert.Empty(next.Webhooks().List());
    }

    [Fact]
    public async Task Bad_endpoints_are_refused_and_those_of_the_settings_stay()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await WebhookServer.StartAsync(_log, receivers: receiver);
        await using var strict = await TestServer.StartAsync();
        var webhooks = server.Webhooks();

        Assert.Equal(WebhookRefusal.BadUrl, (await webhooks.CreateAsync("gopher://x/", null, [], Cancelled)).Refusal);
        Assert.Equal(WebhookRefusal.BadSecret, (await webhooks.CreateAsync("https://example.org/", "whsec_!", [], Cancelled)).Refusal);
        var unknown = await webhooks.CreateAsync("https://example.org/", null, ["seat.flown"], Cancelled);
        Assert.Equal((WebhookRefusal.UnknownEvent, "seat.flown"), (unknown.Refusal, unknown.Detail));
        Assert.Equal(
            WebhookRefusal.PrivateTarget, (await strict.Webhooks().CreateAsync("http://127.0.0.1:1/", null, [], Cancelled)).Refusal);
        Assert.False(await webhooks.DeleteAsync("a"));
        Assert.Null(await webhooks.TestAsync("nobody", Cancelled));
        Assert.Null(webhooks.Deliveries("nobody"));
        Assert.Equal("a", Assert.Single(webhooks.List()).Id);
    }
}

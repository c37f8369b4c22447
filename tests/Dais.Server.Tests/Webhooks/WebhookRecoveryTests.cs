using Microsoft.AspNetCore.Http;

namespace Dais.Server.Tests.Webhooks;

public sealed class WebhookRecoveryTests
{
    private const int Rooms = 12;

    [Fact]
    public async Task When_an_endpoint_is_well_again_no_room_waits_for_its_next_try()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) => Refuse(context);
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        var hosts = new List<TestClient>();
        for (int i = 0; i < Rooms; i++)
        {
            hosts.Add(await server.StartRoomAsync(RoomId(i), $"host{i}"));
        }

        // Waits have become long.
        var counters = server.Webhooks().Counters;
        await server.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => counters.Failed >= 5 * Rooms);
        await Eventually.IsTrueAsync(() => server.Dispatcher().Find("a")!.RetriesWaiting == Rooms);
        receiver.Received.Clear();
        receiver.Answer = (_, _) => Task.CompletedTask;
        await server.Webhooks().TestAsync("a", TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => counters.Delivered == 1 + (2 * Rooms));
        for (int i = 0; i < Rooms; i++)
        {
            Assert.Equal(["101", $"103 host{i}"], receiver.Told(RoomId(i)));
            await hosts[i].DisposeAsync();
        }

        Assert.Equal(0, server.Dispatcher().Find("a")!.RetriesWaiting);
    }

    [Fact]
    public async Task A_notice_that_is_refused_while_others_are_taken_is_not_sent_each_time()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, received) => received.Room == "bad" ? Refuse(context) : Task.CompletedTask;
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("bad");
        await Eventually.IsTrueAsync(() => server.Dispatcher().Find("a")!.RetriesWaiting == 1);

        // The first lets it go early; from then on it waits, as no clock moves here.
        for (int i = 0; i < 20; i++)
        {
            await server.Webhooks().TestAsync("a", TestContext.Current.CancellationToken);
            await Eventually.IsTrueAsync(() => server.Webhooks().Counters.Failed == 2
                && server.Dispatcher().Find("a")!.RetriesWaiting == 1);
        }

        Assert.Equal(["101", "101"], receiver.Told("bad"));
    }

    private static string RoomId(int index) => $"room-{index}";

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}

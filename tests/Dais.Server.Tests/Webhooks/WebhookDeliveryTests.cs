using System.Net;
using System.Text.Json.Nodes;
using Dais.Server.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Dais.Server.Tests.Webhooks;

public sealed class WebhookDeliveryTests
{
    [Fact]
    public async Task A_live_is_told_in_order_and_signed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
        await guest.CallAsync("room.leave", new() { ["roomId"] = "lobby" });
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        await receiver.UntilAsync(7);

        Assert.Equal(["101", "103 hana", "105 gus", "111 gus", "104 gus", "104 hana", "102"], receiver.Told());
        Assert.Equal(1, receiver.InFlightMax);
        Assert.Single(receiver.Received.Select(each => each.Connection).Distinct());
        Assert.All(receiver.Received, each => Assert.Equal("application/json; charset=utf-8", each.Headers.ContentType));
    }

    [Fact]
    public async Task What_is_refused_comes_again_with_the_same_id_and_nothing_comes_before_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        int refused = 0;
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = refused++ < 3 ? 500 : 204;
            return Task.CompletedTask;
        };
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");

        await receiver.UntilAsync(1);
        await server.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => server.Webhooks().Counters.Delivered >= 2);

        Assert.Equal(["101", "101", "101", "101", "103 hana"], receiver.Told());
        var first = receiver.Received.Take(4).ToList();
        Assert.Single(first.Select(each => each.NoticeId).Distinct());
        Assert.Equal(4, first.Select(each => each.Body["notifyMs"]!.GetValue<long>()).Distinct().Count());
        Assert.Equal((2, 3), (server.Webhooks().Counters.Delivered, server.Webhooks().Counters.Failed));
    }

    [Theory]
    [InlineData("hangs", "no answer in time")]
    [InlineData("closes early", "connection failed")]
    [InlineData("answers 500", "status 500")]
    [InlineData("redirects", "status 307")]
    public async Task An_endpoint_that_fails_is_tried_again_and_the_failure_said(string behaviour, string failure)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        bool isWell = false;
        receiver.Answer = (context, _) => isWell ? Task.CompletedTask : MisbehaveAsync(context, behaviour);
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");
        await receiver.UntilAsync(1);

        if (behaviour == "hangs")
        {
            server.Time.Advance(WebhookSender.AnswerTime);
        }

        var deliveries = () => server.Webhooks().Deliveries("a")!.Recent;
        await Eventually.IsTrueAsync(() => deliveries().Count > 0);
        Assert.Equal(failure, deliveries()[^1].Result.Failure);

        isWell = true;
        await server.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), () => server.Webhooks().Counters.Delivered >= 2);
        Assert.Equal(["101", "103 hana"], receiver.Told().Distinct());
        Assert.DoesNotContain("moved", receiver.Received.Select(each => each.Room));
    }

    [Fact]
    public async Task An_endpoint_that_answers_and_then_streams_for_ever_has_taken_the_notice()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (context, _) =>
        {
            byte[] junk = new byte[4_096];
            // A write to a connection that is gone does not fail, and nothing says that it is once its server is.
            for (int part = 0; part < 16_384 && !context.RequestAborted.IsCancellationRequested; part++)
            {
                await context.Response.Body.WriteAsync(junk, context.RequestAborted);
            }
        };
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");

        await Eventually.IsTrueAsync(() => server.Webhooks().Counters.Delivered >= 2);

        Assert.Equal(["101", "103 hana"], receiver.Told());
    }

    [Fact]
    public async Task One_that_hangs_delays_nobody_else_and_a_room_that_hangs_no_other_room()
    {
        await using var fast = await WebhookReceiver.StartAsync();
        await using var slow = await WebhookReceiver.StartAsync();
        slow.Answer = (context, received) => received.Room == "lobby" ? MisbehaveAsync(context, "hangs") : Task.CompletedTask;
        await using var server = await WebhookServer.StartAsync(receivers: [fast, slow]);
        await using var host = await server.StartRoomAsync("lobby");
        await using var other = await server.StartRoomAsync("attic", "otto");

        await fast.UntilAsync(4);
        await slow.UntilAsync(3);

        Assert.Equal(["101", "103 hana"], fast.Told("lobby"));
        Assert.Equal(["101", "103 otto"], slow.Told("attic"));
        Assert.Equal(["101"], slow.Told("lobby"));
        server.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(server.Webhooks().Lag > TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_private_target_is_refused_when_connecting_whatever_its_name()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sender = new WebhookSender(allowPrivateTargets: false, TimeProvider.System);
        int port = new Uri(receiver.Url).Port;
        foreach (string name in new[] { "localhost", "127.0.0.1", "[::ffff:127.0.0.1]" })
        {
            var endpoint = new WebhookEndpoint(
                "a", new Uri($"http://{name}:{port}/"), WebhookReceiver.Secret, WebhookEventFilter.Default, IsFromSettings: true);
            var attempt = await sender.SendAsync(
                endpoint, new Notice("id", 101, "sid", "room", "{}"u8.ToArray()), TestContext.Current.CancellationToken);
            Assert.Equal((null, "private target"), (attempt.Status, attempt.Failure));
        }

        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task After_a_day_a_notice_is_parked_and_can_be_delivered_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) => MisbehaveAsync(context, "answers 500");
        await using var server = await WebhookServer.StartAsync(receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");
        var webhooks = server.Webhooks();

        // The host's connection does not live that long, and the room ends with it.
        await server.AdvanceUntilAsync(TimeSpan.FromMinutes(10), () => webhooks.ParkedNow == 4);

        var parked = webhooks.Deliveries("a")!.Parked;
        Assert.Equal([101, 103, 104, 102], parked.Select(each => each.Notice.EventType));
        Assert.All(parked, each => Assert.NotEmpty(each.Failure));
        Assert.Equal((0, 4), Counts(await webhooks.RedeliverAsync("a", null, TestContext.Current.CancellationToken)));

        receiver.Received.Clear();
        receiver.Answer = (_, _) => Task.CompletedTask;
        Assert.Equal((1, 3), Counts(await webhooks.RedeliverAsync("a", parked[1].Notice.NoticeId, TestContext.Current.CancellationToken)));
        Assert.Equal((3, 0), Counts(await webhooks.RedeliverAsync("a", null, TestContext.Current.CancellationToken)));
        Assert.Equal(["103 hana", "101", "104 hana", "102"], receiver.Told());
        Assert.Equal((4, 0), (webhooks.Counters.Parked, webhooks.Counters.Lost));
    }

    [Fact]
    public async Task Extended_events_come_when_they_are_asked_for()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await WebhookServer.StartAsync(endpointEvents: "111,seat.*,room.ended", receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        await receiver.UntilAsync(4);

        Assert.Equal([1005, 111, 1005, 1043], receiver.Received.Select(each => each.EventType));
        var ended = receiver.Received.Last().Payload;
        Assert.Equal(
            ("lobby", "room.ended", "host"),
            (ended["channelName"]!.GetValue<string>(), ended["type"]!.GetValue<string>(), ended["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_clock_that_jumps_neither_parks_nor_delays()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, _) => MisbehaveAsync(context, "answers 500");
        var time = new JumpingTime();
        await using var server = await WebhookServer.StartAsync(time: time, receivers: receiver);
        await using var host = await server.StartRoomAsync("lobby");
        await Eventually.IsTrueAsync(() => server.Webhooks().Counters.Failed >= 1);

        time.Offset = TimeSpan.FromDays(3);
        await server.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => server.Webhooks().Counters.Failed >= 3);
        time.Offset = TimeSpan.FromDays(-3);
        receiver.Answer = (_, _) => Task.CompletedTask;
        var before = time.Elapsed;
        await server.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => server.Webhooks().Counters.Delivered >= 2);

        Assert.Equal(0, server.Webhooks().Counters.Parked);
        Assert.True(time.Elapsed - before < TimeSpan.FromMinutes(5));
    }

    private static (int Delivered, int Remaining) Counts(WebhookRedelivery? redelivery) =>
        (redelivery!.Delivered, redelivery.Remaining);

    private static async Task MisbehaveAsync(HttpContext context, string behaviour)
    {
        switch (behaviour)
        {
            case "hangs":
                await HangAsync(context);
                break;
            case "closes early":
                context.Abort();
                break;
            case "answers 500":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync(new JsonObject { ["error"] = "no" }.ToJsonString());
                break;
            case "redirects":
                context.Response.StatusCode = (int)HttpStatusCode.TemporaryRedirect;
                context.Response.Headers.Location = "/moved";
                break;
        }
    }

    private static async Task HangAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>A clock that an operator, or a time server, puts forward and back.</summary>
    private sealed class JumpingTime : ManualTime
    {
        public TimeSpan Offset { get; set; }

        public TimeSpan Elapsed => TimeSpan.FromTicks(GetTimestamp());

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}

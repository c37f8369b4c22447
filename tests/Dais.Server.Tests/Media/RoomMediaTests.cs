using System.Text.Json.Nodes;
using Dais.Rtc.Rtp;
using Dais.Sfu;

namespace Dais.Server.Tests.Media;

/// <summary>What the media worker is told when people publish, subscribe, sit down and leave.</summary>
public sealed class RoomMediaTests
{
    [Fact]
    public async Task Joining_with_an_offer_opens_a_subscriber_in_the_same_round_trip()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");

        var joined = await viewer.CallAsync("room.join", Offer(Offers.Subscribe(slots: 3)));

        string answer = joined["answer"]!.GetValue<string>();
        var opened = server.Worker.Last<SfuCommand.OpenSubscriber>();
        Assert.Contains($"a=ice-ufrag:{opened.Transport.LocalIce.UsernameFragment}", answer, StringComparison.Ordinal);
        Assert.Contains("a=candidate:1 1 udp", answer, StringComparison.Ordinal);
        Assert.Equal("sub1", opened.Transport.RemoteIce.UsernameFragment);
        Assert.Equal(3, opened.Slots.Length);
        Assert.All(opened.Slots, slot => Assert.Contains($"a=ssrc:{slot.Video!.Ssrc} ", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_stage_names_the_publishers_of_those_who_sit_with_their_devices()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        await using var guest = await server.JoinRoomAsync("lobby", "gus");
        await host.CallAsync("media.publish", Offer(Offers.Publish("host")));
        var ofHost = server.Worker.Last<SfuCommand.OpenPublisher>();
        Assert.Equal([TrackKind.Audio, TrackKind.Video], ofHost.Tracks.Select(track => track.Kind));
        Assert.Equal([new StageSlot(0, ofHost.Id)], server.Worker.Last<SfuCommand.SetStage>().Slots);

        // Prepared while not on stage: nothing of it is shown.
        await guest.CallAsync("media.publish", Offer(Offers.Publish("guest", video: false)));
        var ofGuest = server.Worker.Last<SfuCommand.OpenPublisher>();
        Assert.Equal([new StageSlot(0, ofHost.Id)], server.Worker.Last<SfuCommand.SetStage>().Slots);

        await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
        Assert.Equal(
            [new StageSlot(0, ofHost.Id), new StageSlot(1, ofGuest.Id, Audio: true, Video: false)],
            server.Worker.Last<SfuCommand.SetStage>().Slots);

        await host.CallAsync("media.setMuted", new() { ["roomId"] = "lobby", ["microphone"] = true });
        Assert.Equal(new StageSlot(0, ofHost.Id, Audio: false), server.Worker.Last<SfuCommand.SetStage>().Slots[0]);

        await host.CallAsync("seat.kick", new() { ["roomId"] = "lobby", ["userId"] = "gus" });
        Assert.Single(server.Worker.Last<SfuCommand.SetStage>().Slots);
    }

    [Fact]
    public async Task A_viewers_wishes_go_to_the_worker_for_the_transport_it_receives_with()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await viewer.CallAsync("room.join", Offer(Offers.Subscribe(slots: 3)));
        var subscriber = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        await viewer.CallAsync("media.prefer", new()
        {
            ["roomId"] = "lobby",
            ["slots"] = new JsonArray(
                new JsonObject { ["slot"] = 0, ["maxHeight"] = 180 },
                new JsonObject { ["slot"] = 2, ["maxHeight"] = 0, ["paused"] = true }),
        });

        var prefer = server.Worker.Last<SfuCommand.Prefer>();
        Assert.Equal(subscriber, prefer.Id);
        Assert.Equal([new SlotPreference(0, 180, false), new SlotPreference(2, 0, true)], prefer.Slots);
    }

    [Theory]
    [InlineData(-1, 180)]
    [InlineData(64, 180)]
    [InlineData(0, -1)]
    [InlineData(0, 20_000)]
    public async Task A_wish_that_cannot_be_is_refused(int slot, int maxHeight)
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");

        var error = await host.RefusedAsync("media.prefer", new()
        {
            ["roomId"] = "lobby",
            ["slots"] = new JsonArray(new JsonObject { ["slot"] = slot, ["maxHeight"] = maxHeight }),
        });

        Assert.Equal("slots", error["data"]!["field"]!.GetValue<string>());
    }

    [Fact]
    public async Task Publishing_switches_devices_on_for_everybody_and_unpublishing_off()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await host.CallAsync("media.publish", Offer(Offers.Publish()));
        Assert.Equal("on", (await viewer.EventAsync("seat.changed"))["seats"]![0]!["camera"]!.GetValue<string>());
        Assert.Equal("on", (await viewer.EventAsync("stage.changed"))["stage"]![0]!["microphone"]!.GetValue<string>());

        await host.CallAsync("media.setMuted", new() { ["roomId"] = "lobby", ["camera"] = true });
        Assert.Equal("off", (await viewer.EventAsync("seat.changed"))["seats"]![0]!["camera"]!.GetValue<string>());

        var publisher = server.Worker.Last<SfuCommand.OpenPublisher>().Id;
        await host.CallAsync("media.unpublish", new() { ["roomId"] = "lobby" });
        Assert.Equal("off", (await viewer.EventAsync("seat.changed"))["seats"]![0]!["microphone"]!.GetValue<string>());
        Assert.Equal(publisher, server.Worker.Last<SfuCommand.CloseTransport>().Id);
        Assert.Empty(server.Worker.Last<SfuCommand.SetStage>().Slots);
    }

    [Fact]
    public async Task The_same_offer_again_keeps_the_transport_and_its_SSRCs()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");

        string first = await AnswerAsync(host, "media.subscribe", Offers.Subscribe("same"));
        string second = await AnswerAsync(host, "media.subscribe", Offers.Subscribe("same"));

        Assert.Equal(LinesOf(first, "a=ssrc"), LinesOf(second, "a=ssrc"));
        Assert.Equal(LinesOf(first, "a=ice-"), LinesOf(second, "a=ice-"));
        Assert.NotEqual(LinesOf(first, "o="), LinesOf(second, "o="));
        Assert.Single(server.Worker.Commands.OfType<SfuCommand.OpenSubscriber>());
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.RestartIce>());
    }

    [Fact]
    public async Task New_ICE_credentials_of_the_same_certificate_restart_ICE_without_switching_devices()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        string first = await AnswerAsync(host, "media.publish", Offers.Publish("old1"));
        await host.CallAsync("media.setMuted", new() { ["roomId"] = "lobby", ["microphone"] = true });

        string second = await AnswerAsync(host, "media.publish", Offers.Publish("new1"));

        var opened = server.Worker.Last<SfuCommand.OpenPublisher>();
        var restarted = server.Worker.Last<SfuCommand.RestartIce>();
        Assert.Equal(opened.Id, restarted.Id);
        Assert.Equal("new1", restarted.Remote.UsernameFragment);
        Assert.NotEqual(LinesOf(first, "a=ice-"), LinesOf(second, "a=ice-"));
        Assert.Contains($"a=ice-pwd:{restarted.Local.Password}", second, StringComparison.Ordinal);
        Assert.False(server.Worker.Last<SfuCommand.SetStage>().Slots[0].Audio);
    }

    [Fact]
    public async Task Another_certificate_replaces_the_transport()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await AnswerAsync(host, "media.publish", Offers.Publish("old1"));
        var before = server.Worker.Last<SfuCommand.OpenPublisher>().Id;

        await AnswerAsync(host, "media.publish", Offers.Publish("new1", fingerprint: string.Join(':', Enumerable.Repeat("EF", 32))));

        var after = server.Worker.Last<SfuCommand.OpenPublisher>().Id;
        Assert.NotEqual(before, after);
        Assert.Equal(before, server.Worker.Last<SfuCommand.CloseTransport>().Id);
        Assert.Equal([new StageSlot(0, after)], server.Worker.Last<SfuCommand.SetStage>().Slots);
    }

    [Fact]
    public async Task More_tracks_on_the_same_connection_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await AnswerAsync(host, "media.publish", Offers.Publish(video: false));

        Assert.Equal(-32602, await host.RefusalCodeAsync("media.publish", Offer(Offers.Publish())));
    }

    [Fact]
    public async Task A_publisher_that_ends_by_itself_switches_the_devices_off()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");
        await AnswerAsync(host, "media.publish", Offers.Publish());
        await viewer.EventAsync("seat.changed");

        server.Worker.Say(new SfuEvent.TransportClosed(
            server.Worker.Last<SfuCommand.OpenPublisher>().Id, TransportCloseReason.ConsentExpired));

        Assert.Equal("off", (await viewer.EventAsync("seat.changed"))["seats"]![0]!["camera"]!.GetValue<string>());
        await host.CallAsync("session.ping");
        Assert.Empty(server.Worker.Last<SfuCommand.SetStage>().Slots);
    }

    [Fact]
    public async Task Leaving_ends_the_transports_and_ending_the_room_ends_all_and_the_stage()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await AnswerAsync(host, "media.publish", Offers.Publish());
        await AnswerAsync(host, "media.subscribe", Offers.Subscribe());
        await using var viewer = await server.OpenAsync("vera");
        await viewer.CallAsync("room.join", Offer(Offers.Subscribe("vera")));
        var ofViewer = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        await viewer.CallAsync("room.leave", new() { ["roomId"] = "lobby" });
        Assert.Equal(ofViewer, server.Worker.Last<SfuCommand.CloseTransport>().Id);

        await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });
        Assert.Equal(3, server.Worker.Commands.OfType<SfuCommand.CloseTransport>().Count());
        Assert.IsType<SfuCommand.CloseStage>(server.Worker.Commands.Last());
    }

    [Fact]
    public async Task A_worker_that_takes_nothing_more_refuses_the_offer_and_the_room_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        server.Worker.IsFull = true;

        Assert.Equal(1006, await host.RefusalCodeAsync("media.publish", Offer(Offers.Publish())));

        server.Worker.IsFull = false;
        await AnswerAsync(host, "media.publish", Offers.Publish());
        Assert.Single(server.Worker.Last<SfuCommand.SetStage>().Slots);
    }

    private static JsonObject Offer(string offer) => new() { ["roomId"] = "lobby", ["offer"] = offer };

    private static async Task<string> AnswerAsync(TestClient client, string method, string offer) =>
        (await client.CallAsync(method, Offer(offer)))["answer"]!.GetValue<string>();

    private static string LinesOf(string sdp, string start) =>
        string.Join('\n', sdp.Split("\r\n").Where(line => line.StartsWith(start, StringComparison.Ordinal)));
}

using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Media;
using Dais.Sfu;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Media;

/// <summary>What a client has opened for a room before it joins.</summary>
public sealed class PreparationTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Joining_after_preparing_shows_the_stage_by_what_was_prepared()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");

        string answer = await PrepareAsync(viewer);
        var opened = server.Worker.Last<SfuCommand.OpenSubscriber>();
        Assert.Contains($"a=ice-ufrag:{opened.Transport.LocalIce.UsernameFragment}", answer, StringComparison.Ordinal);
        Assert.Null(opened.Stage);
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());

        var joined = await viewer.CallAsync("room.join", Room());

        Assert.True(joined["prepared"]!.GetValue<bool>());
        Assert.False(joined.ContainsKey("answer"));
        var watched = server.Worker.Last<SfuCommand.Watch>();
        await host.CallAsync("media.publish", Offer(Offers.Publish()));
        Assert.Equal((opened.Id, server.Worker.Last<SfuCommand.SetStage>().Stage), (watched.Id, watched.Stage));
        Assert.Single(server.Worker.Commands.OfType<SfuCommand.OpenSubscriber>());
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.CloseTransport>());
        Assert.Equal((0, 1), (Prepared(server).Waiting, Prepared(server).EndedBy(PreparationEnd.Joined)));
    }

    [Fact]
    public async Task A_prepared_transport_is_the_subscription_once_its_client_has_joined()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer, "same");
        var prepared = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;
        await viewer.CallAsync("room.join", Room());

        await viewer.CallAsync("media.subscribe", Offer(Offers.Subscribe("renewed")));
        Assert.Equal(prepared, server.Worker.Last<SfuCommand.RestartIce>().Id);

        await PassAsync(server, Life, host, viewer);
        await viewer.CallAsync("room.leave", Room());
        Assert.Equal(prepared, Assert.Single(server.Worker.Commands.OfType<SfuCommand.CloseTransport>()).Id);
    }

    [Fact]
    public async Task Nobody_in_the_room_hears_of_who_only_prepares()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");

        await PrepareAsync(viewer);

        Assert.Equal(0, (await viewer.CallAsync("room.list"))["rooms"]![0]!["audienceCount"]!.GetValue<int>());
        Assert.Empty((await viewer.CallAsync("presence.whereIs"))["rooms"]!.AsArray());
        await host.CallAsync("session.ping");
        Assert.False(host.TryTakeNotification(out _));
        Assert.Equal(100005, await viewer.RefusalCodeAsync("media.subscribe", Offer(Offers.Subscribe())));
        Assert.Equal(100005, await viewer.RefusalCodeAsync("media.prefer", new() { ["roomId"] = "lobby", ["slots"] = new JsonArray() }));
    }

    [Fact]
    public async Task After_thirty_seconds_it_is_dropped_and_joining_is_as_without()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);
        var prepared = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        await PassAsync(server, Life - TimeSpan.FromMilliseconds(1), host, viewer);
        Assert.Equal(1, Prepared(server).Waiting);
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.IsTrueAsync(() => Prepared(server).EndedBy(PreparationEnd.Expired) == 1);

        var joined = await viewer.CallAsync("room.join", Room());
        Assert.Equal(prepared, server.Worker.Last<SfuCommand.CloseTransport>().Id);
        Assert.False(joined.ContainsKey("prepared"));
        await viewer.CallAsync("media.subscribe", Offer(Offers.Subscribe("cold")));
        Assert.NotEqual(prepared, server.Worker.Last<SfuCommand.OpenSubscriber>().Id);
        Assert.NotNull(server.Worker.Last<SfuCommand.OpenSubscriber>().Stage);
    }

    [Fact]
    public async Task Preparing_again_negotiates_the_same_transport_and_begins_the_time_anew()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer, "old1");
        await PassAsync(server, Life / 2, host, viewer);

        await PrepareAsync(viewer, "new1");
        await PassAsync(server, Life * 0.75, host, viewer);

        Assert.Equal("new1", server.Worker.Last<SfuCommand.RestartIce>().Remote.UsernameFragment);
        Assert.Single(server.Worker.Commands.OfType<SfuCommand.OpenSubscriber>());
        Assert.True((await viewer.CallAsync("room.join", Room()))["prepared"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Another_connection_of_the_browser_takes_the_place_of_the_one_before()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);
        var before = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        await PrepareAsync(viewer, "new1", string.Join(':', Enumerable.Repeat("EF", 32)));

        Assert.Equal(before, server.Worker.Last<SfuCommand.CloseTransport>().Id);
        Assert.Equal(1, Prepared(server).Waiting);
    }

    [Fact]
    public async Task A_third_room_drops_the_one_prepared_first()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.StartRoomAsync("first", "ann");
        await using var second = await server.StartRoomAsync("second", "ben");
        await using var third = await server.StartRoomAsync("third", "cid");
        await using var viewer = await server.OpenAsync("vera");

        await PrepareAsync(viewer, room: "first");
        var oldest = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;
        await PrepareAsync(viewer, room: "second");
        await PrepareAsync(viewer, room: "third");

        await viewer.CallAsync("session.ping");
        Assert.Equal(oldest, Assert.Single(server.Worker.Commands.OfType<SfuCommand.CloseTransport>()).Id);
        Assert.Equal(2, Prepared(server).Waiting);
        Assert.False((await viewer.CallAsync("room.join", Room("first"))).ContainsKey("prepared"));
        Assert.True((await viewer.CallAsync("room.join", Room("second")))["prepared"]!.GetValue<bool>());
        Assert.True((await viewer.CallAsync("room.join", Room("third")))["prepared"]!.GetValue<bool>());
    }

    [Fact]
    public async Task It_ends_with_the_connection_it_was_made_by()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);

        viewer.Drop();
        await Eventually.IsTrueAsync(() => Prepared(server).EndedBy(PreparationEnd.Dropped) == 1);

        var (again, opened) = await server.ResumeAsync(viewer.Session);
        await using var _ = again;
        Assert.True(opened["resumed"]!.GetValue<bool>());
        Assert.False((await again.CallAsync("room.join", Room())).ContainsKey("prepared"));
        Assert.Equal(
            server.Worker.Last<SfuCommand.OpenSubscriber>().Id, server.Worker.Last<SfuCommand.CloseTransport>().Id);
    }

    [Fact]
    public async Task One_that_ended_by_itself_is_no_more()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);

        server.Worker.Say(new SfuEvent.TransportClosed(
            server.Worker.Last<SfuCommand.OpenSubscriber>().Id, TransportCloseReason.ClosedByPeer));
        await Eventually.IsTrueAsync(() => Prepared(server).EndedBy(PreparationEnd.Dropped) == 1);

        Assert.False((await viewer.CallAsync("room.join", Room())).ContainsKey("prepared"));
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());
    }

    [Fact]
    public async Task The_end_of_the_room_ends_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);

        await host.CallAsync("room.end", Room());

        Assert.Equal(
            server.Worker.Last<SfuCommand.OpenSubscriber>().Id, Assert.Single(server.Worker.Commands.OfType<SfuCommand.CloseTransport>()).Id);
        Assert.Equal(0, Prepared(server).Waiting);
        Assert.Equal(100004, await viewer.RefusalCodeAsync("room.join", Room()));
        await using var next = await server.StartRoomAsync("lobby");
        Assert.False((await viewer.CallAsync("room.join", Room())).ContainsKey("prepared"));
    }

    [Fact]
    public async Task Who_is_removed_from_the_room_has_nothing_prepared_for_it_any_more()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var inRoom = await server.JoinRoomAsync("lobby", "vera");
        await using var beside = await server.OpenAsync("vera");
        await PrepareAsync(beside);

        await host.CallAsync("audience.kick", new() { ["roomId"] = "lobby", ["userId"] = "vera" });

        Assert.Equal(4503, await inRoom.Closed);
        Assert.Equal(1, Prepared(server).EndedBy(PreparationEnd.Dropped));
        Assert.Equal(
            server.Worker.Last<SfuCommand.OpenSubscriber>().Id, server.Worker.Last<SfuCommand.CloseTransport>().Id);
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());
    }

    [Fact]
    public async Task Joining_by_another_session_leaves_it_gated_until_its_own_joins()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var beside = await server.OpenAsync("vera");
        await PrepareAsync(beside);

        await using var other = await server.JoinRoomAsync("lobby", "vera");
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());

        Assert.True((await beside.CallAsync("room.join", Room()))["prepared"]!.GetValue<bool>());
        Assert.Equal(4501, await other.Closed);
        Assert.Single(server.Worker.Commands.OfType<SfuCommand.Watch>());
    }

    [Fact]
    public async Task Joining_with_an_offer_of_another_connection_drops_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);
        var prepared = server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        var joined = await viewer.CallAsync("room.join", Offer(Offers.Subscribe("cold")));

        Assert.True(joined.ContainsKey("answer"));
        Assert.False(joined.ContainsKey("prepared"));
        Assert.Equal(prepared, Assert.Single(server.Worker.Commands.OfType<SfuCommand.CloseTransport>()).Id);
        Assert.NotNull(server.Worker.Last<SfuCommand.OpenSubscriber>().Stage);
    }

    [Fact]
    public async Task In_the_room_already_it_is_subscribing()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await PrepareAsync(viewer);

        Assert.NotNull(server.Worker.Last<SfuCommand.OpenSubscriber>().Stage);
        Assert.Equal(0, Prepared(server).Waiting);
    }

    [Fact]
    public async Task What_joining_refuses_preparing_refuses_with_the_same_error()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Limits:RoomsPerConnectionMax"] = "1" });
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");

        Assert.Equal(100004, await viewer.RefusalCodeAsync("media.prepare", Offer(Offers.Subscribe(), "nowhere")));
        var badOffer = await viewer.RefusedAsync("media.prepare", Offer("v=0"));
        Assert.Equal("offer", badOffer["data"]!["field"]!.GetValue<string>());

        await using var stranger = await server.ConnectAsync();
        await stranger.CallAsync("session.open", new()
        {
            ["token"] = server.Tokens.Issue(new AccessToken("sam", "elsewhere", [], server.Time.GetUtcNow().AddHours(1))),
        });
        Assert.Equal(1002, await stranger.RefusalCodeAsync("media.prepare", Offer(Offers.Subscribe())));
        Assert.Equal(1002, await stranger.RefusalCodeAsync("room.join", Room()));

        await using var busy = await server.StartRoomAsync("other", "otto");
        Assert.Equal(1006, await busy.RefusalCodeAsync("media.prepare", Offer(Offers.Subscribe())));
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.OpenSubscriber>());
    }

    [Fact]
    public async Task A_worker_that_takes_nothing_refuses_and_is_told_of_the_join_with_the_next_change()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        server.Worker.IsFull = true;
        Assert.Equal(1006, await viewer.RefusalCodeAsync("media.prepare", Offer(Offers.Subscribe())));
        server.Worker.IsFull = false;
        await PrepareAsync(viewer);

        server.Worker.IsFull = true;
        await viewer.CallAsync("room.join", Room());
        server.Worker.IsFull = false;
        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());
        await using var another = await server.JoinRoomAsync("lobby", "yuri");

        Assert.Equal(server.Worker.Last<SfuCommand.OpenSubscriber>().Id, Assert.Single(server.Worker.Commands.OfType<SfuCommand.Watch>()).Id);
    }

    [Fact]
    public async Task A_refused_join_leaves_what_was_prepared_and_it_stays_gated()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Limits:RoomsPerConnectionMax"] = "1" });
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.OpenAsync("vera");
        await PrepareAsync(viewer);
        await viewer.CallAsync("room.start", Room("own"));

        Assert.Equal(1006, await viewer.RefusalCodeAsync("room.join", Room()));

        Assert.Empty(server.Worker.Commands.OfType<SfuCommand.Watch>());
        Assert.Equal(1, Prepared(server).Waiting);
        await PassAsync(server, Life, host, viewer);
        await Eventually.IsTrueAsync(() => Prepared(server).EndedBy(PreparationEnd.Expired) == 1);
    }

    [Fact]
    public async Task Over_real_UDP_not_one_media_packet_comes_before_the_join_and_the_picture_comes_with_it()
    {
        using var scene = new UdpScene();
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("lobby");
        using var hostSends = await scene.PublishAsync(host, "hostpub", source: 1);
        await hostSends.UntilAsync(peer => peer.Video.NextNumber > 10);
        await using var viewer = await server.OpenAsync("vera");

        using var sees = await scene.SubscribeAsync(offer => PrepareAsync(viewer, offer), "viewersub");
        await sees.UntilAsync(peer => peer.Transport.IsConnected);
        uint sent = 0;
        await hostSends.UntilAsync(peer => (sent = sent == 0 ? peer.Video.NextNumber : sent) + 10 < peer.Video.NextNumber);
        await sees.UntilAsync(peer => peer.Video(0).Packets.Count == 0 && peer.Audio(0).Packets.Count == 0);
        Assert.Equal(0, sees.Peer.UnannouncedPackets);

        Assert.True((await viewer.CallAsync("room.join", Room()))["prepared"]!.GetValue<bool>());
        await sees.UntilAsync(peer => UdpScene.Sees(peer, 0, source: 1));
        await sees.UntilAsync(peer => peer.Video(0).Packets[0].Content.IsKeyframe);

        static async Task<string> PrepareAsync(TestClient client, string offer) =>
            (await client.CallAsync("media.prepare", Offer(offer)))["answer"]!.GetValue<string>();
    }

    /// <summary>Lets time pass, while the clients show that they are there.</summary>
    private static async Task PassAsync(TestServer server, TimeSpan duration, params TestClient[] clients)
    {
        var step = TimeSpan.FromSeconds(10);
        for (var left = duration; left > TimeSpan.Zero; left -= step)
        {
            server.Time.Advance(left < step ? left : step);
            foreach (var client in clients)
            {
                await client.CallAsync("session.ping");
            }
        }
    }

    private static PreparedTransports Prepared(TestServer server) => server.Parts.GetRequiredService<MediaPlane>().Prepared;

    private static async Task<string> PrepareAsync(TestClient client, string ufrag = "sub1", string? fingerprint = null, string room = "lobby") =>
        (await client.CallAsync("media.prepare", Offer(Offers.Subscribe(ufrag, fingerprint), room)))["answer"]!.GetValue<string>();

    private static JsonObject Room(string room = "lobby") => new() { ["roomId"] = room };

    private static JsonObject Offer(string offer, string room = "lobby") => new() { ["roomId"] = room, ["offer"] = offer };
}

using System.Net;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Server.Access;
using Dais.Server.Tests.Media;
using Dais.Sfu;

namespace Dais.Server.Tests.Whip;

public sealed class WhipPublishingTests
{
    [Theory]
    [InlineData("chromium-publish")]
    [InlineData("firefox-publish")]
    [InlineData("chromium-simulcast-publish")]
    [InlineData("libdatachannel-publish")]
    public async Task A_host_goes_live_with_the_offer_of_a_real_browser(string offer)
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        string token = scene.TokenOf("hana", AccessRole.Host, "lobby");

        var created = (await scene.PostAsync("/whip/lobby", token, WhipScene.OfferOf(offer))).Is(HttpStatusCode.Created);

        Assert.Equal("application/sdp", created.MediaType);
        Assert.StartsWith("/whip/lobby/", created.Location, StringComparison.Ordinal);
        Assert.Contains("a=ice-lite", created.Text, StringComparison.Ordinal);
        Assert.Contains("a=recvonly", created.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a=sendonly", created.Text, StringComparison.Ordinal);
        Assert.Equal(["application/trickle-ice-sdpfrag"], created.Values("Accept-Patch"));
        Assert.Matches("^\"[A-Za-z0-9]{8}\"$", created.EntityTag);
        Assert.Contains("Location", created.Values("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        await scene.Server.InRoomAsync("lobby", room =>
        {
            Assert.Equal(("hana", RoomPhase.Live, 0), (room.State.Owner.Id.Value, room.State.Phase, room.State.SeatOf(new UserId("hana"))!.Index));
            var entry = Assert.Single(room.State.Stage);
            Assert.Equal((DeviceState.On, DeviceState.On), (entry.Microphone, entry.Camera));
        });
        var stage = Assert.Single(scene.Server.Worker.Last<SfuCommand.SetStage>().Slots);
        Assert.Equal(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id, stage.Publisher);
    }

    [Fact]
    public async Task Stun_and_turn_servers_are_told_by_links()
    {
        await using var scene = await WhipScene.StartAsync(new()
        {
            ["Dais:IceServers:0:Url"] = "stun:stun.example.org",
            ["Dais:IceServers:1:Url"] = "turn:turn.example.org?transport=udp",
            ["Dais:IceServers:1:Username"] = "us\"er",
            ["Dais:IceServers:1:Credential"] = "pass",
        });

        var created = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        Assert.Equal(
            [
                "<stun:stun.example.org>; rel=\"ice-server\"",
                "<turn:turn.example.org?transport=udp>; rel=\"ice-server\"; username=\"us\\\"er\"; credential=\"pass\"; credential-type=\"password\"",
            ],
            created.Values("Link"));
    }

    [Fact]
    public async Task Where_a_secret_is_shared_with_a_turn_server_the_link_has_credentials_of_the_caller()
    {
        await using var scene = await WhipScene.StartAsync(new()
        {
            ["Dais:IceServers:0:Url"] = "turn:turn.example.org",
            ["Dais:IceServers:0:Secret"] = "shared with coturn",
        });

        var created = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        Assert.Matches(
            "^<turn:turn.example.org>; rel=\"ice-server\"; username=\"[0-9]+:hana\"; credential=\"[A-Za-z0-9+/]{27}=\"; credential-type=\"password\"$",
            Assert.Single(created.Values("Link")));
    }

    [Fact]
    public async Task The_room_waits_for_a_host_who_ended_the_session_and_goes_on_with_the_next()
    {
        await using var scene = await WhipScene.StartAsync();
        var first = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        await using var viewer = await scene.Server.JoinRoomAsync("lobby", "vera");

        (await scene.DeleteAsync(first.Location)).Is(HttpStatusCode.OK);

        Assert.Equal("hostAway", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        (await scene.DeleteAsync(first.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        Assert.Contains(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id, scene.Server.Worker.Commands.OfType<SfuCommand.CloseTransport>().Select(close => close.Id));
        scene.Server.Time.Advance(TimeSpan.FromSeconds(20));
        (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        Assert.Equal("live", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_host_who_does_not_come_back_ends_the_room()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);

        scene.Server.Time.Advance(TimeSpan.FromSeconds(60));

        await scene.UntilOverAsync("lobby");
    }

    [Theory]
    [InlineData(TransportCloseReason.ConsentExpired)]
    [InlineData(TransportCloseReason.ConnectTimeout)]
    [InlineData(TransportCloseReason.ClosedByPeer)]
    public async Task The_end_of_the_transport_is_the_end_of_the_session(TransportCloseReason reason)
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        await using var viewer = await scene.Server.JoinRoomAsync("lobby", "vera");

        scene.Server.Worker.Say(new SfuEvent.TransportClosed(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id, reason));

        Assert.Equal("hostAway", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        (await scene.DeleteAsync(session.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(DeviceState.Off, room.State.MemberOf(new UserId("hana"))!.Camera));
    }

    [Fact]
    public async Task The_host_publishes_by_whip_while_the_studio_stays_open()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var studio = await scene.Server.StartRoomAsync("lobby");
        await studio.CallAsync("media.publish", new() { ["roomId"] = "lobby", ["offer"] = Offers.Publish("browser1") });
        var browser = scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id;

        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        Assert.Contains(browser, scene.Server.Worker.Commands.OfType<SfuCommand.CloseTransport>().Select(close => close.Id));
        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);
        await scene.Server.InRoomAsync("lobby", room =>
        {
            Assert.Equal((RoomPhase.Live, DeviceState.Off), (room.State.Phase, room.State.MemberOf(new UserId("hana"))!.Camera));
            Assert.True(room.SessionOf(new UserId("hana"))!.HasSignaling);
        });
        Assert.False(studio.Closed.IsCompleted);
    }

    [Fact]
    public async Task The_studio_comes_later_or_goes_and_whip_goes_on()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        await using var viewer = await scene.Server.JoinRoomAsync("lobby", "vera");
        var studio = await scene.Server.JoinRoomAsync("lobby", "hana");
        await scene.Server.InRoomAsync("lobby", room => Assert.True(room.SessionOf(new UserId("hana"))!.HasSignaling));

        // The tab is closed: whoever publishes still is still here.
        await studio.CloseAsync(1001);
        await studio.Closed;
        await studio.DisposeAsync();
        await Eventually.IsTrueAsync(() => !IsHeldBySignaling(scene));
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(RoomPhase.Live, room.State.Phase));

        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);
        Assert.Equal("hostAway", (await viewer.EventAsync("room.phase"))["phase"]!.GetValue<string>());
        Assert.DoesNotContain("audience.left", viewer.Received);
    }

    [Fact]
    public async Task A_newer_session_of_the_same_user_ends_the_older()
    {
        await using var scene = await WhipScene.StartAsync();
        var older = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        var newer = (await scene.PostAsync("/whip/lobby?userId=hana", offer: Offers.Publish("pub2"))).Is(HttpStatusCode.Created);

        (await scene.DeleteAsync(older.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");

        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(RoomPhase.Live, room.State.Phase));
        (await scene.DeleteAsync(newer.Location)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_users_room_is_not_hosted_by_a_host_token()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Host))).Is(HttpStatusCode.Created);

        (await scene.PostAsync("/whip/lobby", scene.TokenOf("otto", AccessRole.Host))).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Audience))).Refused(HttpStatusCode.Forbidden, "noPermission");
        await scene.Server.InRoomAsync("lobby", room => Assert.Null(room.State.MemberOf(new UserId("otto"))));
    }

    [Fact]
    public async Task A_guest_publishes_into_the_seat_they_hold_and_keeps_it()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var guest = await scene.Server.JoinRoomAsync("lobby", "gus");
        (await scene.PostAsync("/whip/lobby?userId=gus")).Refused(HttpStatusCode.Forbidden, "noPermission");
        await guest.CallAsync("seat.apply", new() { ["roomId"] = "lobby" });
        await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "lobby", ["userId"] = "gus" });

        var session = (await scene.PostAsync("/whip/lobby?userId=gus")).Is(HttpStatusCode.Created);

        await CameraAsync(host, "gus", "on");
        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);
        await CameraAsync(host, "gus", "off");
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(1, room.State.SeatOf(new UserId("gus"))!.Index));
    }

    [Fact]
    public async Task Whoever_loses_the_room_loses_the_session()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        var session = (await scene.PostAsync("/whip/lobby?userId=gus&seat=any")).Is(HttpStatusCode.Created);

        await host.CallAsync("audience.kick", new() { ["roomId"] = "lobby", ["userId"] = "gus" });

        (await scene.DeleteAsync(session.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        Assert.Contains(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id, scene.Server.Worker.Commands.OfType<SfuCommand.CloseTransport>().Select(close => close.Id));
    }

    [Fact]
    public async Task A_seat_is_taken_where_the_room_lets_everybody_sit_down()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free", ["maxSeats"] = 2 });

        (await scene.PostAsync("/whip/lobby?userId=gus&seat=7")).Refused(HttpStatusCode.NotFound, "noSuchSeat", "seat");
        (await scene.PostAsync("/whip/lobby?userId=gus&seat=0")).Refused(HttpStatusCode.Conflict, "seatOccupied");
        (await scene.PostAsync("/whip/lobby?userId=gus&seat=any")).Is(HttpStatusCode.Created);
        (await scene.PostAsync("/whip/lobby?userId=gia&seat=any")).Refused(HttpStatusCode.Conflict, "allSeatsOccupied");

        await scene.Server.InRoomAsync("lobby", room =>
        {
            Assert.Equal(1, room.State.SeatOf(new UserId("gus"))!.Index);

            // Who was refused was never here.
            Assert.Equal(2, room.State.JoinCount);
        });
        await host.CallAsync("seat.lock", new() { ["roomId"] = "lobby", ["seatIndex"] = 1 });
        await host.CallAsync("seat.kick", new() { ["roomId"] = "lobby", ["userId"] = "gus" });
        (await scene.PostAsync("/whip/lobby?userId=gia&seat=1")).Refused(HttpStatusCode.Conflict, "seatLocked");
    }

    [Fact]
    public async Task In_a_room_where_seats_are_applied_for_the_query_takes_none()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.PostAsync("/whip/lobby?userId=gus&seat=any")).Refused(HttpStatusCode.Forbidden, "noPermission");
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(1, room.State.JoinCount));
    }

    [Fact]
    public async Task The_end_of_the_room_is_the_end_of_the_session()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        await using var studio = await scene.Server.JoinRoomAsync("lobby", "hana");

        await studio.CallAsync("room.end", new() { ["roomId"] = "lobby" });

        (await scene.DeleteAsync(session.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
    }

    private static bool IsHeldBySignaling(WhipScene scene)
    {
        bool isHeld = true;
        scene.Server.InRoomAsync("lobby", room => isHeld = room.SessionOf(new UserId("hana"))?.HasSignaling == true).Wait(TestContext.Current.CancellationToken);
        return isHeld;
    }

    private static async Task CameraAsync(TestClient client, string user, string state) =>
        await client.EventWhereAsync("stage.changed", data => data["stage"]!.AsArray().Any(entry =>
            entry!["user"]!["userId"]!.GetValue<string>() == user && entry["camera"]!.GetValue<string>() == state));
}

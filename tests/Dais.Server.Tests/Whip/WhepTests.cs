using System.Net;
using Dais.Rooms;
using Dais.Server.Access;
using Dais.Server.Tests.Media;
using Dais.Sfu;

namespace Dais.Server.Tests.Whip;

public sealed class WhepTests
{
    [Theory]
    [InlineData("chromium-subscribe", HttpStatusCode.Created)]
    [InlineData("firefox-subscribe", HttpStatusCode.Created)]
    [InlineData("chromium-subscribe-ten-slots", HttpStatusCode.UnprocessableEntity)]
    public async Task A_real_browsers_offer_is_answered_as_a_whole_or_not_at_all(string offer, HttpStatusCode status)
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.PostAsync("/whep/lobby", offer: WhipScene.OfferOf(offer))).Is(status);
    }

    [Fact]
    public async Task A_viewer_sees_the_host_on_one_slot_and_is_announced_as_any_other()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Host))).Is(HttpStatusCode.Created);
        var camera = scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id;

        var session = (await scene.PostAsync("/whep/lobby", scene.TokenOf("vera", AccessRole.Audience))).Is(HttpStatusCode.Created);

        Assert.StartsWith("/whep/lobby/", session.Location, StringComparison.Ordinal);
        Assert.Contains("a=sendonly", session.Text, StringComparison.Ordinal);
        var opened = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>();
        Assert.Single(opened.Slots);
        var view = StageOf(scene, opened.Stage!.Value);
        Assert.Equal((0, camera), (Assert.Single(view.Slots).Slot, view.Slots[0].Publisher));
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(["vera"], room.State.Audience(9).Select(member => member.User.Id.Value)));

        (await scene.DeleteAsync(session.Location, scene.TokenOf("vera", AccessRole.Audience))).Is(HttpStatusCode.OK);
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(0, room.State.AudienceCount));
        Assert.Equal(opened.Stage, scene.Server.Worker.Last<SfuCommand.CloseStage>().Stage);
    }

    [Fact]
    public async Task Joins_and_leaves_are_told_to_everybody()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        var session = (await scene.PostAsync("/whep/lobby?userId=vera&userName=Vera")).Is(HttpStatusCode.Created);

        var joined = (await host.EventAsync("audience.joined"))["user"]!;
        Assert.Equal(("vera", "Vera"), (joined["userId"]!.GetValue<string>(), joined["userName"]!.GetValue<string>()));
        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);
        Assert.Equal("left", (await host.EventAsync("audience.left"))["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_viewer_whose_transport_is_lost_leaves_after_the_grace_and_one_who_hangs_up_at_once()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);
        var lost = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Id;
        (await scene.PostAsync("/whep/lobby?userId=vic")).Is(HttpStatusCode.Created);
        var closed = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Id;

        scene.Server.Worker.Say(new SfuEvent.TransportClosed(closed, TransportCloseReason.ClosedByPeer));
        var first = await host.EventAsync("audience.left");
        scene.Server.Worker.Say(new SfuEvent.TransportClosed(lost, TransportCloseReason.ConsentExpired));
        await scene.Server.UntilAwayAsync("lobby", "vera");
        scene.Server.Time.Advance(TimeSpan.FromSeconds(10));
        var second = await host.EventAsync("audience.left");

        Assert.Equal(
            [("vic", "left"), ("vera", "connectionLost")],
            new[] { first, second }.Select(left => (left["user"]!["userId"]!.GetValue<string>(), left["reason"]!.GetValue<string>())));
    }

    [Fact]
    public async Task A_viewer_who_comes_back_within_the_grace_never_left()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);
        scene.Server.Worker.Say(new SfuEvent.TransportClosed(scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Id, TransportCloseReason.ConsentExpired));
        await scene.Server.UntilAwayAsync("lobby", "vera");

        (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);
        scene.Server.Time.Advance(TimeSpan.FromSeconds(30));

        await scene.Server.InRoomAsync("lobby", room => Assert.Equal((1, 2), (room.State.AudienceCount, room.State.JoinCount)));
        Assert.DoesNotContain("audience.left", host.Received);
    }

    [Fact]
    public async Task A_token_without_a_user_makes_each_session_a_viewer_of_its_own_and_is_good_for_nothing_else()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Host))).Is(HttpStatusCode.Created);
        string link = Nobody(scene, "lobby");

        (await scene.PostAsync("/whep/lobby", link)).Is(HttpStatusCode.Created);
        var second = (await scene.PostAsync("/whep/lobby", link)).Is(HttpStatusCode.Created);

        await scene.Server.InRoomAsync("lobby", room =>
        {
            Assert.Equal(2, room.State.AudienceCount);
            Assert.All(room.State.Audience(9), member => Assert.Matches("^viewer-[A-Za-z0-9]{16}$", member.User.Id.Value));
        });
        (await scene.DeleteAsync(second.Location, link)).Is(HttpStatusCode.OK);
        (await scene.PostAsync("/whip/lobby", link)).Refused(HttpStatusCode.Unauthorized, "badToken");
        (await scene.PostAsync("/whep/other", link)).Refused(HttpStatusCode.Forbidden, "noPermission");
        await using var client = await scene.Server.ConnectAsync();
        Assert.Equal(1002, await client.RefusalCodeAsync("session.open", new() { ["token"] = link }));
    }

    [Fact]
    public async Task A_user_may_watch_by_several_players_and_is_one_member()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        var first = (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);
        var second = (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);

        (await scene.DeleteAsync(first.Location)).Is(HttpStatusCode.OK);
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(1, room.State.AudienceCount));
        (await scene.DeleteAsync(second.Location)).Is(HttpStatusCode.OK);
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal((0, 2), (room.State.AudienceCount, room.State.JoinCount)));
    }

    [Fact]
    public async Task The_players_of_one_user_are_bounded()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        for (int player = 0; player < 16; player++)
        {
            (await scene.PostAsync("/whep/lobby?userId=vera")).Is(HttpStatusCode.Created);
        }

        (await scene.PostAsync("/whep/lobby?userId=vera")).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(1, room.State.AudienceCount));
    }

    [Fact]
    public async Task The_host_who_watches_the_live_sees_their_own_picture_and_stays_its_host()
    {
        await using var scene = await WhipScene.StartAsync();
        (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        var monitor = (await scene.PostAsync("/whep/lobby?userId=hana")).Is(HttpStatusCode.Created);

        var opened = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>();
        Assert.Single(StageOf(scene, opened.Stage!.Value).Slots);
        Assert.NotEqual(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Participant, opened.Participant);
        (await scene.DeleteAsync(monitor.Location)).Is(HttpStatusCode.OK);
        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(RoomPhase.Live, room.State.Phase));
    }

    [Fact]
    public async Task A_seat_is_watched_whoever_sits_there()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free" });
        (await scene.PostAsync("/whep/lobby?seat=2")).Is(HttpStatusCode.Created);
        var stage = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Stage!.Value;
        Assert.Empty(StageOf(scene, stage).Slots);

        (await scene.PostAsync("/whip/lobby?userId=gus&seat=2")).Is(HttpStatusCode.Created);
        var gus = scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id;
        Assert.Equal((0, gus), (StageOf(scene, stage).Slots.Single().Slot, StageOf(scene, stage).Slots.Single().Publisher));

        await host.CallAsync("seat.kick", new() { ["roomId"] = "lobby", ["userId"] = "gus" });
        Assert.Empty(StageOf(scene, stage).Slots);
        (await scene.PostAsync("/whip/lobby?userId=gia&seat=2", offer: Offers.Publish("pub2"))).Is(HttpStatusCode.Created);
        Assert.Single(StageOf(scene, stage).Slots);
    }

    [Fact]
    public async Task While_the_host_is_on_no_seat_the_first_on_stage_is_seen()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby", settings: new() { ["seatMode"] = "free", ["keepOwnerOnSeat"] = false });
        (await scene.PostAsync("/whip/lobby?userId=gus&seat=3")).Is(HttpStatusCode.Created);
        var gus = scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id;
        (await scene.PostAsync("/whep/lobby")).Is(HttpStatusCode.Created);
        var stage = scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Stage!.Value;
        Assert.Equal(gus, StageOf(scene, stage).Slots.Single().Publisher);

        (await scene.PostAsync("/whip/lobby?userId=hana", offer: Offers.Publish("pub2"))).Is(HttpStatusCode.Created);

        Assert.Equal(scene.Server.Worker.Last<SfuCommand.OpenPublisher>().Id, StageOf(scene, stage).Slots.Single().Publisher);
    }

    [Fact]
    public async Task A_session_is_spoken_for_by_its_own_user_only()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        string token = scene.TokenOf("hana", AccessRole.Host, seconds: 60);
        var session = (await scene.PostAsync("/whip/lobby", token)).Is(HttpStatusCode.Created);

        (await scene.DeleteAsync(session.Location)).Refused(HttpStatusCode.Unauthorized, "badToken");
        (await scene.DeleteAsync(session.Location, scene.TokenOf("otto", AccessRole.Host))).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.DeleteAsync(session.Location, scene.TokenOf("hana", AccessRole.Host, room: "other"))).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.DeleteAsync(session.Location.Replace("/whip/", "/whep/", StringComparison.Ordinal), token))
            .Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");

        // A live may be longer than its token.
        scene.Server.Time.Advance(TimeSpan.FromMinutes(2));
        (await scene.DeleteAsync(session.Location, token)).Is(HttpStatusCode.OK);
    }

    private static SfuCommand.SetStage StageOf(WhipScene scene, StageId stage) =>
        scene.Server.Worker.Commands.OfType<SfuCommand.SetStage>().Last(set => set.Stage == stage);

    /// <summary>A token that says nobody; whoever hosts gives it to anybody who may watch.</summary>
    private static string Nobody(WhipScene scene, string room)
    {
        static string Encode(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
        string signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(
            $$"""{"room":"{{room}}","roles":["host"],"exp":{{scene.Server.Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}}}""")}";
        byte[] tag = System.Security.Cryptography.HMACSHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(TestServer.Secret), System.Text.Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(tag)}";
    }
}

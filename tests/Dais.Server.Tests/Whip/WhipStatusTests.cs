using System.Net;
using Dais.Server.Access;
using Dais.Server.Tests.Media;

namespace Dais.Server.Tests.Whip;

/// <summary>Every way in which a call can be refused, and what looks at nothing.</summary>
public sealed class WhipStatusTests
{
    [Theory]
    [InlineData("/whip/lobby", "text/plain")]
    [InlineData("/whep/lobby", "application/json")]
    public async Task An_offer_of_another_media_type_is_refused_with_415(string path, string mediaType)
    {
        await using var scene = await WhipScene.StartAsync();

        (await scene.PostAsync(path + "?userId=hana", mediaType: mediaType)).Refused(HttpStatusCode.UnsupportedMediaType, "sdpExpected");
    }

    [Fact]
    public async Task A_client_that_takes_no_sdp_is_refused_with_406()
    {
        await using var scene = await WhipScene.StartAsync();

        foreach (string accept in new[] { "application/json", "text/*, application/json", "application/sdp;q=0" })
        {
            (await scene.PostAsync("/whip/lobby?userId=hana", accept: accept)).Refused(HttpStatusCode.NotAcceptable, "notAcceptable");
        }

        foreach (string accept in new[] { "*/*", "application/*", "application/sdp, text/plain", "not a list at all;;" })
        {
            (await scene.PostAsync("/whip/lobby?userId=hana", accept: accept)).Is(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Without_a_token_or_with_a_bad_one_the_answer_is_401_and_says_how()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");
        string forged = new AccessTokenIssuer("test", "a secret this server does not know").Issue(
            new AccessToken("hana", "*", [AccessRole.Host], scene.Server.Time.GetUtcNow().AddHours(1)));

        foreach (string path in new[] { "/whip/lobby", "/whip/lobby?userId=hana", "/whep/lobby", "/whep/lobby?userId=vera" })
        {
            var without = await scene.PostAsync(path);
            without.Refused(HttpStatusCode.Unauthorized, "badToken");
            Assert.Equal("Bearer", without.Headers.WwwAuthenticate.ToString());
            var bad = await scene.PostAsync(path, forged);
            bad.Refused(HttpStatusCode.Unauthorized, "badToken");
            Assert.Equal("Bearer error=\"invalid_token\"", bad.Headers.WwwAuthenticate.ToString());
        }

        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Host, seconds: -1)))
            .Refused(HttpStatusCode.Unauthorized, "tokenExpired");
    }

    [Fact]
    public async Task In_development_mode_a_publisher_says_who_it_is_and_any_token_will_do()
    {
        await using var scene = await WhipScene.StartAsync();

        (await scene.PostAsync("/whip/lobby")).Refused(HttpStatusCode.Unauthorized, "badToken");
        (await scene.PostAsync("/whip/lobby", "anything")).Refused(HttpStatusCode.Unauthorized, "badToken");
        (await scene.PostAsync("/whip/lobby?userId=hana", "anything")).Is(HttpStatusCode.Created);
        (await scene.PostAsync("/whep/lobby", "anything")).Refused(HttpStatusCode.Unauthorized, "badToken");
    }

    [Fact]
    public async Task A_token_of_another_room_is_refused_with_403()
    {
        await using var scene = await WhipScene.StartAsync();
        string token = scene.TokenOf("hana", AccessRole.Host, room: "other");

        (await scene.PostAsync("/whip/lobby", token)).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.PostAsync("/whep/lobby", token)).Refused(HttpStatusCode.Forbidden, "noPermission");
    }

    [Fact]
    public async Task Where_there_is_no_room_the_answer_is_404_unless_the_token_lets_its_user_host()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");

        (await scene.PostAsync("/whip/lobby", scene.TokenOf("gus", AccessRole.Audience))).Refused(HttpStatusCode.NotFound, "roomNotFound");
        (await scene.PostAsync("/whep/lobby", scene.TokenOf("hana", AccessRole.Host))).Refused(HttpStatusCode.NotFound, "roomNotFound");
        (await scene.PostAsync("/whip/lobby", scene.TokenOf("hana", AccessRole.Host))).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_room_id_or_seat_that_cannot_be_is_refused_with_400()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");

        (await scene.PostAsync($"/whip/{new string('x', 49)}?userId=hana")).Refused(HttpStatusCode.BadRequest, "invalidParams", "roomId");
        (await scene.PostAsync("/whip/caf%C3%A9?userId=hana")).Refused(HttpStatusCode.BadRequest, "invalidParams", "roomId");
        (await scene.PostAsync($"/whip/lobby?userId={new string('x', 65)}")).Refused(HttpStatusCode.BadRequest, "invalidParams", "userId");
        foreach (string seat in new[] { "-1", "100", "first" })
        {
            (await scene.PostAsync($"/whip/lobby?userId=gus&seat={seat}")).Refused(HttpStatusCode.BadRequest, "invalidParams", "seat");
        }

        (await scene.PostAsync("/whep/lobby?seat=any")).Refused(HttpStatusCode.BadRequest, "invalidParams", "seat");
        (await scene.PostAsync("/whep/lobby?seat=50")).Refused(HttpStatusCode.NotFound, "noSuchSeat", "seat");
    }

    [Fact]
    public async Task An_offer_that_is_no_sdp_is_refused_with_400_and_one_that_cannot_be_answered_whole_with_422()
    {
        await using var scene = await WhipScene.StartAsync();
        string twoCameras = Offers.Subscribe(slots: 2).Replace("recvonly", "sendonly", StringComparison.Ordinal)
            .Replace("a=rtpmap", "a=ssrc:1 cname:x\r\na=rtpmap", StringComparison.Ordinal);

        foreach (string offer in new[] { "", "v=1\r\n", "nothing of the kind" })
        {
            (await scene.PostAsync("/whip/lobby?userId=hana", offer: offer)).Refused(HttpStatusCode.BadRequest, "invalidParams", "offer");
        }

        foreach (string offer in new[]
        {
            Offers.Subscribe(),
            twoCameras,
            Offers.Publish().Replace("VP8", "THEORA", StringComparison.Ordinal),
            Offers.Publish().Replace("a=setup:actpass", "a=setup:passive", StringComparison.Ordinal),
            Offers.Publish().Replace("a=ice-ufrag:pub1\r\n", "", StringComparison.Ordinal),
        })
        {
            (await scene.PostAsync("/whip/lobby?userId=hana", offer: offer)).Refused(HttpStatusCode.UnprocessableEntity, "offerNotUsable", "offer");
        }

        await scene.UntilOverAsync("lobby");
        await using var host = await scene.Server.StartRoomAsync("lobby");
        foreach (string offer in new[] { Offers.Publish(), Offers.Subscribe(slots: 2) })
        {
            (await scene.PostAsync("/whep/lobby", offer: offer)).Refused(HttpStatusCode.UnprocessableEntity, "offerNotUsable", "offer");
        }
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_with_413()
    {
        await using var scene = await WhipScene.StartAsync(new() { ["Dais:Limits:MessageBytes"] = "8192" });
        var created = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        (await scene.PostAsync("/whip/lobby?userId=hana", offer: Offers.Publish() + new string('x', 8_192)))
            .Refused(HttpStatusCode.RequestEntityTooLarge, "tooLarge");
        (await scene.PatchAsync(created.Location, new string('x', 20_000), "*")).Refused(HttpStatusCode.RequestEntityTooLarge, "tooLarge");
    }

    [Fact]
    public async Task Other_methods_are_refused_with_405_and_addresses_that_do_not_exist_with_404()
    {
        await using var scene = await WhipScene.StartAsync();

        foreach (string path in new[] { "/whip/lobby", "/whep/lobby" })
        {
            var wrong = (await scene.SendAsync(HttpMethod.Put, path, body: "x")).Refused(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
            Assert.Contains("POST", wrong.Allow, StringComparison.Ordinal);
            (await scene.SendAsync(HttpMethod.Patch, path, body: "x")).Refused(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
            (await scene.SendAsync(HttpMethod.Post, path + "/some-session", body: "x")).Refused(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
            (await scene.SendAsync(HttpMethod.Get, path + "/a/b")).Refused(HttpStatusCode.NotFound, "routeNotFound");
            (await scene.DeleteAsync(path + "/some-session")).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
            (await scene.PatchAsync(path + "/some-session", "a=x", "*")).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        }
    }

    [Fact]
    public async Task Rfc9725_4_1_a_look_at_the_address_finds_nothing_and_that_is_no_mistake()
    {
        await using var scene = await WhipScene.StartAsync();
        var created = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        foreach (string path in new[] { "/whip/lobby", "/whep/lobby", created.Location })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                Assert.Equal("", (await scene.SendAsync(method, path)).Is(HttpStatusCode.NoContent).Text);
            }
        }
    }

    [Fact]
    public async Task Rfc9725_4_2_any_page_may_ask_what_it_may_send()
    {
        await using var scene = await WhipScene.StartAsync(environment: "Production");

        foreach (var (path, header, value) in new[]
        {
            ("/whip/lobby", "Accept-Post", "application/sdp"),
            ("/whep/lobby", "Accept-Post", "application/sdp"),
            ("/whip/lobby/some-session", "Accept-Patch", "application/trickle-ice-sdpfrag"),
        })
        {
            var options = (await scene.SendAsync(HttpMethod.Options, path)).Is(HttpStatusCode.OK);
            Assert.Equal([value], options.Values(header));
            Assert.Equal(["*"], options.Values("Access-Control-Allow-Origin"));
            Assert.Contains("If-Match", options.Values("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
            Assert.Contains(path.EndsWith("lobby", StringComparison.Ordinal) ? "POST" : "PATCH", options.Values("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Too_many_calls_are_refused_with_429_until_time_has_passed()
    {
        await using var scene = await WhipScene.StartAsync(new() { ["Dais:Limits:RequestsBurst"] = "3", ["Dais:Limits:RequestsPerSecond"] = "1" });
        for (int call = 0; call < 3; call++)
        {
            (await scene.PostAsync("/whip/lobby?userId=hana", mediaType: "text/plain")).Refused(HttpStatusCode.UnsupportedMediaType, "sdpExpected");
        }

        var late = (await scene.PostAsync("/whip/lobby?userId=hana", mediaType: "text/plain")).Refused(HttpStatusCode.TooManyRequests, "rateLimited");
        Assert.NotNull(late.Headers.RetryAfter);

        // Who has shown who they are is not held up by strangers at the same address.
        (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        scene.Server.Time.Advance(TimeSpan.FromSeconds(1));
        (await scene.PostAsync("/whip/lobby?userId=hana", mediaType: "text/plain")).Refused(HttpStatusCode.UnsupportedMediaType, "sdpExpected");
    }

    [Fact]
    public async Task A_node_that_is_full_answers_503()
    {
        await using var scene = await WhipScene.StartAsync(new() { ["Dais:Limits:ConnectionsMax"] = "1" });
        var first = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        var second = (await scene.PostAsync("/whep/lobby")).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");
        Assert.NotNull(second.Headers.RetryAfter);

        (await scene.DeleteAsync(first.Location)).Is(HttpStatusCode.OK);
        (await scene.PostAsync("/whep/lobby")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_worker_that_does_not_keep_up_answers_503_and_leaves_nothing_behind()
    {
        await using var scene = await WhipScene.StartAsync(new() { ["Dais:Limits:ConnectionsMax"] = "2" });
        await using var host = await scene.Server.StartRoomAsync("lobby");
        scene.Server.Worker.IsFull = true;

        for (int attempt = 0; attempt < 3; attempt++)
        {
            (await scene.PostAsync("/whep/lobby")).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");
        }

        await scene.Server.InRoomAsync("lobby", room => Assert.Equal(0, room.State.AudienceCount));
    }
}

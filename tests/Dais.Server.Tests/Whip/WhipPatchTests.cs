using System.Net;
using Dais.Server.Tests.Media;
using Dais.Sfu;

namespace Dais.Server.Tests.Whip;

/// <summary>RFC 9725 §4.3: candidates that come later, and ICE restarts.</summary>
public sealed class WhipPatchTests
{
    private const string Candidate = "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag pub1 network-id 1\r\n";

    private const string Trickle =
        "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:pub1\r\na=ice-pwd:" + Offers.Password + "\r\n"
        + Candidate + "a=end-of-candidates\r\n";

    private static readonly string Restart = Trickle.Replace("pub1", "pub2", StringComparison.Ordinal);

    [Theory]
    [InlineData("/whip/lobby?userId=hana")]
    [InlineData("/whep/lobby")]
    public async Task Candidates_are_taken_with_204_and_no_new_tag(string path)
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        var session = (await scene.PostAsync(path, offer: path.StartsWith("/whip", StringComparison.Ordinal) ? null : Offers.Subscribe("pub1", slots: 1)))
            .Is(HttpStatusCode.Created);

        foreach (string ifMatch in new[] { session.EntityTag, $"\"other\", {session.EntityTag}", "*" })
        {
            var answer = (await scene.PatchAsync(session.Location, Trickle, ifMatch)).Is(HttpStatusCode.NoContent);
            Assert.Null(answer.Headers.ETag);
            Assert.Equal("", answer.Text);
        }

        (await scene.PatchAsync(session.Location, Candidate, session.EntityTag)).Is(HttpStatusCode.NoContent);
        Assert.Empty(scene.Server.Worker.Commands.OfType<SfuCommand.RestartIce>());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"*\"")]
    [InlineData(null)]
    public async Task New_credentials_restart_ice_with_new_ones_and_a_new_tag(string? ifMatch)
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        var opened = scene.Server.Worker.Last<SfuCommand.OpenPublisher>();

        var answer = (await scene.PatchAsync(session.Location, Restart, ifMatch ?? session.EntityTag)).Is(HttpStatusCode.OK);

        var restarted = scene.Server.Worker.Last<SfuCommand.RestartIce>();
        Assert.Equal((opened.Id, "pub2"), (restarted.Id, restarted.Remote.UsernameFragment));
        Assert.NotEqual(opened.Transport.LocalIce.UsernameFragment, restarted.Local.UsernameFragment);
        Assert.Equal("application/trickle-ice-sdpfrag", answer.MediaType);
        Assert.Equal($"\"{restarted.Local.UsernameFragment}\"", answer.EntityTag);
        Assert.NotEqual(session.EntityTag, answer.EntityTag);
        string[] lines = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "a=ice-lite", "a=group:BUNDLE 0 1", lines[2], "a=mid:0", "a=ice-ufrag:" + restarted.Local.UsernameFragment,
                "a=ice-pwd:" + restarted.Local.Password, lines[6], "a=end-of-candidates",
            ],
            lines);
        Assert.StartsWith("m=audio ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("a=candidate:1 1 udp ", lines[6], StringComparison.Ordinal);

        // What belongs to the ICE session before is too late.
        (await scene.PatchAsync(session.Location, Trickle, session.EntityTag)).Refused(HttpStatusCode.PreconditionFailed, "preconditionFailed");
        (await scene.PatchAsync(session.Location, Restart, answer.EntityTag)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_viewer_restarts_ice_too()
    {
        await using var scene = await WhipScene.StartAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        var session = (await scene.PostAsync("/whep/lobby")).Is(HttpStatusCode.Created);

        (await scene.PatchAsync(session.Location, Restart, "*")).Is(HttpStatusCode.OK);
        (await scene.PatchAsync(session.Location, Restart.Replace("pub2", "pub3", StringComparison.Ordinal), "*")).Is(HttpStatusCode.OK);

        Assert.Equal(2, scene.Server.Worker.Commands.OfType<SfuCommand.RestartIce>().Count(each => each.Id == scene.Server.Worker.Last<SfuCommand.OpenSubscriber>().Id));
        (await scene.DeleteAsync(session.Location)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fragment_has_to_name_the_ice_session()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        (await scene.PatchAsync(session.Location, Trickle, null)).Refused(HttpStatusCode.PreconditionRequired, "preconditionRequired");
        (await scene.PatchAsync(session.Location, Restart, null)).Refused(HttpStatusCode.PreconditionRequired, "preconditionRequired");
        (await scene.PatchAsync(session.Location, Trickle, "\"other\"")).Refused(HttpStatusCode.PreconditionFailed, "preconditionFailed");
        (await scene.PatchAsync(session.Location, Restart, "W/" + session.EntityTag)).Refused(HttpStatusCode.PreconditionFailed, "preconditionFailed");
        Assert.Empty(scene.Server.Worker.Commands.OfType<SfuCommand.RestartIce>());
    }

    [Fact]
    public async Task A_fragment_of_another_session_is_refused_and_neither_is_changed()
    {
        await using var scene = await WhipScene.StartAsync();
        var one = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        var other = (await scene.PostAsync("/whip/attic?userId=otto")).Is(HttpStatusCode.Created);

        foreach (string fragment in new[] { Trickle, Restart })
        {
            (await scene.PatchAsync(one.Location, fragment, other.EntityTag)).Refused(HttpStatusCode.PreconditionFailed, "preconditionFailed");
            (await scene.PatchAsync(one.Location.Replace("/lobby/", "/attic/", StringComparison.Ordinal), fragment, "*"))
                .Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        }

        Assert.Empty(scene.Server.Worker.Commands.OfType<SfuCommand.RestartIce>());
        (await scene.DeleteAsync(one.Location)).Is(HttpStatusCode.OK);
        (await scene.DeleteAsync(one.Location)).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        (await scene.PatchAsync(one.Location, Restart, "*")).Refused(HttpStatusCode.NotFound, "mediaSessionNotFound");
        (await scene.PatchAsync(other.Location, Trickle, other.EntityTag)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_is_no_fragment_is_refused_and_the_session_goes_on()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);

        var wrong = await scene.PatchAsync(session.Location, Trickle, "*", mediaType: "application/sdp");
        wrong.Refused(HttpStatusCode.UnsupportedMediaType, "sdpExpected");
        Assert.Equal(["application/trickle-ice-sdpfrag"], wrong.Values("Accept-Patch"));
        foreach (string fragment in new[] { "", "nothing", "a=ice-ufrag:pub2\r\n", "a=ice-ufrag:p\r\na=ice-pwd:short\r\n" })
        {
            (await scene.PatchAsync(session.Location, fragment, "*")).Refused(HttpStatusCode.BadRequest, "invalidParams", "fragment");
        }

        (await scene.PatchAsync(session.Location, Trickle, session.EntityTag)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_restart_the_worker_does_not_take_keeps_the_ice_session()
    {
        await using var scene = await WhipScene.StartAsync();
        var session = (await scene.PostAsync("/whip/lobby?userId=hana")).Is(HttpStatusCode.Created);
        scene.Server.Worker.IsFull = true;

        (await scene.PatchAsync(session.Location, Restart, "*")).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");

        scene.Server.Worker.IsFull = false;
        (await scene.PatchAsync(session.Location, Trickle, session.EntityTag)).Is(HttpStatusCode.NoContent);
        (await scene.PatchAsync(session.Location, Restart, session.EntityTag)).Is(HttpStatusCode.OK);
    }
}

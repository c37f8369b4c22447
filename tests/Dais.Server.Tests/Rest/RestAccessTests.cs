using System.Net;
using Dais.Server.Access;

namespace Dais.Server.Tests.Rest;

public sealed class RestAccessTests
{
    private static readonly HttpMethod[] Methods = [HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete];

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_call_without_a_token_is_refused_in_every_mode(string environment)
    {
        await using var scene = await RestScene.StartAsync(environment: environment);
        scene.Token = null;

        var answer = await scene.GetAsync("/v1/rooms");

        answer.Refused(HttpStatusCode.Unauthorized, "badToken");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_that_is_forged_unsigned_or_no_token_at_all_is_refused()
    {
        await using var scene = await RestScene.StartAsync();
        string good = scene.Token!;
        string forged = new AccessTokenIssuer("test", "a secret this server does not know").Issue(
            new AccessToken("backend", "*", [AccessRole.Server], scene.Server.Time.GetUtcNow().AddHours(1)));
        string unsigned = good[..(good.LastIndexOf('.') + 1)];

        foreach (string token in new[] { forged, unsigned, "", "no.token.atall", good + "x" })
        {
            scene.Token = token;
            (await scene.GetAsync("/v1/rooms")).Refused(HttpStatusCode.Unauthorized, "badToken");
        }
    }

    [Fact]
    public async Task A_token_that_is_over_is_refused_as_that()
    {
        await using var scene = await RestScene.StartAsync();
        scene.Token = scene.TokenOf(AccessRole.Server, seconds: 60);
        (await scene.GetAsync("/v1/rooms")).Is(HttpStatusCode.OK);

        scene.Server.Time.Advance(TimeSpan.FromSeconds(60));

        (await scene.GetAsync("/v1/rooms")).Refused(HttpStatusCode.Unauthorized, "tokenExpired");
    }

    [Theory]
    [InlineData(AccessRole.Audience)]
    [InlineData(AccessRole.Admin)]
    [InlineData(AccessRole.Host)]
    public async Task Only_the_backend_may_call(AccessRole role)
    {
        await using var scene = await RestScene.StartAsync();
        scene.Token = scene.TokenOf(role);

        foreach (string path in new[] { "/v1/rooms", "/v1/rooms/lobby/members", "/v1/connections", "/v1/users/ann/rooms" })
        {
            (await scene.GetAsync(path)).Refused(HttpStatusCode.Forbidden, "noPermission");
        }

        (await scene.PostAsync("/v1/tokens", new System.Text.Json.Nodes.JsonObject { ["userId"] = "ann" }))
            .Refused(HttpStatusCode.Forbidden, "noPermission");
    }

    [Fact]
    public async Task A_token_of_one_room_is_good_for_nothing_else()
    {
        await using var scene = await RestScene.StartOpenAsync();
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await using var other = await scene.Server.StartRoomAsync("other", "otto");
        scene.Token = scene.TokenOf(AccessRole.Server, room: "lobby");

        (await scene.GetAsync("/v1/rooms/lobby")).Is(HttpStatusCode.OK);
        (await scene.GetAsync("/v1/rooms/other")).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.DeleteAsync("/v1/rooms/other")).Refused(HttpStatusCode.Forbidden, "noPermission");
        (await scene.GetAsync("/v1/rooms")).Refused(HttpStatusCode.Forbidden, "noPermission");
    }

    [Fact]
    public async Task What_does_not_exist_is_a_problem_too()
    {
        await using var scene = await RestScene.StartAsync();

        foreach (string path in new[] { "/v1", "/v1/", "/v1/nothing", "/v1/rooms/lobby/nothing", "/v1/rooms/lobby/seats/0/lock/x" })
        {
            (await scene.GetAsync(path)).Refused(HttpStatusCode.NotFound, "routeNotFound");
        }

        var wrong = await scene.PutAsync("/v1/rooms");
        wrong.Refused(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
        Assert.NotEqual("", wrong.Text);
    }

    [Fact]
    public async Task Every_route_wants_a_token()
    {
        await using var scene = await RestScene.StartAsync();
        var document = await scene.GetAsync("/openapi/v1.json");
        scene.Token = null;
        foreach (var (path, item) in document.Json["paths"]!.AsObject())
        {
            foreach (var method in Methods.Where(method => item!.AsObject().ContainsKey(method.Method.ToLowerInvariant())))
            {
                using var content = method == HttpMethod.Post ? new StringContent("{}", null, "application/json") : null;
                var answer = await scene.SendAsync(method, path.Replace("{index}", "0", StringComparison.Ordinal), content);
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.Status));
            }
        }
    }
}

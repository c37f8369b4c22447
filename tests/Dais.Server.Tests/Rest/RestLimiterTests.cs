using System.Net;
using Dais.Server.Access;
using Dais.Server.Rest;

namespace Dais.Server.Tests.Rest;

public sealed class RestLimiterTests
{
    private const int Calls = 60;

    private static readonly Dictionary<string, string?> Few = new()
    {
        ["Dais:Limits:RestPerSecond"] = "1",
        ["Dais:Limits:RestBurst"] = "5",
    };

    [Fact]
    public async Task A_flood_of_one_caller_is_refused_with_when_to_try_again_and_others_are_not()
    {
        await using var scene = await RestScene.StartAsync(Few);

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => scene.GetAsync("/v1/rooms")));

        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.NotEmpty(refused);
        Assert.True(answers.Length - refused.Count >= 5);
        Assert.All(refused, answer =>
        {
            answer.Refused(HttpStatusCode.TooManyRequests, "rateLimited");
            Assert.True(answer.Json["retryable"]!.GetValue<bool>());
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        });
        scene.Token = scene.Server.Tokens.Issue(
            new AccessToken("another backend", "*", [AccessRole.Server], scene.Server.Time.GetUtcNow().AddHours(1)));
        (await scene.GetAsync("/v1/rooms")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_flood_without_a_good_token_takes_nothing_from_those_who_have_one()
    {
        await using var scene = await RestScene.StartAsync(Few);
        string good = scene.Token!;
        scene.Token = good + "x";

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(
            call => scene.GetAsync(call % 2 == 0 ? "/v1/rooms" : "/v1/nothing")));

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Unauthorized);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        scene.Token = good;
        (await scene.GetAsync("/v1/rooms")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refused_call_does_not_use_its_idempotency_key_up()
    {
        await using var scene = await RestScene.StartAsync(Few);
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => scene.GetAsync("/v1/rooms")));
        var body = new System.Text.Json.Nodes.JsonObject { ["userId"] = "ann" };

        RestAnswered answer;
        using var patience = new CancellationTokenSource(TestClient.Patience);
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            answer = await scene.PostAsync("/v1/tokens", body, "key");
        }
        while (answer.Status == HttpStatusCode.TooManyRequests);

        answer.Is(HttpStatusCode.Created);
        Assert.False(answer.Headers.Contains("Idempotent-Replayed"));
    }

    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void Whoever_has_no_good_token_is_an_address_or_a_network_of_version_six(string one, string other, bool isSame)
    {
        var caller = new RestCaller(TokenVerdict.Expired, null);

        Assert.Equal(
            isSame,
            RestLimiter.KeyOf(caller, IPAddress.Parse(one)) == RestLimiter.KeyOf(new RestCaller(null, null), IPAddress.Parse(other)));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Rest;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Rest;

public sealed class IdempotencyTests
{
    private static readonly byte[] OneCall = [1];
    private static readonly byte[] OtherCall = [2];

    private static JsonObject Creation(string roomId) => new() { ["roomId"] = roomId, ["ownerId"] = "hana" };

    [Fact]
    public async Task The_same_call_again_is_answered_as_before_and_not_carried_out()
    {
        await using var scene = await RestScene.StartAsync();
        var first = (await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one")).Is(HttpStatusCode.Created);
        await scene.DeleteAsync("/v1/rooms/lobby");
        scene.Server.Time.Advance(TimeSpan.FromMinutes(50));

        var again = await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one");

        Assert.Equal((first.Status, first.Text, first.MediaType), (again.Status, again.Text, again.MediaType));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        (await scene.GetAsync("/v1/rooms/lobby")).Refused(HttpStatusCode.NotFound, "roomNotFound");
    }

    [Fact]
    public async Task A_refusal_that_is_final_is_repeated_and_one_that_is_not_is_tried_again()
    {
        await using var scene = await RestScene.StartAsync(new() { ["Dais:Limits:RoomsMax"] = "1" });
        await scene.PostAsync("/v1/rooms", Creation("lobby"));
        (await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "final")).Refused(HttpStatusCode.Conflict, "roomIdTaken");
        (await scene.PostAsync("/v1/rooms", Creation("other"), key: "full")).Refused(HttpStatusCode.ServiceUnavailable, "limitReached");
        await scene.DeleteAsync("/v1/rooms/lobby");

        (await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "final")).Refused(HttpStatusCode.Conflict, "roomIdTaken");
        (await scene.PostAsync("/v1/rooms", Creation("other"), key: "full")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_with_another_body_or_at_another_address_is_refused()
    {
        await using var scene = await RestScene.StartAsync();
        await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one");

        (await scene.PostAsync("/v1/rooms", Creation("other"), key: "one"))
            .Refused(HttpStatusCode.UnprocessableEntity, "idempotencyKeyReused");
        (await scene.PostAsync("/v1/tokens", new JsonObject { ["userId"] = "ann" }, key: "one"))
            .Refused(HttpStatusCode.UnprocessableEntity, "idempotencyKeyReused");
        (await scene.GetAsync("/v1/rooms/other")).Refused(HttpStatusCode.NotFound, "roomNotFound");
    }

    [Fact]
    public async Task Two_callers_have_each_their_own_keys()
    {
        await using var scene = await RestScene.StartAsync();
        await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one");
        scene.Token = scene.Server.Tokens.Issue(
            new AccessToken("another backend", "*", [AccessRole.Server], scene.Server.Time.GetUtcNow().AddHours(1)));

        (await scene.PostAsync("/v1/rooms", Creation("other"), key: "one")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task While_the_first_call_is_under_way_the_second_is_told_so()
    {
        await using var scene = await RestScene.StartAsync();
        await scene.PostAsync("/v1/rooms", Creation("lobby"));
        using var letGo = new ManualResetEventSlim();
        var held = scene.Server.InRoomAsync("lobby", _ => letGo.Wait(TestClient.Patience));
        var first = scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one");
        var store = scene.Server.Parts.GetRequiredService<IdempotencyStore>();
        await Eventually.IsTrueAsync(() => store.Count == 1);

        (await scene.PostAsync("/v1/rooms", Creation("lobby"), key: "one")).Refused(HttpStatusCode.Conflict, "idempotencyKeyInUse");
        letGo.Set();
        (await first).Refused(HttpStatusCode.Conflict, "roomIdTaken");
        await held;
    }

    [Theory]
    [InlineData("")]
    [InlineData("with a space")]
    [InlineData(null)]
    public async Task A_key_that_is_none_is_refused(string? key)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostAsync("/v1/rooms", Creation("lobby"), key: key ?? new string('k', 256)))
            .Refused(HttpStatusCode.BadRequest, "invalidParams", "Idempotency-Key");
    }

    [Fact]
    public void An_answer_is_kept_for_a_day()
    {
        var time = new ManualTime();
        var store = new IdempotencyStore(time);
        store.Begin("a", OneCall, out _);
        store.Keep("a", new KeptAnswer(201, null, "", [7]));

        time.Advance(IdempotencyStore.KeptFor - TimeSpan.FromSeconds(1));
        Assert.Equal(IdempotencyVerdict.Known, store.Begin("a", OneCall, out var kept));
        Assert.Equal([7], kept!.Body);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(IdempotencyVerdict.New, store.Begin("a", OtherCall, out _));
    }

    [Fact]
    public void When_there_is_no_room_the_oldest_answer_goes_and_what_is_under_way_stays()
    {
        var store = new IdempotencyStore(new ManualTime(), countMax: 2, bytesMax: 10);
        store.Begin("under way", OneCall, out _);
        store.Begin("old", OneCall, out _);
        store.Keep("old", new KeptAnswer(200, null, "", new byte[8]));

        Assert.Equal(IdempotencyVerdict.New, store.Begin("new", OneCall, out _));
        Assert.Equal(IdempotencyVerdict.InUse, store.Begin("under way", OneCall, out _));
        Assert.Equal(IdempotencyVerdict.Full, store.Begin("more", OneCall, out _));
        store.Forget("under way");
        store.Keep("new", new KeptAnswer(200, null, "", new byte[11]));
        Assert.Equal(0, store.Count);
    }
}

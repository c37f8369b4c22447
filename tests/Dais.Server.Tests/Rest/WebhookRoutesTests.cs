using System.Net;
using System.Text.Json.Nodes;
using Dais.Server.Access;
using Dais.Server.Tests.Webhooks;

namespace Dais.Server.Tests.Rest;

public sealed class WebhookRoutesTests
{
    private static readonly Dictionary<string, string?> Allowed = new() { ["Dais:Webhooks:AllowPrivateTargets"] = "true" };

    [Fact]
    public async Task An_endpoint_is_created_with_a_secret_that_is_shown_once_and_deleted()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scene = await RestScene.StartOpenAsync(Allowed);

        var created = (await scene.PostAsync("/v1/webhooks", new JsonObject
        {
            ["url"] = receiver.Url,
            ["secret"] = WebhookReceiver.Secret,
            ["events"] = new JsonArray("standard", "seat.*"),
        })).Is(HttpStatusCode.Created);
        string id = created.Json["id"]!.GetValue<string>();

        Assert.Equal($"/v1/webhooks/{id}", created.Headers.Location!.ToString());
        Assert.Equal(WebhookReceiver.Secret, created.Json["secret"]!.GetValue<string>());
        var listed = await scene.GetAsync("/v1/webhooks");
        Assert.Equal([id], listed.Ids("webhooks", "id"));
        Assert.DoesNotContain("whsec_", listed.Text + (await scene.GetAsync($"/v1/webhooks/{id}")).Text, StringComparison.Ordinal);
        await using var host = await scene.Server.StartRoomAsync("lobby");
        await receiver.UntilAsync(() => receiver.Told("lobby").Contains("103 hana"));

        (await scene.DeleteAsync($"/v1/webhooks/{id}")).Is(HttpStatusCode.NoContent);
        (await scene.DeleteAsync($"/v1/webhooks/{id}")).Refused(HttpStatusCode.NotFound, "webhookNotFound");
        (await scene.GetAsync($"/v1/webhooks/{id}")).Refused(HttpStatusCode.NotFound, "webhookNotFound");
    }

    [Theory]
    [InlineData("""{}""", "invalidParams", "url")]
    [InlineData("""{"url":"ftp://backend.example.org"}""", "invalidParams", "url")]
    [InlineData("""{"url":"https://backend.example.org","secret":"whsec_!"}""", "invalidParams", "secret")]
    [InlineData("""{"url":"https://backend.example.org","events":["nothing"]}""", "invalidParams", "events")]
    [InlineData("""{"url":"http://127.0.0.1/hook"}""", "webhookTargetPrivate", "url")]
    [InlineData("""{"url":"http://[::1]/hook"}""", "webhookTargetPrivate", "url")]
    [InlineData("""{"url":"http://169.254.169.254/latest"}""", "webhookTargetPrivate", "url")]
    public async Task An_endpoint_that_may_not_be_is_refused(string body, string name, string field)
    {
        await using var scene = await RestScene.StartAsync();

        (await scene.PostTextAsync("/v1/webhooks", body)).Refused(HttpStatusCode.BadRequest, name, field);
        Assert.Empty((await scene.GetAsync("/v1/webhooks")).Ids("webhooks", "id"));
    }

    [Fact]
    public async Task An_endpoint_of_the_settings_is_only_removed_there()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scene = await RestScene.StartAsync(WebhookServer.Settings([receiver.Url]));

        Assert.True((await scene.GetAsync("/v1/webhooks/a")).Json["fromSettings"]!.GetValue<bool>());
        (await scene.DeleteAsync("/v1/webhooks/a")).Refused(HttpStatusCode.Conflict, "webhookFromSettings");
    }

    [Fact]
    public async Task A_test_event_says_how_it_went()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scene = await RestScene.StartAsync(WebhookServer.Settings([receiver.Url]));

        var good = (await scene.PostTextAsync("/v1/webhooks/a/test", "")).Is(HttpStatusCode.OK).Json;
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var bad = (await scene.PostTextAsync("/v1/webhooks/a/test", "")).Is(HttpStatusCode.OK).Json;

        Assert.Equal((true, 200), (good["delivered"]!.GetValue<bool>(), good["status"]!.GetValue<int>()));
        Assert.Equal((false, 500), (bad["delivered"]!.GetValue<bool>(), bad["status"]!.GetValue<int>()));
        Assert.Equal(2, receiver.Received.Count(each => each.EventType == 1000));
        var recent = (await scene.GetAsync("/v1/webhooks/a/deliveries")).Json["recent"]!.AsArray();
        Assert.Equal([500, 200], recent.Select(each => each!["result"]!["status"]!.GetValue<int>()));
        (await scene.PostTextAsync("/v1/webhooks/none/test", "")).Refused(HttpStatusCode.NotFound, "webhookNotFound");
    }

    [Fact]
    public async Task What_was_given_up_is_listed_and_delivered_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scene = await RestScene.StartOpenAsync(WebhookServer.Settings([receiver.Url]));
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using (var host = await scene.Server.StartRoomAsync("lobby"))
        {
            await host.CallAsync("room.end", new() { ["roomId"] = "lobby" });
        }

        await scene.Server.AdvanceUntilAsync(TimeSpan.FromMinutes(10), () => scene.Server.Webhooks().ParkedNow == 4);
        scene.Token = scene.TokenOf(AccessRole.Server);

        var first = (await scene.GetAsync("/v1/webhooks/a/deliveries?count=3")).Is(HttpStatusCode.OK);
        string cursor = Uri.EscapeDataString(first.Json["cursor"]!.GetValue<string>());
        var second = await scene.GetAsync($"/v1/webhooks/a/deliveries?count=3&cursor={cursor}");
        string[] parked = [.. first.Ids("parked", "noticeId"), .. second.Ids("parked", "noticeId")];
        Assert.Equal(4, parked.Distinct().Count());
        Assert.Equal(("", 4), (second.Json["cursor"]!.GetValue<string>(), second.Json["parkedCount"]!.GetValue<int>()));
        (await scene.GetAsync("/v1/webhooks/a/deliveries?cursor=none")).Refused(HttpStatusCode.BadRequest, "invalidParams", "cursor");
        (await scene.GetAsync("/v1/webhooks/none/deliveries")).Refused(HttpStatusCode.NotFound, "webhookNotFound");

        var failed = (await scene.PostTextAsync("/v1/webhooks/a/deliveries/redeliver", "")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((0, 4), (failed["delivered"]!.GetValue<int>(), failed["remaining"]!.GetValue<int>()));
        receiver.Answer = (_, _) => Task.CompletedTask;
        string one = Uri.EscapeDataString(parked[1]);
        var single = (await scene.PostTextAsync($"/v1/webhooks/a/deliveries/{one}/redeliver", "")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((1, 3), (single["delivered"]!.GetValue<int>(), single["remaining"]!.GetValue<int>()));
        (await scene.PostTextAsync($"/v1/webhooks/a/deliveries/{one}/redeliver", ""))
            .Refused(HttpStatusCode.NotFound, "noticeNotFound");
        var rest = (await scene.PostTextAsync("/v1/webhooks/a/deliveries/redeliver", "")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((3, 0), (rest["delivered"]!.GetValue<int>(), rest["remaining"]!.GetValue<int>()));
        Assert.Equal([parked[1], parked[0], parked[2], parked[3]], receiver.Received.TakeLast(4).Select(each => each.NoticeId));
    }
}

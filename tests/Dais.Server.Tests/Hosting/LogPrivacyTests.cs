using Dais.Server.Access;
using Dais.Server.Tests.Media;
using Dais.Sfu;
using Microsoft.Extensions.Logging;

namespace Dais.Server.Tests.Hosting;

public sealed class LogPrivacyTests
{
    [Fact]
    public async Task A_whole_live_leaves_no_personal_data_in_the_log()
    {
        await using var server = await TestServer.StartAsync();
        string token = server.Tokens.Issue(new AccessToken("secret-user", "*", [AccessRole.Host], server.Time.GetUtcNow().AddHours(1))
        {
            UserName = "Secret Name",
        });
        string forged = new AccessTokenIssuer("test", "a secret this server does not know").Issue(
            new AccessToken("secret-forger", "*", [], server.Time.GetUtcNow().AddHours(1)));
        string sessionKey;
        await using (var forger = await server.ConnectAsync())
        await using (var host = await server.ConnectAsync())
        {
            await forger.RefusalCodeAsync("session.open", new() { ["token"] = forged });
            var opened = await host.CallAsync("session.open", new() { ["token"] = token, ["avatarUrl"] = "https://secret.example/me.png" });
            sessionKey = opened["resumeKey"]!.GetValue<string>();
            await host.CallAsync("room.start", new() { ["roomId"] = "secret-room", ["name"] = "Secret Room", ["notice"] = "Secret Notice" });
            await host.CallAsync("media.publish", new() { ["roomId"] = "secret-room", ["offer"] = Offers.Publish("secretufrag") });
            await using var guest = await server.OpenAsync("secret-guest");
            await guest.CallAsync("room.join", new() { ["roomId"] = "secret-room", ["offer"] = Offers.Subscribe("secretsubscriber") });
            await guest.CallAsync("seat.apply", new() { ["roomId"] = "secret-room", ["extraInfo"] = "Secret Extra" });
            await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "secret-room", ["userId"] = "secret-guest" });
            await guest.RefusedAsync("media.publish", new() { ["roomId"] = "secret-room", ["offer"] = "secret-sdp" });
            await guest.SendTextAsync("secret-garbage");
            server.Worker.Say(new SfuEvent.TransportConnected(server.Worker.Last<SfuCommand.OpenPublisher>().Id));
            server.Worker.Say(new SfuEvent.TransportClosed(
                server.Worker.Last<SfuCommand.OpenSubscriber>().Id, TransportCloseReason.ConsentExpired));
            await Eventually.IsTrueAsync(() => server.Log.OwnLines.Count(line => line.Text.StartsWith("Transport ", StringComparison.Ordinal)) == 2);
            await host.CallAsync("audience.kick", new() { ["roomId"] = "secret-room", ["userId"] = "secret-guest" });
            await guest.Closed;
            using var player = server.CreateHttpClient();
            using var offer = new StringContent(Offers.Subscribe("secretplayer", slots: 1), null, "application/sdp");
            using var watched = await player.PostAsync("/whep/secret-room?userId=secret-player&userName=Secret", offer, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Created, watched.StatusCode);
            await host.CallAsync("room.end", new() { ["roomId"] = "secret-room" });
            using var backend = server.CreateHttpClient();
            backend.DefaultRequestHeaders.Authorization = new("Bearer", token);
            foreach (string body in new[] { "secret-garbage", """{"roomId":"secret-room","ownerId":"secret-owner"}""" })
            {
                using var content = new StringContent(body, null, "application/json");
                using var created = await backend.PostAsync("/v1/rooms", content, TestContext.Current.CancellationToken);
                using var read = await backend.GetAsync("/v1/rooms/secret-room?secret", TestContext.Current.CancellationToken);
                backend.DefaultRequestHeaders.Authorization = new("Bearer", server.Tokens.Issue(
                    new AccessToken("secret-backend", "*", [AccessRole.Server], server.Time.GetUtcNow().AddHours(1))));
            }
        }

        await server.StopAsync();

        // The framework's own lines are cut off at Warning by appsettings.json; ours are looked at down to the last.
        string[] lines =
        [
            .. server.Log.Lines
                .Where(line => line.Category.StartsWith("Dais", StringComparison.Ordinal) || line.Level >= LogLevel.Warning)
                .Select(line => line.Text),
        ];
        Assert.Contains(lines, line => line.StartsWith("Room ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Session ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Transport ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain("secret", line, StringComparison.OrdinalIgnoreCase));
        Assert.All(lines, line => Assert.DoesNotContain(token, line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(sessionKey, line, StringComparison.Ordinal));
        Assert.All(
            lines.Where(line => !line.StartsWith("Dais is ready", StringComparison.Ordinal)),
            line => Assert.DoesNotContain("127.0.0.1", line, StringComparison.Ordinal));
    }
}

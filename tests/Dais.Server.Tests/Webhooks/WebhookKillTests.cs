using System.Collections.Concurrent;
using System.Globalization;
using Dais.Server.Tests.Rooms;
using Dais.Server.Tests.Storage;

namespace Dais.Server.Tests.Webhooks;

public sealed class WebhookKillTests : IDisposable
{
    private const int Kills = 3;
    private const int Viewers = 6;

    /// <summary>More would only wait for the receiver, at the end of the test.</summary>
    private const int VisitsPerRound = 15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Joins_and_leaves_survive_kill_9_and_make_a_history_without_gaps()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        int answers = 0;
        receiver.Answer = (context, _) =>
        {
            // Now and then a notice is refused, and comes again.
            context.Response.StatusCode = Interlocked.Increment(ref answers) % 60 == 0 ? 500 : 200;
            return Task.CompletedTask;
        };
        var settings = WebhookServer.Settings([receiver.Url]);
        var joins = new ConcurrentDictionary<string, int>();
        var random = new Random(13);

        // 1. Viewers come and go until the server is gone.
        for (int round = 0; round < Kills; round++)
        {
            using var server = await KilledServer.StartAsync(_folder.Path, settings);
            await using var host = await server.OpenAsync("hana");
            await host.CallAsync("room.start", StageScene.In());
            var killed = new TaskCompletionSource();
            Task[] viewers = [.. Enumerable.Range(0, Viewers).Select(i => ComeAndGoAsync(server, $"v{i}", joins, killed.Task))];
            int before = receiver.Received.Count;
            int count = random.Next(20, 60);
            await receiver.UntilAsync(() => receiver.Received.Count > before + count);
            await server.KillAsync();
            killed.SetResult();
            await Task.WhenAll(viewers);
        }

        // 2. The room ends.
        using var last = await KilledServer.StartAsync(_folder.Path, settings);
        await using var again = await last.OpenAsync("hana");
        await again.CallAsync("room.start", StageScene.In());
        await again.CallAsync("room.end", StageScene.In());
        await receiver.UntilAsync(() => receiver.Received.Any(each => each.EventType == 102));

        // 3. Each notice once, in the order they first came.
        ReceivedWebhook[] history = [.. receiver.Received.DistinctBy(each => each.NoticeId)];
        Assert.Equal(history.Select(SeqOf).Order(), history.Select(SeqOf));
        Assert.Equal((101, 102), (history[0].EventType, history[^1].EventType));
        foreach (var user in history.Where(each => each.Account is not null).GroupBy(each => each.Account!))
        {
            // Join, leave, join, leave.
            int[] events = [.. user.Select(each => each.EventType)];
            Assert.Equal(events.Select((_, i) => i % 2 == 0), events.Select(type => type is 103 or 105));
            Assert.True(events[^1] is 104 or 106);
            long[] sequence = [.. user.Select(each => each.Payload["clientSeq"]!.GetValue<long>())];
            Assert.Equal(sequence.Distinct().Order(), sequence);
            if (user.Key != "hana")
            {
                Assert.True(events.Length / 2 >= joins[user.Key], "A join that was answered is missing.");
            }
        }

        Assert.Equal(Viewers, joins.Count);
    }

    private static async Task ComeAndGoAsync(
        KilledServer server, string user, ConcurrentDictionary<string, int> joins, Task killed)
    {
        try
        {
            await using var viewer = await server.OpenAsync(user);
            for (int i = 0; i < VisitsPerRound; i++)
            {
                await viewer.CallAsync("room.join", StageScene.In());
                joins.AddOrUpdate(user, 1, (_, count) => count + 1);
                await viewer.CallAsync("room.leave", StageScene.In());
            }

            await killed;
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.Net.WebSockets.WebSocketException or HttpRequestException)
        {
            // The server was killed.
        }
    }

    private static long SeqOf(ReceivedWebhook received) =>
        long.Parse(received.NoticeId.Split(':')[1], CultureInfo.InvariantCulture);
}

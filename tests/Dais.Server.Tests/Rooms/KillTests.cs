using System.Globalization;
using System.Text.Json.Nodes;
using Dais.Server.Tests.Storage;

namespace Dais.Server.Tests.Rooms;

public sealed class KillTests : IDisposable
{
    private const int Rounds = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whatever_was_answered_or_shown_before_a_kill_9_has_happened_after_it()
    {
        var random = new Random(11);
        long known = -1;
        long seq = 0;
        for (int round = 0; round < Rounds; round++)
        {
            // 1. The room of the round before is there, with everything anybody had heard of.
            using var server = await KilledServer.StartAsync(_folder.Path);
            await using var host = await server.OpenAsync("hana");
            var entered = await host.CallAsync("room.start", StageScene.In(("name", "-1")));
            Assert.True(entered["seq"]!.GetValue<long>() > seq);
            Assert.True(NumberIn(entered["room"]!) >= known);
            Assert.Equal("hana", entered["room"]!["seats"]![0]!["user"]!["userId"]!.GetValue<string>());
            await using var viewer = await server.OpenAsync("vera");
            await viewer.CallAsync("room.join", StageScene.In());

            // 2. The host changes the room as fast as it can until the server is gone.
            long answered = known;
            var changing = ChangeAsync(host, known + 1, number => answered = number);
            int count = random.Next(1, 300);
            var shown = new List<JsonObject>();
            while (shown.Count < count)
            {
                shown.Add(await viewer.WholeEventAsync("room.updated"));
            }

            await server.KillAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => changing);
            await viewer.Closed;

            // 3. What both have heard.
            while (viewer.TryTakeNotification(out var unread))
            {
                if (unread["type"]?.GetValue<string>() == "room.updated")
                {
                    shown.Add(unread);
                }
            }

            known = Math.Max(answered, shown.Max(updated => NumberIn(updated["data"]!)));
            seq = shown.Max(updated => updated["seq"]!.GetValue<long>());
        }

        Assert.True(known > Rounds);
    }

    private static async Task ChangeAsync(TestClient host, long first, Action<long> onAnswer)
    {
        for (long number = first; ; number++)
        {
            await host.CallAsync("room.update", StageScene.In(("name", number.ToString(CultureInfo.InvariantCulture))));
            onAnswer(number);
        }
    }

    private static long NumberIn(JsonNode named) => long.Parse(named["name"]!.GetValue<string>(), CultureInfo.InvariantCulture);
}

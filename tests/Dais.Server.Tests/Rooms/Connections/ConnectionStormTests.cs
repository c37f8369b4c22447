using System.Globalization;
using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>Many rooms at once.</summary>
public sealed class ConnectionStormTests
{
    private const int Calls = 80;

    [Fact]
    public async Task Rooms_that_ask_accept_and_leave_at_random_all_at_once_agree_afterwards()
    {
        int seed = Environment.TickCount;
        string[] rooms = [.. Enumerable.Range(0, 14).Select(number => $"r{number}")];
        await using var scene = await HostsScene.StartAsync(rooms, new()
        {
            ["Dais:Limits:RequestsBurst"] = "100000",
            ["Dais:Limits:OutgoingQueueMessages"] = "100000",
        });
        RandomHost[] hosts =
        [
            .. rooms.Select((room, number) => new RandomHost(scene[room].Host, room, rooms, new Random(seed + number))),
        ];

        await Task.WhenAll(hosts.Select(async host =>
        {
            for (int call = 0; call < Calls; call++)
            {
                await host.ActAsync();
            }
        }));

        try
        {
            Assert.True(hosts.Sum(host => host.Done) > rooms.Length * Calls / 10);
            await scene.AgreeAsync();
            await EveryRequestHasOneEndAsync(scene, rooms);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Failed with seed {seed}."), exception);
        }
    }

    [Fact]
    public async Task Many_pairs_that_cross_at_once_are_pairs_afterwards()
    {
        string[] rooms = [.. Enumerable.Range(0, 24).Select(number => $"r{number}")];
        await using var scene = await HostsScene.StartAsync(rooms);

        await Task.WhenAll(rooms.Select((room, number) => scene[room].AskAsync(rooms[number ^ 1])));

        await scene.AgreeAsync();
        for (int number = 0; number < rooms.Length; number++)
        {
            var members = (await scene[rooms[number]].SeenAsync())["connection"]!["members"];
            Assert.Equal(
                new[] { rooms[number], rooms[number ^ 1] }.Order(StringComparer.Ordinal),
                HostsScene.RoomsOf(members).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>What a host was told of a request: its begin, and then one end unless it is open, or the room ended.</summary>
    private static async Task EveryRequestHasOneEndAsync(HostsScene scene, string[] rooms)
    {
        foreach (string room in rooms)
        {
            var seen = await scene[room].SeenAsync();
            var open = seen["sentHostRequests"]!.AsArray().Concat(seen["receivedHostRequests"]!.AsArray())
                .Select(request => HostsScene.Text(request!, "requestId")).ToHashSet();
            var begun = new HashSet<string>();
            while (scene[room].Host.TryTakeNotification(out var notification))
            {
                string? type = notification["type"]?.GetValue<string>();
                var data = notification["data"] as JsonObject;
                switch (type)
                {
                    case "coHost.requested":
                        Assert.True(begun.Add(HostsScene.Text(data!["request"]!, "requestId")));
                        break;
                    case "coHost.requestEnded":
                        Assert.True(begun.Remove(HostsScene.Text(data!["request"]!, "requestId")));
                        break;
                    case "room.ended":
                        begun.Clear();
                        break;
                }
            }

            Assert.Equal(open.Order(StringComparer.Ordinal), begun.Order(StringComparer.Ordinal));
        }
    }
}

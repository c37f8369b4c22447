using System.Globalization;
using System.Text.Json.Nodes;
using Dais.Rooms;
using Dais.Rooms.Connections;
using Dais.Server.Hosting;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage.Journal;
using Dais.Server.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dais.Server.Tests.Rooms.Connections;

/// <summary>
/// The real server, killed in the middle of rooms that connect and leave; <c>DAIS_CRASH_ROUNDS=100</c> for a long run.
/// </summary>
public sealed class ConnectionKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _rooms = [.. Enumerable.Range(0, 12).Select(number => $"r{number}")];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_kill_9_at_any_moment_rooms_agree_on_who_is_connected_and_who_has_asked()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("DAIS_CRASH_ROUNDS") ?? "4", CultureInfo.InvariantCulture);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        try
        {
            int connected = 0;
            for (int round = 0; round < rounds; round++)
            {
                connected += await RunAndKillAsync(random, isLast: false);
            }

            await RunAndKillAsync(random, isLast: true);
            Assert.True(connected > 0, "Nothing was connected when the server was killed.");
            await LinksAgreeAsync();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Failed with seed {seed}."), exception);
        }
    }

    /// <summary>Gives how many rooms the kill of the round before has left connected.</summary>
    private async Task<int> RunAndKillAsync(Random random, bool isLast)
    {
        // 1. What the killed server has left.
        using var server = await KilledServer.StartAsync(_folder.Path);
        var clients = await Task.WhenAll(_rooms.Select(room => server.OpenAsync($"host-{room}")));
        try
        {
            var seen = new Dictionary<string, JsonObject>();
            for (int number = 0; number < _rooms.Length; number++)
            {
                var entered = await clients[number].CallAsync("room.start", new() { ["roomId"] = _rooms[number] });
                seen[_rooms[number]] = entered["room"]!.AsObject();
            }

            // A request may have run out, or a host come back, while we looked: so once more, with nothing going on.
            Agreement.CheckConnections(seen);
            await SettledAsync(clients);
            int connected = seen.Values.Count(room => room["connection"] is not null);

            // 2. Everybody at once, until it is killed.
            int calls = 0;
            int callsMax = isLast ? 0 : random.Next(50, 1_500);
            var killing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var acting = clients.Select(async (client, number) =>
            {
                var host = new RandomHost(client, _rooms[number], _rooms, new Random(random.Next()));
                while (!isLast)
                {
                    await host.ActAsync();
                    if (Interlocked.Increment(ref calls) == callsMax)
                    {
                        killing.SetResult();
                    }
                }
            }).ToArray();
            if (!isLast)
            {
                await await Task.WhenAny([killing.Task, .. acting]);
            }

            await server.KillAsync();
            foreach (var act in acting.Where(_ => !isLast))
            {
                await Assert.ThrowsAnyAsync<Exception>(() => act);
            }

            return connected;
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    /// <summary>Requests have deadlines: looks until two looks in a row see the same.</summary>
    private async Task SettledAsync(TestClient[] clients)
    {
        string before = "";
        while (true)
        {
            var seen = new Dictionary<string, JsonObject>();
            for (int number = 0; number < _rooms.Length; number++)
            {
                var entered = await clients[number].CallAsync("room.join", new() { ["roomId"] = _rooms[number] });
                seen[_rooms[number]] = entered["room"]!.AsObject();
            }

            string now = string.Join('\n', seen.OrderBy(room => room.Key).Select(room => room.Value["sentHostRequests"]!.ToJsonString()));
            if (now == before)
            {
                Agreement.Check(seen);
                return;
            }

            before = now;
        }
    }

    /// <summary>The streams of the connections say the same as those of the rooms.</summary>
    private async Task LinksAgreeAsync()
    {
        await using var log = JournalLog.Open(Path.Combine(_folder.Path, "journal"), new JournalOptions(), NullLogger.Instance);
        var byRooms = new Dictionary<LinkId, HostConnection>();
        foreach (string room in _rooms)
        {
            var stored = await new RoomStore(log, new RoomId(room), new RoomOptions(), new StorageOptions()).LoadAsync();
            if (stored.Room.Connection is { } connection)
            {
                byRooms[connection.Id] = connection;
            }
        }

        int live = 0;
        await foreach (var entry in log.ListAsync(LinkEventFormat.Prefix, TestContext.Current.CancellationToken))
        {
            var link = new Link(new LinkId(entry.Stream[LinkEventFormat.Prefix.Length..]));
            foreach (var stored in (await log.LoadAsync(entry.Stream, TestContext.Current.CancellationToken)).Events)
            {
                link = link.Apply(LinkEventFormat.FromStored(stored));
            }

            Assert.Equal(link.IsOver, entry.ExpiresAt is not null);
            if (!link.IsOver)
            {
                live++;
                Assert.Equal(link.Version, byRooms[link.Id].Version);
                Assert.Equal(link.Members.Select(member => member.RoomId), byRooms[link.Id].Members.Select(member => member.RoomId));
            }
        }

        Assert.Equal(byRooms.Count, live);
    }
}

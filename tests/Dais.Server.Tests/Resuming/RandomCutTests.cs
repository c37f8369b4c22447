using System.Text.Json;
using System.Text.Json.Nodes;
using Dais.Protocol;
using Dais.Rooms;
using Dais.Server.Rooms;

namespace Dais.Server.Tests.Resuming;

/// <summary>
/// Connections are cut at random points of a random script on a real server and real sockets. In the end every client
/// knows what the server knows, was told nothing twice, and nobody has left or joined.
/// </summary>
public sealed class RandomCutTests
{
    private const int Rounds = 60;
    private const int StepsPerRound = 50;
    private const int StepsAwayMax = 5;

    [Theory]
    [InlineData(20261121)]
    [InlineData(31)]
    public async Task Clients_that_are_cut_off_again_and_again_know_the_same_as_the_server(int seed)
    {
        await using var server = await TestServer.StartAsync(new()
        {
            ["Dais:Limits:RequestsPerSecond"] = "100000",
            ["Dais:Limits:RequestsBurst"] = "100000",
        });
        var random = new Random(seed);
        for (int round = 0; round < Rounds; round++)
        {
            try
            {
                await PlayAsync(server, $"room{round}", random);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Round {round} of seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private static async Task PlayAsync(TestServer server, string roomId, Random random)
    {
        // 1. A host, a guest and a viewer who have heard of each other.
        await using var host = await ResumingClient.EnterAsync(server, roomId, "hana", "room.start");
        await using var guest = await ResumingClient.EnterAsync(server, roomId, "gus", "room.join");
        await using var viewer = await ResumingClient.EnterAsync(server, roomId, "vera", "room.join");
        ResumingClient[] clients = [host, guest, viewer];
        server.Time.Advance(TimeSpan.FromSeconds(2));
        await Begin(server, roomId, clients);

        // 2. They do things and are cut off.
        var stepsAway = new Dictionary<ResumingClient, int>();
        for (int step = 0; step < StepsPerRound; step++)
        {
            var actor = clients[random.Next(clients.Length)];
            if (!actor.IsConnected || random.Next(100) < 15)
            {
                await CutOrResumeAsync(server, roomId, actor, stepsAway, random);
            }
            else
            {
                await ActAsync(server, roomId, actor, random);
            }

            foreach (var late in clients.Where(client => !client.IsConnected && ++stepsAway[client] > StepsAwayMax))
            {
                await late.ResumeAsync();
            }

            server.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1_500)));
            foreach (var present in clients.Where(client => client.IsConnected))
            {
                await present.AskAsync("session.ping");
            }
        }

        // 3. All are back, and the last announcement of the audience is out.
        foreach (var away in clients.Where(client => !client.IsConnected))
        {
            await away.ResumeAsync();
        }

        server.Time.Advance(TimeSpan.FromSeconds(2));
        await UntilNothingIsDueAsync(server, roomId);
        foreach (var client in clients)
        {
            await client.CatchUpAsync();
            await server.InRoomAsync(roomId, room => Assert.Equal(TruthFor(room, client.UserId), RoomMirror.TextOf(client.Mirror.Room)));
            Assert.DoesNotContain(client.Mirror.Types, type => type.StartsWith("audience.", StringComparison.Ordinal));
        }

        await host.AskAsync("room.end");
    }

    /// <summary>From here on, nobody comes or goes.</summary>
    private static async Task Begin(TestServer server, string roomId, ResumingClient[] clients)
    {
        await UntilNothingIsDueAsync(server, roomId);
        foreach (var client in clients)
        {
            await client.AskAsync("session.ping");
            await server.InRoomAsync(roomId, room => client.Mirror.Replace(SnapshotFor(room, client.UserId), room.LastSeq));
            client.Forget();
        }
    }

    /// <summary>The clock stands still; once the room has done what is due, nothing happens by itself.</summary>
    private static async Task UntilNothingIsDueAsync(TestServer server, string roomId)
    {
        using var patience = new CancellationTokenSource(TestClient.Patience);
        var now = new WallClockTime(server.Time.GetUtcNow().ToUnixTimeMilliseconds());
        bool isDue = true;
        while (isDue)
        {
            patience.Token.ThrowIfCancellationRequested();
            await server.InRoomAsync(roomId, room => isDue = room.NextDeadline <= now);
        }
    }

    private static async Task CutOrResumeAsync(
        TestServer server, string roomId, ResumingClient client, Dictionary<ResumingClient, int> stepsAway, Random random)
    {
        if (!client.IsConnected)
        {
            await client.ResumeAsync();
            return;
        }

        switch (random.Next(4))
        {
            case 0:
                // The server still takes the older connection for alive.
                await client.ResumeAsync();
                break;
            case 1:
                // A call is under way; whether it was carried out, the events show.
                _ = ActAsync(server, roomId, client, random).ContinueWith(static acted => acted.Exception, TaskScheduler.Default);
                client.Cut(loses: true);
                stepsAway[client] = 0;
                break;
            default:
                client.Cut(loses: random.Next(2) == 0);
                stepsAway[client] = 0;
                break;
        }
    }

    private static Task<JsonObject> ActAsync(TestServer server, string roomId, ResumingClient actor, Random random) =>
        actor.UserId == "hana" ? ActAsHostAsync(server, roomId, actor, random) : random.Next(4) switch
        {
            0 => actor.AskAsync("seat.cancelApplication"),
            1 => actor.AskAsync("seat.leave"),
            2 => actor.AskAsync("media.setMuted", new() { ["microphone"] = random.Next(2) == 0 }),
            _ => actor.AskAsync("seat.apply", new() { ["timeout"] = random.Next(4) }),
        };

    private static async Task<JsonObject> ActAsHostAsync(TestServer server, string roomId, ResumingClient host, Random random)
    {
        string user = random.Next(2) == 0 ? "gus" : "vera";
        string method = random.Next(5) switch
        {
            0 => "seat.rejectApplication",
            1 => "seat.kick",
            2 => "room.update",
            _ => "seat.acceptApplication",
        };
        if (method == "seat.kick" && await server.IsAwayAsync(roomId, user))
        {
            // A guest who is taken off the stage while away leaves the room, and here nobody does.
            method = "seat.rejectApplication";
        }

        return await host.AskAsync(method, new() { ["userId"] = user, ["name"] = $"Name {random.Next(1_000)}" });
    }

    private static string TruthFor(LiveRoom room, string userId) => RoomMirror.TextOf(SnapshotFor(room, userId));

    private static JsonObject SnapshotFor(LiveRoom room, string userId) => JsonSerializer.SerializeToNode(
        RoomSnapshots.For(room.State, room.State.Members[new UserId(userId)]), WireJson.Default.RoomSnapshot)!.AsObject();
}

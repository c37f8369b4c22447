using System.Diagnostics;
using Dais.Rooms;
using Dais.Rooms.Audience;
using Dais.Rooms.Connections;
using Dais.Server.Hosting;
using Dais.Server.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dais.LogBench;

/// <summary>
/// What an operation on two rooms costs: pairs of rooms in a whole server ask, accept and leave, each as fast as it is answered.
/// </summary>
public static class ConnectionBench
{
    private const int OperationsPerRound = 3;

    /// <summary>Measures <paramref name="pairs"/> pairs at once for <paramref name="duration"/>; gives a row of a table.</summary>
    public static async Task<string> RunAsync(string folder, string durability, int pairs, TimeSpan duration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Dais:Keys:bench"] = "the secret of the bench, of enough bytes",
            ["Dais:DataPath"] = folder,
            ["Dais:Storage:Durability"] = durability,
            ["Dais:Media:Port"] = "0",
            ["Dais:Media:Workers"] = "1",
            ["Dais:Media:AdvertisedAddresses"] = "127.0.0.1",
        });
        builder.AddDais();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        await app.StartAsync();
        var rooms = app.Services.GetRequiredService<RoomDirectory>();
        RoomRunner[] runners = [.. await Task.WhenAll(Enumerable.Range(0, 2 * pairs).Select(number => StartAsync(rooms, number)))];

        await MeasureAsync(runners, TimeSpan.FromSeconds(1));
        long start = Stopwatch.GetTimestamp();
        var latencies = await MeasureAsync(runners, duration);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        latencies.Sort();
        await app.StopAsync();
        return $"| {durability} | {pairs} | {latencies.Count / seconds:N0} | {At(0.5):F2} | {At(0.99):F2} |";

        double At(double quantile) => latencies[(int)((latencies.Count - 1) * quantile)].TotalMilliseconds;
    }

    private static async Task<RoomRunner> StartAsync(RoomDirectory rooms, int number)
    {
        var host = new User(new UserId($"host-{number}"), $"Host {number}", "");
        var runner = rooms.FindOrCreate($"room-{number}")!;
        await runner.InvokeAsync(room => room.Execute(
            new RoomCommand.Start(host, new RoomSettings(), new ConnectionId($"c{number}"), ClientPlatform.Web)));
        return runner;
    }

    private static async Task<List<TimeSpan>> MeasureAsync(RoomRunner[] runners, TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, runners.Length / 2).Select(pair => Task.Run(async () =>
        {
            List<TimeSpan> latencies = [];
            var (one, other) = (runners[2 * pair], runners[(2 * pair) + 1]);
            var (oneId, otherId) = (new RoomId($"room-{2 * pair}"), new RoomId($"room-{(2 * pair) + 1}"));
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                string id = Guid.NewGuid().ToString("N");
                RoomCommand[] round =
                [
                    new RoomCommand.RequestConnection(
                        null, [new HostRequestTarget(otherId, new RequestId(id))], 600, TimeSpan.FromSeconds(30), "", new LinkId(id)),
                    new RoomCommand.AcceptConnection(null, oneId, new LinkId(id)),
                    new RoomCommand.ExitConnection(null),
                ];
                for (int step = 0; step < OperationsPerRound; step++)
                {
                    long before = Stopwatch.GetTimestamp();
                    await ExecuteAsync(step == 1 ? other : one, round[step]);
                    latencies.Add(Stopwatch.GetElapsedTime(before));
                }
            }

            return latencies;
        })));
        return [.. each.SelectMany(static one => one)];
    }

    private static async Task ExecuteAsync(RoomRunner runner, RoomCommand command)
    {
        var decided = Task.FromResult(true);
        RoomError? error = null;
        await runner.InvokeAsync(room => decided = room.ExecuteAsync(command, decision => error = decision.Error));
        if (!await decided || error is not null)
        {
            throw new InvalidOperationException($"{command} was refused: {error}.");
        }
    }
}

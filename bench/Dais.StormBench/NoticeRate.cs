using System.Collections.Concurrent;
using System.Diagnostics;
using Dais.StormBench.Load;
using Dais.StormBench.Server;

namespace Dais.StormBench;

/// <summary>
/// Members join and leave rooms at a rate, or as fast as they are answered: how many notices a second a backend gets, and how long after the
/// call was answered, which is when the event was in the log.
/// </summary>
internal static class NoticeRate
{
    /// <summary>So many call in each room at once when nothing holds them back.</summary>
    private const int MembersPerRoom = 32;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    internal static async Task<int> RunAsync(Options options)
    {
        using var folder = new BenchFolder(options.Data);
        using var receiver = new Receiver();
        using var server = await BenchServer.StartAsync(folder.Path, options.Cores, [receiver.Url]);
        Client[] hosts = [.. Enumerable.Range(0, options.Rooms).Select(room => new Client($"host-{room}"))];
        foreach (var host in hosts)
        {
            await host.OpenAsync(server.Port);
        }

        using var pings = new Pings(hosts);
        await Task.WhenAll(hosts.Select((host, room) => host.CallAsync("room.start", InRoom(room))));
        int each = Math.Max(1, MembersPerRoom / options.Rooms);
        (Client Client, int Room)[] members =
        [
            .. Enumerable.Range(0, options.Rooms * each).Select(index => (new Client($"member-{index}"), index % options.Rooms)),
        ];
        foreach (var (client, _) in members)
        {
            await client.OpenAsync(server.Port);
        }

        await CallAsync(members, options.Rate, WarmUp);
        await SettleAsync(receiver);
        int skipped = receiver.Count;
        var cpu = server.Cpu;
        long start = Stopwatch.GetTimestamp();
        var answered = await CallAsync(members, options.Rate, TimeSpan.FromSeconds(options.Seconds));
        await SettleAsync(receiver);

        var received = receiver.Received[skipped..];
        double seconds = Stopwatch.GetElapsedTime(start, received[^1].At).TotalSeconds;
        double[] delays =
        [
            .. received.GroupBy(notice => notice.Account).SelectMany(notices =>
                notices.Zip(answered[notices.Key], (notice, at) => Stopwatch.GetElapsedTime(at, notice.At).TotalMilliseconds)),
        ];
        int calls = answered.Values.Sum(each => each.Count);
        double cpuEach = (server.Cpu - cpu).TotalMicroseconds / calls;
        Console.WriteLine(
            $"{options.Rooms} rooms, {calls / (double)options.Seconds:F0} calls a second: {received.Length / seconds:F0} notices a second, "
            + $"behind the answer p50 {Quantiles.Of(delays, 0.5):F1} ms, p99 {Quantiles.Of(delays, 0.99):F1} ms; "
            + $"{cpuEach:F0} us of CPU per call and notice; {receiver.Connections} connections");
        foreach (var client in hosts.Concat(members.Select(member => member.Client)))
        {
            client.Dispose();
        }

        return received.Length == calls && delays.Length == calls ? 0 : 1;
    }

    private static string InRoom(int room) => $"\"roomId\":\"room-{room}\"";

    /// <summary>Everybody joins and leaves, an even number of times; gives when each call was answered, by user.</summary>
    private static async Task<ConcurrentDictionary<string, List<long>>> CallAsync((Client Client, int Room)[] members, int rate, TimeSpan duration)
    {
        var answered = new ConcurrentDictionary<string, List<long>>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(members.Select(async (member, index) =>
        {
            var (client, room) = member;
            var own = answered[client.User] = [];
            for (int i = 0; clock.Elapsed < duration || i % 2 != 0; i++)
            {
                if (rate > 0 && TimeSpan.FromSeconds((i + ((double)index / members.Length)) * members.Length / rate) - clock.Elapsed is var due
                    && due > TimeSpan.FromMilliseconds(1))
                {
                    await Task.Delay(due);
                }

                await client.CallAsync(i % 2 == 0 ? "room.join" : "room.leave", InRoom(room));
                own.Add(client.AnsweredAt);
            }
        }));
        return answered;
    }

    /// <summary>Waits until nothing more comes.</summary>
    private static async Task SettleAsync(Receiver receiver)
    {
        int last;
        do
        {
            last = receiver.Count;
            await Task.Delay(1_000);
        }
        while (receiver.Count != last);
    }
}

using System.Diagnostics;
using Dais.StormBench.Load;
using Dais.StormBench.Server;

namespace Dais.StormBench;

/// <summary>
/// Everybody joins one room at once, and then leaves it: how long that takes, what it costs, and whether clients, REST and the history that
/// webhooks make agree on the count.
/// </summary>
internal static class JoinStorm
{
    private const string Room = "storm";
    private const string InRoom = $"\"roomId\":\"{Room}\"";
    private const int WarmUps = 500;
    private static readonly TimeSpan CountMax = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(Options options)
    {
        using var folder = new BenchFolder(options.Data);
        Receiver[] receivers = [.. Enumerable.Range(0, options.Endpoints).Select(_ => new Receiver())];
        using var server = await BenchServer.StartAsync(folder.Path, options.Cores, [.. receivers.Select(receiver => receiver.Url)]);
        using var host = new Client("host");
        await host.OpenAsync(server.Port);
        await host.CallAsync("room.start", InRoom);

        // 1. Some come and go in another room first, as a server that is used has met a join before.
        await WarmUpAsync(server.Port);

        // 2. Everybody has a session.
        Client[] members = [.. Enumerable.Range(0, options.Members).Select(index => new Client($"member-{index}"))];
        var cpu = server.Cpu;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Crowd.Chunks(members).Select(some => Crowd.OneByOneAsync(some, member => member.OpenAsync(server.Port))));
        Say($"connect      {clock.Elapsed.TotalSeconds,6:F2} s   {(server.Cpu - cpu).TotalMicroseconds / options.Members,5:F0} us of CPU each");
        using var pings = new Pings([host, .. members]);

        // 3. They join, all at once; then they leave.
        bool isRight = true;
        for (int turn = 0; turn < options.Turns; turn++)
        {
            isRight &= await StormAsync("join", server, receivers, members, options.Members, [host, .. members]);
            isRight &= await StormAsync("leave", server, receivers, members, 0, [host]);
        }

        foreach (var client in members)
        {
            client.Dispose();
        }

        foreach (var receiver in receivers)
        {
            receiver.Dispose();
        }

        return isRight ? 0 : 1;
    }

    private static async Task<bool> StormAsync(
        string what, BenchServer server, Receiver[] receivers, Client[] members, int expected, Client[] told)
    {
        // 1. Until the last is answered.
        int[] noticesBefore = [.. receivers.Select(receiver => receiver.Count)];
        var before = await server.MetricsAsync();
        var cpu = server.Cpu;
        var own = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        bool[] answers = await Task.WhenAll(members.Select(member => member.CallAsync($"room.{what}", InRoom)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var cpuAnswered = server.Cpu - cpu;

        // 2. Until everybody knows the count.
        var counting = Stopwatch.StartNew();
        while (told.Any(client => client.AudienceCount != expected) && counting.Elapsed < CountMax)
        {
            await Task.Delay(10);
        }

        if (told[0].Receiving.IsCompleted)
        {
            Console.Error.WriteLine("The server closed the connection of the host, which is told of everybody and read too slowly: the run is void.");
            return false;
        }

        double known = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int wrong = told.Count(client => client.AudienceCount != expected);
        int rest = await server.AudienceCountAsync(Room);

        // 3. Until the backends know everybody.
        double[] drained = await Task.WhenAll(receivers.Select(async (receiver, i) =>
        {
            await receiver.UntilAsync(noticesBefore[i] + members.Length, TimeSpan.FromSeconds(5));
            return Stopwatch.GetElapsedTime(start, receiver.Received[^1].At).TotalSeconds;
        }));
        var after = await server.MetricsAsync();
        var cpuAll = server.Cpu - cpu;
        int type = what == "join" ? 105 : 106;
        var histories = receivers.Select((receiver, i) =>
            receiver.Received.Skip(noticesBefore[i]).Where(notice => notice.Room == Room && notice.EventType == type).ToArray());
        bool isHistoryRight = histories.All(history =>
            history.Length == members.Length && history.Select(notice => notice.Account).Distinct().Count() == members.Length
            && history.Select(notice => notice.Seq).SequenceEqual(history.Select(notice => notice.Seq).Order()));
        bool isRight = answers.All(answer => answer) && wrong == 0 && rest == expected && isHistoryRight;

        // 4. The figures.
        double[] delays = [.. receivers.SelectMany((receiver, i) => Delays(receiver.Received.Skip(noticesBefore[i]), members, type))];
        const string append = "dais_log_append_duration_seconds";
        double appends = after.Sum(append + "_count") - before.Sum(append + "_count");
        double events = after.Sum("dais_log_events_total") - before.Sum("dais_log_events_total");
        Say($"{what,-6} {seconds,12:F2} s   {cpuAnswered.TotalMicroseconds / members.Length,5:F0} us of CPU each, "
            + $"{cpuAll.TotalMicroseconds / members.Length:F0} with what follows; everybody knows the count after {known:F2} s");
        Say($"  log: {appends:F0} appends, {events / appends:F0} events each; "
            + $"p50 {1e3 * after.QuantileSince(before, append, 0.5):F1} ms, p99 {1e3 * after.QuantileSince(before, append, 0.99):F1} ms at most");
        if (receivers.Length > 0)
        {
            Say($"  webhooks: the last after {drained.Max():F2} s, {members.Length / drained.Max():F0} a second; "
                + $"behind the answer p50 {1e3 * Quantiles.Of(delays, 0.5):F0} ms, p99 {1e3 * Quantiles.Of(delays, 0.99):F0} ms");
        }

        Say($"  count {expected}: {told.Length - wrong} of {told.Length} clients, REST {rest}, "
            + $"webhook histories {(isHistoryRight ? "right" : "WRONG")}; load used {(Process.GetCurrentProcess().TotalProcessorTime - own).TotalSeconds:F2} s of CPU");
        return isRight;
    }

    private static IEnumerable<double> Delays(IEnumerable<Received> notices, Client[] members, int type)
    {
        var answered = members.ToDictionary(member => member.User, member => member.AnsweredAt);
        return notices
            .Where(notice => notice.EventType == type && answered.ContainsKey(notice.Account))
            .Select(notice => Stopwatch.GetElapsedTime(answered[notice.Account], notice.At).TotalSeconds);
    }

    private static async Task WarmUpAsync(int port)
    {
        const string inRoom = "\"roomId\":\"warm-up\"";
        Client[] some = [.. Enumerable.Range(0, WarmUps).Select(index => new Client($"early-{index}"))];
        await Task.WhenAll(Crowd.Chunks(some).Select(chunk => Crowd.OneByOneAsync(chunk, async client =>
        {
            await client.OpenAsync(port);
            if (client == some[0])
            {
                await client.CallAsync("room.start", inRoom);
            }
        })));
        for (int i = 0; i < 4; i++)
        {
            await Task.WhenAll(some[1..].Select(client => client.CallAsync("room.join", inRoom)));
            await Task.WhenAll(some[1..].Select(client => client.CallAsync("room.leave", inRoom)));
        }

        await some[0].CallAsync("room.end", inRoom);
        await Task.Delay(2_000);
        foreach (var client in some)
        {
            client.Dispose();
        }

        await Task.Delay(1_000);
    }

    private static void Say(string line) => Console.WriteLine(line);
}

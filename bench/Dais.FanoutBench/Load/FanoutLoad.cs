using System.Diagnostics;
using System.Globalization;

namespace Dais.FanoutBench.Load;

/// <summary>Members of one room, of whom one sends; measures what delivering to all of them costs the server.</summary>
internal static class FanoutLoad
{
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    internal static async Task<int> RunAsync(LoadOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var server = new ServerProcess(options.ProcessId);

        // 1. The sender comes first, then everybody else.
        long memoryBefore = server.Memory;
        var joining = Stopwatch.StartNew();
        var members = await ConnectAsync(options);
        joining.Stop();
        var receiving = Task.WhenAny(members.Select(member => member.ReceiveAsync()));

        // 2. Their idle cost, when the dust of joining has settled.
        await Task.Delay(Warmup);
        double memoryEach = (server.Memory - memoryBefore) / 1024.0 / options.Members;
        string text = new('x', options.Bytes);
        await SendAsync(members[Dialect.Sender], options, text, Warmup);
        await DrainAsync(members, receiving);

        // 3. The measured stretch, until the last message has arrived.
        long before = Delivered(members);
        var cpuBefore = server.Cpu;
        var clock = Stopwatch.StartNew();
        int sent = await SendAsync(members[Dialect.Sender], options, text, TimeSpan.FromSeconds(options.Seconds));
        await DrainAsync(members, receiving);
        double seconds = clock.Elapsed.TotalSeconds;
        double cpu = (server.Cpu - cpuBefore).TotalSeconds;
        long delivered = Delivered(members) - before;
        if (delivered != (long)sent * members.Length)
        {
            Console.Error.WriteLine($"{sent} messages to {members.Length} members gave {delivered} deliveries: the run is void.");
            return 1;
        }

        Console.WriteLine(
            $"{delivered / cpu:F0} {delivered / seconds:F0} {cpu / delivered * 1e6:F2} {memoryEach:F1} {joining.Elapsed.TotalSeconds:F2}");
        return 0;
    }

    private static async Task<Member[]> ConnectAsync(LoadOptions options)
    {
        Member[] members = [.. Enumerable.Range(0, options.Members).Select(index => new Member(options.Dialect, index))];
        await members[Dialect.Sender].ConnectAsync(options.Port);
        const int atOnce = 64;
        foreach (var some in members.Skip(1).Chunk(atOnce))
        {
            await Task.WhenAll(some.Select(member => member.ConnectAsync(options.Port)));
        }

        return members;
    }

    /// <summary>Sends at the rate for a while; what a late timer missed is caught up. Gives the number of messages.</summary>
    private static async Task<int> SendAsync(Member sender, LoadOptions options, string text, TimeSpan duration)
    {
        string message = options.Dialect.Say(text);
        int total = (int)(options.Rate * duration.TotalSeconds);
        var clock = Stopwatch.StartNew();
        for (int sent = 0; sent < total; sent++)
        {
            var due = TimeSpan.FromSeconds((double)sent / options.Rate) - clock.Elapsed;
            if (due > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(due);
            }

            await sender.SayAsync(message);
        }

        return total;
    }

    /// <summary>Waits until nothing more arrives.</summary>
    private static async Task DrainAsync(Member[] members, Task<Task> receiving)
    {
        var clock = Stopwatch.StartNew();
        long last = -1;
        while (Delivered(members) is var now && now != last && clock.Elapsed < DrainMax)
        {
            if (receiving.IsCompleted)
            {
                await await receiving;
            }

            last = now;
            await Task.Delay(250);
        }
    }

    private static long Delivered(Member[] members) => members.Sum(member => member.Messages);
}

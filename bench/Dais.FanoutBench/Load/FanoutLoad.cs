using System.Diagnostics;
using System.Globalization;

namespace Dais.FanoutBench.Load;

/// <summary>Members of one room, of whom one sends; measures what delivering to all of them costs the server.</summary>
internal static class FanoutLoad
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>By then the server's code is compiled for good; compiling takes as much of the core as telling does.</summary>
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(10);

    /// <summary>The first members are this part of all: they warm the server up before its memory is looked at.</summary>
    private const int FewPart = 5;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(10);

    internal static async Task<int> RunAsync(LoadOptions options)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var server = new ServerProcess(options.ProcessId);

        // 1. The sender comes first, then some, by whom the server warms up.
        Member[] members = [.. Enumerable.Range(0, options.Members).Select(index => new Member(options.Dialect, index))];
        await members[Dialect.Sender].ConnectAsync(options.Port);
        int few = options.Members / FewPart;
        await ConnectAsync(members[1..few], options);
        await Task.Delay(Settling);

        // 2. What each of the others costs, when the dust of their joining has settled.
        long memoryBefore = server.Memory;
        var joining = Stopwatch.StartNew();
        await ConnectAsync(members[few..], options);
        joining.Stop();
        var receiving = Task.WhenAny(members.Select(member => member.ReceiveAsync()));
        await Task.Delay(Settling);
        double memoryEach = (server.Memory - memoryBefore) / 1024.0 / (options.Members - few);
        string text = new('x', options.Bytes);
        await TellAsync(members, receiving, options, text, Warmup);

        // 3. The measured stretch, until the last message has arrived.
        long before = Delivered(members);
        var cpuBefore = server.Cpu;
        var clock = Stopwatch.StartNew();
        int sent = await TellAsync(members, receiving, options, text, TimeSpan.FromSeconds(options.Seconds));
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

    private static async Task ConnectAsync(Member[] members, LoadOptions options)
    {
        const int atOnce = 64;
        foreach (var some in members.Chunk(atOnce))
        {
            await Task.WhenAll(some.Select(member => member.ConnectAsync(options.Port)));
        }
    }

    /// <summary>Has everybody told for a while, until the last message has arrived. Gives the number of messages.</summary>
    private static async Task<int> TellAsync(
        Member[] members, Task<Task> receiving, LoadOptions options, string text, TimeSpan duration)
    {
        long before = Delivered(members);
        int sent = await SendAsync(members[Dialect.Sender], options, text, duration);
        await DrainAsync(members, receiving, before + ((long)sent * members.Length));
        return sent;
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

    /// <summary>Waits until <paramref name="expected"/> messages have arrived, or nothing arrives any more.</summary>
    private static async Task DrainAsync(Member[] members, Task<Task> receiving, long expected)
    {
        var quiet = Stopwatch.StartNew();
        long last = -1;
        while (Delivered(members) is var now && now < expected && quiet.Elapsed < QuietMax)
        {
            if (receiving.IsCompleted)
            {
                await await receiving;
            }

            if (now != last)
            {
                last = now;
                quiet.Restart();
            }

            await Task.Delay(Poll);
        }
    }

    private static long Delivered(Member[] members) => members.Sum(member => member.Messages);
}

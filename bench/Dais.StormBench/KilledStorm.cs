using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Dais.StormBench.Load;
using Dais.StormBench.Server;

namespace Dais.StormBench;

/// <summary>
/// Members join and leave a room while the server is killed with SIGKILL, again and again, and come back each time. In the end the history that
/// webhooks make has every join and leave that was answered, in order, and agrees with the clients and REST about who is there.
/// </summary>
internal sealed class KilledStorm : IDisposable
{
    private const string Room = "storm";
    private const string InRoom = $"\"roomId\":\"{Room}\"";

    /// <summary>Each notice of so many is refused at first, and has to come again.</summary>
    private const int RefusedEach = 20_000;

    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(20);

    private readonly Options _options;
    private readonly Receiver _receiver = new(RefusedEach);
    private readonly BenchFolder _folder;
    private readonly ConcurrentDictionary<string, (int Joins, int Leaves)> _answered = new();
    private readonly SemaphoreSlim _opening = new(128);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BenchServer? _server;
    private volatile bool _isEnding;
    private int _lost;

    private KilledStorm(Options options)
    {
        _options = options;
        _folder = new BenchFolder(options.Data);
    }

    internal static async Task<int> RunAsync(Options options)
    {
        using var run = new KilledStorm(options);
        return await run.RunAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server?.Dispose();
        _receiver.Dispose();
        _folder.Dispose();
        _opening.Dispose();
    }

    private async Task<int> RunAsync()
    {
        // 1. Members come and go, until the server is gone and there again.
        await StartAsync();
        var clock = Stopwatch.StartNew();
        var host = HostAsync();
        await _opened.Task;
        Task<Client>[] members = [.. Enumerable.Range(0, _options.Members).Select(BeAroundAsync)];
        for (int kill = 0; kill < _options.Kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(_options.Seconds));
            var killed = _server!;
            _server = null;
            await killed.KillAsync();
            killed.Dispose();
            long down = Stopwatch.GetTimestamp();
            await StartAsync();
            Console.WriteLine(
                $"{clock.Elapsed.TotalSeconds,6:F1} s: killed; there again after {Stopwatch.GetElapsedTime(down).TotalSeconds:F1} s. "
                + $"So far {_answered.Values.Sum(each => each.Joins)} joins and {_answered.Values.Sum(each => each.Leaves)} leaves answered, "
                + $"{_receiver.Count} notices, {_lost} connections lost");
        }

        // 2. Who has an even number stays, who has an odd one leaves; nobody does anything after that.
        await Task.Delay(TimeSpan.FromSeconds(_options.Seconds));
        _isEnding = true;
        var clients = await Task.WhenAll(members);
        var owner = await host;
        int expected = (_options.Members + 1) / 2;
        using var pings = new Pings([owner, .. clients]);
        while (await _receiver.UntilAsync(_receiver.Count + 1, TimeSpan.FromSeconds(5)))
        {
            // Until the backend has everything.
        }

        bool isRight = await CompareAsync(owner, clients, expected, clock);

        // 3. The room ends, and everybody leaves with it.
        await owner.CallAsync("room.end", InRoom);
        await _receiver.UntilAsync(_receiver.Count + expected + 2, QuietMax);
        isRight &= IsWholeHistory(History(), isOver: true);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        owner.Dispose();
        Console.WriteLine(isRight ? "Nothing was lost." : "The histories DIFFER.");
        return isRight ? 0 : 1;
    }

    private async Task StartAsync() => _server = await BenchServer.StartAsync(_folder.Path, _options.Cores, [_receiver.Url]);

    /// <summary>Everybody agrees on who is there.</summary>
    private async Task<bool> CompareAsync(Client owner, Client[] clients, int expected, Stopwatch clock)
    {
        Client[] told = [owner, .. clients.Where((_, index) => index % 2 == 0)];
        var counting = Stopwatch.StartNew();
        while (told.Any(client => client.AudienceCount != expected) && counting.Elapsed < QuietMax)
        {
            await Task.Delay(50);
        }

        int right = told.Count(client => client.AudienceCount == expected);
        int rest = await _server!.AudienceCountAsync(Room);
        var history = History();
        int count = history.Count(notice => notice.EventType == 105) - history.Count(notice => notice.EventType == 106);
        Console.WriteLine(
            $"{clock.Elapsed.TotalSeconds,6:F1} s: {history.Length} notices ({_receiver.Count - history.Length} came again), "
            + $"{_answered.Values.Sum(each => each.Joins)} joins and {_answered.Values.Sum(each => each.Leaves)} leaves answered; "
            + $"{expected} stay: {right} of {told.Length} clients say so, REST {rest}, webhook history {count}");
        return right == told.Length && rest == expected && count == expected && IsWholeHistory(history, isOver: false);
    }

    /// <summary>Each notice once, in the order in which they first came.</summary>
    private Received[] History() => [.. _receiver.Received.DistinctBy(notice => notice.Id)];

    /// <summary>In the room's order; each user joins, leaves, joins and so on; nothing that was answered is missing.</summary>
    private bool IsWholeHistory(Received[] history, bool isOver)
    {
        bool isRight = history.Select(notice => notice.Seq).SequenceEqual(history.Select(notice => notice.Seq).Order());
        foreach (var own in history.Where(notice => notice.EventType is 105 or 106).GroupBy(notice => notice.Account))
        {
            int[] types = [.. own.Select(notice => notice.EventType)];
            var (joins, leaves) = _answered.GetValueOrDefault(own.Key);
            isRight &= types.Select((type, i) => type == (i % 2 == 0 ? 105 : 106)).All(isNext => isNext)
                && types.Count(type => type == 105) >= joins && types.Count(type => type == 106) >= leaves
                && (!isOver || types[^1] == 106);
        }

        int users = history.Where(notice => notice.EventType == 105).Select(notice => notice.Account).Distinct().Count();
        return isRight && users == _options.Members;
    }

    private async Task<Client> HostAsync()
    {
        while (true)
        {
            if (_server is not { } server || await TryOpenAsync("host", server) is not { } host)
            {
                await Task.Delay(50);
                continue;
            }

            try
            {
                await host.CallAsync("room.start", InRoom);
                _opened.TrySetResult();
                while (!_isEnding && !host.Receiving.IsCompleted)
                {
                    await Task.Delay(500);
                    if (host.IsSilent)
                    {
                        await host.PingAsync();
                    }
                }

                if (!host.Receiving.IsCompleted)
                {
                    return host;
                }
            }
            catch (SocketException)
            {
                // Killed; once more.
            }

            host.Dispose();
        }
    }

    /// <summary>One member, from the first join to the last.</summary>
    private async Task<Client> BeAroundAsync(int index)
    {
        string user = $"member-{index}";
        var random = new Random(index);
        while (true)
        {
            var client = await OpenAsync(user);
            try
            {
                await ComeAndGoAsync(client, random);

                // The last word: here, or not.
                await JoinAsync(client);
                if (index % 2 != 0)
                {
                    await LeaveAsync(client);
                }

                return client;
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref _lost);
                client.Dispose();
            }
        }
    }

    private async Task ComeAndGoAsync(Client client, Random random)
    {
        while (!_isEnding)
        {
            await JoinAsync(client);
            await PauseAsync(client, random);
            await LeaveAsync(client);
            await PauseAsync(client, random);
        }
    }

    /// <summary>So long that all together make the changes a second that were asked for.</summary>
    private async Task PauseAsync(Client client, Random random)
    {
        double seconds = _options.Rate == 0 ? 0 : 2.0 * random.NextDouble() * _options.Members / _options.Rate;
        for (var rest = TimeSpan.FromSeconds(seconds); rest > TimeSpan.Zero && !_isEnding; rest -= TimeSpan.FromSeconds(1))
        {
            await Task.Delay(rest < TimeSpan.FromSeconds(1) ? rest : TimeSpan.FromSeconds(1));
            if (client.IsSilent)
            {
                await client.PingAsync();
            }
        }
    }

    private async Task JoinAsync(Client client)
    {
        while (!await client.CallAsync("room.join", InRoom))
        {
            // The host is not there yet.
            await Task.Delay(200);
        }

        Answered(client.User, joins: 1, leaves: 0);
    }

    private async Task LeaveAsync(Client client)
    {
        if (await client.CallAsync("room.leave", InRoom))
        {
            Answered(client.User, joins: 0, leaves: 1);
        }
    }

    private void Answered(string user, int joins, int leaves) => _answered.AddOrUpdate(
        user, (joins, leaves), (_, before) => (before.Joins + joins, before.Leaves + leaves));

    /// <summary>Connects as soon as there is a server.</summary>
    private async Task<Client> OpenAsync(string user)
    {
        while (true)
        {
            await _opening.WaitAsync();
            try
            {
                if (_server is { } server && await TryOpenAsync(user, server) is { } client)
                {
                    return client;
                }
            }
            finally
            {
                _opening.Release();
            }

            await Task.Delay(100);
        }
    }

    private static async Task<Client?> TryOpenAsync(string user, BenchServer server)
    {
        var client = new Client(user);
        try
        {
            await client.OpenAsync(server.Port);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }
}

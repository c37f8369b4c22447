namespace Dais.StormBench.Load;

/// <summary>Many clients doing the same.</summary>
internal static class Crowd
{
    /// <summary>How many connect at once.</summary>
    private const int AtOnce = 64;

    /// <summary>The clients in parts that do something at the same time.</summary>
    internal static IEnumerable<Client[]> Chunks(Client[] clients) =>
        clients.Length == 0 ? [] : clients.Chunk((clients.Length + AtOnce - 1) / AtOnce);

    /// <summary>Each of <paramref name="clients"/> after the other.</summary>
    internal static async Task OneByOneAsync(Client[] clients, Func<Client, Task> action)
    {
        foreach (var client in clients)
        {
            await action(client);
        }
    }
}

/// <summary>Says for clients that say nothing else that they are still here.</summary>
internal sealed class Pings : IDisposable
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(500));

    internal Pings(Client[] clients) => _ = PingAsync(clients);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private async Task PingAsync(Client[] clients)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            foreach (var client in clients)
            {
                if (client.IsSilent && !client.Receiving.IsCompleted)
                {
                    try
                    {
                        await client.PingAsync();
                    }
                    catch (Exception over) when (over is System.Net.Sockets.SocketException or ObjectDisposedException)
                    {
                        // Whoever wants an answer of it finds out.
                    }
                }
            }
        }
    }
}

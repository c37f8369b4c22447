using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dais.FanoutBench;

/// <summary>Where a server of the run listens.</summary>
internal static class FreePort
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    /// <summary>Prints a port nobody listens on.</summary>
    internal static int Print()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        return 0;
    }

    /// <summary>Waits until somebody listens on <paramref name="port"/>.</summary>
    internal static async Task<int> WaitAsync(string port)
    {
        using var limit = new CancellationTokenSource(StartMax);
        while (!limit.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), limit.Token);
                return 0;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        return 1;
    }
}

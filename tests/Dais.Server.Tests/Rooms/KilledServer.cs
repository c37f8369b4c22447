using System.Diagnostics;
using System.Net.WebSockets;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Rooms;

/// <summary>The real server as a process of its own, to be killed.</summary>
public sealed class KilledServer : IDisposable
{
    private readonly Process _process;
    private readonly Uri _address;

    private KilledServer(Process process, Uri address)
    {
        _process = process;
        _address = address;
    }

    /// <summary>Starts it on the files in <paramref name="dataPath"/> and waits until it says where it listens.</summary>
    public static async Task<KilledServer> StartAsync(string dataPath, Dictionary<string, string?>? settings = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Dais.Server.exe" : "Dais.Server");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, WorkingDirectory = dataPath };
        foreach (var (name, value) in new (string Name, string Value)[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
            ("Dais__DataPath", dataPath),
            ("Dais__Media__Port", "0"),
            ("Dais__Media__Workers", "1"),
            ("Dais__Media__AdvertisedAddresses", "127.0.0.1"),
            ("Dais__Limits__RequestsPerSecond", "100000"),
            ("Dais__Limits__RequestsBurst", "100000"),
        })
        {
            start.Environment[name] = value;
        }

        foreach (var (key, value) in settings ?? [])
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        string said = "";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TestClient.Patience) is { } line)
        {
            said += line + "\n";
            if (line.Split("open ") is [_, var rest])
            {
                // Nobody reads the rest: it is less than a pipe holds.
                return new KilledServer(process, new Uri(rest.Split(' ')[0]));
            }
        }

        throw new InvalidOperationException($"The server did not start:\n{said}");
    }

    /// <summary>Connects and opens the session of <paramref name="userId"/>.</summary>
    public async Task<TestClient> OpenAsync(string userId)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(SignalingEndpoint.Subprotocol);
        var address = new UriBuilder(_address) { Scheme = "ws", Path = SignalingEndpoint.Path }.Uri;
        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        var client = new TestClient(socket);
        await client.CallAsync("session.open", new() { ["userId"] = userId });
        return client;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}

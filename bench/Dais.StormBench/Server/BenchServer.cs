using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Dais.Server.Access;
using Dais.StormBench.Load;

namespace Dais.StormBench.Server;

/// <summary>The real server as a process of its own, with its journal on the disk, on the cores it is given.</summary>
internal sealed class BenchServer : IDisposable
{
    private const string Key = "a key of the bench that is long enough for HMAC";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http;

    private BenchServer(Process process, Uri address)
    {
        _process = process;
        Port = address.Port;
        string token = new AccessTokenIssuer("bench", Key).Issue(new AccessToken(
            "bench", AccessToken.AnyRoom, [AccessRole.Server], DateTimeOffset.UtcNow.AddDays(1)));
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where it listens.</summary>
    internal int Port { get; }

    /// <summary>The process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>CPU time so far, of user and kernel.</summary>
    internal TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it on the files in <paramref name="dataPath"/> and waits until it listens.</summary>
    /// <param name="dataPath">Its folder.</param>
    /// <param name="cores">As taskset takes them; empty for all.</param>
    /// <param name="webhooks">Who is told; may be empty.</param>
    internal static async Task<BenchServer> StartAsync(string dataPath, string cores, IReadOnlyList<Uri> webhooks)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Dais.Server");
        var start = cores.Length == 0 ? new ProcessStartInfo(program) : new ProcessStartInfo("taskset", ["-c", cores, program]);
        start.RedirectStandardOutput = true;
        start.WorkingDirectory = dataPath;
        Configure(start.Environment, dataPath, webhooks);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server cannot be started.");
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, said) =>
        {
            if (said.Data?.Split(" open http:") is [_, var rest])
            {
                ready.TrySetResult(new Uri("http:" + rest.Split(' ')[0]));
            }
            else if (said.Data is { } line && (line.StartsWith("fail", StringComparison.Ordinal) || line.StartsWith("crit", StringComparison.Ordinal)))
            {
                Console.Error.WriteLine(line);
            }
        };
        process.BeginOutputReadLine();
        return new BenchServer(process, await ready.Task.WaitAsync(StartMax));
    }

    /// <summary>SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>What `/metrics` says now.</summary>
    internal async Task<MetricsPage> MetricsAsync() => new(await _http.GetStringAsync("/metrics"));

    /// <summary>How many the audience of a room has, as REST says.</summary>
    internal async Task<int> AudienceCountAsync(string roomId)
    {
        using var room = JsonDocument.Parse(await _http.GetByteArrayAsync($"/v1/rooms/{roomId}"));
        return room.RootElement.GetProperty("audienceCount").GetInt32();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _http.Dispose();
        _process.Dispose();
    }

    private static void Configure(IDictionary<string, string?> environment, string dataPath, IReadOnlyList<Uri> webhooks)
    {
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["DOTNET_gcServer"] = "0";
        environment["Dais__DataPath"] = dataPath;
        environment["Dais__Keys__bench"] = Key;
        environment["Dais__Media__Port"] = "0";
        environment["Dais__Media__Workers"] = "1";
        environment["Dais__Media__AdvertisedAddresses"] = "127.0.0.1";
        environment["Dais__Limits__RequestsPerSecond"] = "100000";
        environment["Dais__Limits__RequestsBurst"] = "100000";
        environment["Dais__Limits__MembersPerRoomMax"] = "20000";
        environment["Dais__Webhooks__AllowPrivateTargets"] = "true";
        for (int i = 0; i < webhooks.Count; i++)
        {
            string endpoint = string.Create(CultureInfo.InvariantCulture, $"Dais__Webhooks__e{i}__");
            environment[endpoint + "Url"] = webhooks[i].ToString();
            environment[endpoint + "Secret"] = Receiver.Secret;
        }
    }
}

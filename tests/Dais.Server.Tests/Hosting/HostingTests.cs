using System.Net;
using Dais.Server.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Dais.Server.Tests.Hosting;

public sealed class HostingTests : IDisposable
{
    private readonly string _webRoot = Directory.CreateTempSubdirectory("dais-web").FullName;

    [Fact]
    public async Task Health_says_alive_and_readiness_follows_the_media_workers()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Equal((HttpStatusCode.OK, "ok"), await GetAsync(server, "/healthz"));
        Assert.Equal((HttpStatusCode.OK, "ready"), await GetAsync(server, "/readyz"));
        server.Worker.IsRunning = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(server, "/readyz")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/healthz")).Status);
    }

    [Fact]
    public async Task Stopping_tells_every_connection_to_come_back_later()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("lobby");
        await using var viewer = await server.JoinRoomAsync("lobby", "vera");

        await server.StopAsync().WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(4410, await host.Closed);
        Assert.Equal(4410, await viewer.Closed);
    }

    [Fact]
    public async Task The_start_says_in_plain_words_where_to_go()
    {
        await using var server = await TestServer.StartAsync();

        string line = Assert.Single(server.Log.OwnLines, line => line.Id.Id == 1).Text;
        Assert.Contains($"open {server.Address.GetLeftPart(UriPartial.Authority)} in a browser", line, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:5181", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_app_has_its_pages_files_and_cache_headers()
    {
        Directory.CreateDirectory(Path.Combine(_webRoot, "assets"));
        await File.WriteAllTextAsync(Path.Combine(_webRoot, "index.html"), "<p>Dais</p>", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_webRoot, "assets", "app-1a2b.js"), "1", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync(webRoot: _webRoot);
        using var http = server.CreateHttpClient();

        foreach (string page in new[] { "/", "/index.html", "/live/some-room" })
        {
            using var answer = await http.GetAsync(page, TestContext.Current.CancellationToken);
            Assert.Equal("<p>Dais</p>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        }

        using var script = await http.GetAsync("/assets/app-1a2b.js", TestContext.Current.CancellationToken);
        Assert.Contains("immutable", script.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        foreach (string missing in new[] { "/assets/other.js", "/favicon.png", "/v1/nothing" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(server, missing)).Status);
        }
    }

    [Fact]
    public void A_wrong_setting_stops_the_start()
    {
        var builder = WebApplication.CreateSlimBuilder(["--Dais:Media:Port=ninety", $"--Dais:Keys:main={TestServer.Secret}"]);

        var refusal = Assert.Throws<DaisConfigurationException>(builder.AddDais);

        Assert.StartsWith("Dais:Media:Port must be a whole number", refusal.Message, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_webRoot, recursive: true);

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(TestServer server, string path)
    {
        using var http = server.CreateHttpClient();
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

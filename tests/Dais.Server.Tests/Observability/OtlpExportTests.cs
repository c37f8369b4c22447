using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dais.Server.Tests.Observability;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task Metrics_and_traces_reach_a_collector()
    {
        await using var collector = await Collector.StartAsync();
        await using (var server = await TestServer.StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "dais-under-test",
        }))
        {
            await using var host = await server.StartRoomAsync("kitchen");
            await using var viewer = await server.JoinRoomAsync("kitchen", "vera");
            await server.StopAsync();
        }

        string metrics = collector.TextOf("/v1/metrics");
        Assert.Contains("dais-under-test", metrics, StringComparison.Ordinal);
        Assert.Contains("dais.joins", metrics, StringComparison.Ordinal);
        Assert.Contains("dais.log.append.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("dais.rooms", metrics, StringComparison.Ordinal);
        string traces = collector.TextOf("/v1/traces");
        Assert.Contains("room.join", traces, StringComparison.Ordinal);
        Assert.Contains("room.decide", traces, StringComparison.Ordinal);
        Assert.Contains("room.commit", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("kitchen", metrics + traces, StringComparison.Ordinal);
        Assert.DoesNotContain("vera", metrics + traces, StringComparison.Ordinal);
        Assert.All(collector.Requests, request => Assert.Equal("application/x-protobuf", request.ContentType));
    }

    /// <summary>Takes what OTLP over HTTP sends, and keeps it as it is.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Collector(WebApplication app)
        {
            _app = app;
            app.Map("/{**path}", TakeAsync);
        }

        public ConcurrentQueue<(string Path, string? ContentType, byte[] Body)> Requests { get; } = new();

        public string Address => _app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["urls"] = "http://127.0.0.1:0";
            var collector = new Collector(builder.Build());
            await collector._app.StartAsync(TestContext.Current.CancellationToken);
            return collector;
        }

        public string TextOf(string path) =>
            string.Concat(Requests.Where(request => request.Path == path).Select(request => Encoding.UTF8.GetString(request.Body)));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Requests.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
        }
    }
}

using System.Diagnostics.Metrics;
using Dais.Server.Access;
using Dais.Server.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Observability;

public sealed class MetricsTests
{
    private static readonly Lazy<Task<(ParsedMetrics Metrics, Dictionary<string, string?> Units)>> Busy = new(ReadBusyAsync);

    [Fact]
    public async Task A_live_is_seen_in_the_metrics()
    {
        await using var server = await TestServer.StartAsync();
        var before = await ReadAsync(server);
        await using var host = await server.StartRoomAsync("kitchen");
        await using var guest = await server.JoinRoomAsync("kitchen", "gus");
        await using var viewer = await server.JoinRoomAsync("kitchen", "vera");
        await guest.CallAsync("seat.apply", new() { ["roomId"] = "kitchen" });
        await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "kitchen", ["userId"] = "gus" });
        await viewer.CallAsync("seat.apply", new() { ["roomId"] = "kitchen" });
        await viewer.CallAsync("message.send", new() { ["roomId"] = "kitchen", ["kind"] = "text", ["text"] = "hello" });
        await viewer.RefusedAsync("room.end", new() { ["roomId"] = "kitchen" });

        var live = await ReadAsync(server);

        Assert.Equal(0, before["dais_rooms{phase=\"live\"}"]);
        Assert.Equal(1, live["dais_rooms{phase=\"live\"}"]);
        Assert.Equal(3, live["dais_members"]);
        Assert.Equal(2, live["dais_seats_taken"]);
        Assert.Equal(3, live["dais_signaling_connections"]);
        Assert.Equal(3, live.Values.Where(series => series.Key.StartsWith("dais_joins_total", StringComparison.Ordinal)).Sum(series => series.Value));
        Assert.Equal(1, live["dais_rooms_started_total"]);
        Assert.Equal(2, live["dais_requests_made_total{kind=\"application\"}"]);
        Assert.Equal(1, live["dais_requests_ended_total{kind=\"application\",outcome=\"accepted\"}"]);
        Assert.Equal(1, live["dais_requests_open{kind=\"application\"}"]);
        Assert.Equal(1, live["dais_messages_total{kind=\"text\"}"]);
        Assert.Equal(2, live["dais_signaling_calls_total{method=\"room.join\",outcome=\"ok\"}"]);
        Assert.Equal(1, live["dais_signaling_calls_total{method=\"room.end\",outcome=\"noPermission\"}"]);
        Assert.True(live["dais_log_events_total"] >= 6);
        Assert.True(live["dais_log_events_size_bytes_total"] > 0);
        Assert.Equal(live["dais_log_appends_total{outcome=\"appended\"}"], live["dais_log_append_duration_seconds_count"]);
        Assert.True(live["dais_signaling_call_duration_seconds_bucket{le=\"+Inf\"}"] >= 8);
        Assert.Equal("counter", live.Types["dotnet_gc_collections_total"]);
    }

    [Fact]
    public async Task A_room_that_ends_takes_its_members_and_requests_along()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("kitchen");
        await using var viewer = await server.JoinRoomAsync("kitchen", "vera");
        await viewer.CallAsync("seat.apply", new() { ["roomId"] = "kitchen" });
        await using var leaver = await server.JoinRoomAsync("kitchen", "liam");
        await leaver.CallAsync("room.leave", new() { ["roomId"] = "kitchen" });
        await host.CallAsync("room.end", new() { ["roomId"] = "kitchen" });

        var metrics = await ReadAsync(server);

        Assert.Equal(0, metrics["dais_members"]);
        Assert.Equal(1, metrics["dais_rooms_ended_total{reason=\"host\"}"]);
        Assert.Equal(1, metrics["dais_leaves_total{reason=\"left\"}"]);
        Assert.Equal(2, metrics["dais_leaves_total{reason=\"room_ended\"}"]);
        Assert.Equal(1, metrics["dais_requests_ended_total{kind=\"application\",outcome=\"room_ended\"}"]);
    }

    [Fact]
    public async Task No_label_names_a_room_or_a_user()
    {
        await using var server = await TestServer.StartAsync();
        await using var host = await server.StartRoomAsync("room-with-a-name", "hana-the-host");
        await using var viewer = await server.JoinRoomAsync("room-with-a-name", "vera-the-viewer");
        await viewer.RefusedAsync("method-of-vera", new() { ["roomId"] = "room-with-a-name" });

        string text = await GetAsync(server);

        Assert.DoesNotContain("room-with-a-name", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hana", text, StringComparison.Ordinal);
        Assert.DoesNotContain("vera", text, StringComparison.Ordinal);
        Assert.Contains("dais_signaling_calls_total{method=\"none\",outcome=\"methodNotFound\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Media_workers_are_read()
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Media:Workers"] = "2" }, realMedia: true);

        var metrics = await ReadAsync(server);

        Assert.Equal(2, metrics["dais_media_workers"]);
        Assert.Contains("dais_media_received_bytes_total{worker=\"1\"}", metrics.Values.Keys);
        Assert.Contains("dais_media_dropped_packets_total{worker=\"0\",reason=\"awaiting_keyframe\"}", metrics.Values.Keys);
        Assert.True(metrics["dais_media_worker_busy_seconds_total{worker=\"0\"}"] >= 0);
        Assert.Contains("dais_media_transports{worker=\"0\"}", metrics.Values.Keys);
        Assert.Equal(
            ["0-300", "1000-3000", "300-1000", "3000-", "unknown"],
            metrics.Values.Keys.Where(series => series.StartsWith("dais_media_viewers_estimated{worker=\"0\"", StringComparison.Ordinal))
                .Select(series => series.Split('"')[3]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("dais_media_loss_ratio{worker=\"0\"}", metrics.Values.Keys);
    }

    [Theory]
    [InlineData("dais_rooms", "gauge", "{room}")]
    [InlineData("dais_members", "gauge", "{member}")]
    [InlineData("dais_seats", "gauge", "{seat}")]
    [InlineData("dais_seats_taken", "gauge", "{seat}")]
    [InlineData("dais_requests_made_total", "counter", "{request}")]
    [InlineData("dais_requests_ended_total", "counter", "{request}")]
    [InlineData("dais_requests_open", "gauge", "{request}")]
    [InlineData("dais_webhooks_lag_seconds", "gauge", "s")]
    [InlineData("dais_webhooks_parked", "gauge", "{notice}")]
    [InlineData("dais_log_append_duration_seconds", "histogram", "s")]
    [InlineData("dais_media_received_packets_total", "counter", "{packet}")]
    [InlineData("dais_media_sent_packets_total", "counter", "{packet}")]
    [InlineData("dais_media_forwarded_packets_total", "counter", "{packet}")]
    [InlineData("dais_media_dropped_packets_total", "counter", "{packet}")]
    [InlineData("dais_media_received_bytes_total", "counter", "By")]
    [InlineData("dais_media_forwarded_bytes_total", "counter", "By")]
    [InlineData("dais_media_viewers_lossy", "gauge", "{transport}")]
    [InlineData("dais_media_viewers_estimated", "gauge", "{transport}")]
    [InlineData("dais_media_viewers_queued", "gauge", "{transport}")]
    [InlineData("dais_media_viewers_paused", "gauge", "{transport}")]
    [InlineData("dais_media_pictures_paused_total", "counter", "{picture}")]
    [InlineData("dais_media_layer_switches_total", "counter", "{change}")]
    [InlineData("dais_media_probes_total", "counter", "{probe}")]
    [InlineData("dais_media_padding_bytes_total", "counter", "By")]
    [InlineData("dais_media_transport_feedback_received_total", "counter", "{packet}")]
    [InlineData("dais_media_transport_feedback_sent_total", "counter", "{packet}")]
    [InlineData("dais_media_nacks_received_total", "counter", "{packet}")]
    [InlineData("dais_media_keyframe_requests_received_total", "counter", "{request}")]
    [InlineData("dais_media_keyframe_requests_sent_total", "counter", "{request}")]
    [InlineData("dais_media_worker_busy_seconds_total", "counter", "s")]
    public async Task What_operators_are_promised_is_served_with_its_type_and_unit(string name, string type, string unit)
    {
        var (metrics, units) = await Busy.Value;

        Assert.Equal((type, unit), (metrics.Types.GetValueOrDefault(name), units.GetValueOrDefault(name)));
        Assert.Contains(metrics.Values.Keys, series => series.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_token_only_this_machine_may_ask_and_not_through_a_proxy()
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.CreateHttpClient();
        using var proxied = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } };

        Assert.Equal(200, (int)(await http.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(401, (int)(await http.SendAsync(proxied, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Basic c2VjcmV0", 401)]
    [InlineData("Bearer something else", 401)]
    [InlineData("Bearer the token of the monitoring", 200)]
    public async Task With_a_token_everybody_needs_it(string? authorization, int status)
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Metrics:Token"] = "the token of the monitoring" });

        Assert.Equal(status, await StatusAsync(server, authorization));
    }

    [Theory]
    [InlineData(AccessRole.Server, "*", 200)]
    [InlineData(AccessRole.Server, "kitchen", 401)]
    [InlineData(AccessRole.Host, "*", 401)]
    public async Task The_backends_token_is_good_too(AccessRole role, string room, int status)
    {
        await using var server = await TestServer.StartAsync(new() { ["Dais:Metrics:Token"] = "the token of the monitoring" });
        string token = server.Tokens.Issue(
            new AccessToken("operator", room, [role], server.Time.GetUtcNow() + TimeSpan.FromMinutes(5)));

        Assert.Equal(status, await StatusAsync(server, $"Bearer {token}"));
    }

    /// <summary>A server where everything has happened that is counted only then, read once; loss has to be seen before it has a series.</summary>
    private static async Task<(ParsedMetrics Metrics, Dictionary<string, string?> Units)> ReadBusyAsync()
    {
        await using var server = await TestServer.StartAsync(realMedia: true);
        await using var host = await server.StartRoomAsync("kitchen");
        await using var viewer = await server.JoinRoomAsync("kitchen", "vera");
        await viewer.CallAsync("seat.apply", new() { ["roomId"] = "kitchen" });
        await host.CallAsync("seat.acceptApplication", new() { ["roomId"] = "kitchen", ["userId"] = "vera" });
        var own = server.Parts.GetRequiredService<ServerMetrics>().Meter;
        var units = new Dictionary<string, string?>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, own))
                {
                    units[PrometheusNames.NameOf(instrument)] = instrument.Unit;
                }
            },
        };
        listener.Start();
        return (await ReadAsync(server), units);
    }

    private static async Task<int> StatusAsync(TestServer server, string? authorization)
    {
        using var http = server.CreateHttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private static async Task<string> GetAsync(TestServer server)
    {
        using var http = server.CreateHttpClient();
        using var response = await http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<ParsedMetrics> ReadAsync(TestServer server) => new(await GetAsync(server));
}

using System.Diagnostics.Metrics;
using Dais.Server.Observability;

namespace Dais.Server.Tests.Observability;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("Dais.Tests.Prometheus");
    private readonly MetricsCollector _collector;

    public PrometheusTextTests() => _collector = new MetricsCollector(_meter, withRuntime: false);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Writes_the_text_format_of_Prometheus()
    {
        var calls = _meter.CreateCounter<long>("dais.calls", "{call}", "Calls, by \\ and\nline.");
        var waiting = _meter.CreateUpDownCounter<int>("dais.waiting");
        var took = _meter.CreateHistogram(
            "dais.took", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        _meter.CreateObservableGauge("dais.share", () => 0.25, "1", "A share.");
        _meter.CreateObservableCounter("dais.read", () => 7L, "By", "Bytes.");
        calls.Add(2, new KeyValuePair<string, object?>("method", "room.join"), new("outcome", "ok"));
        calls.Add(1, new KeyValuePair<string, object?>("method", "a \"quoted\" \\ one\nand more"), new("outcome", 7));
        calls.Add(1, new KeyValuePair<string, object?>("method", "room.join"), new("outcome", "ok"));
        waiting.Add(5);
        waiting.Add(-2);
        took.Record(0.05);
        took.Record(0.5);
        took.Record(30);

        string text = _collector.Collect();

        Assert.Equal(
            """
            # HELP dais_calls_total Calls, by \\ and\nline.
            # TYPE dais_calls_total counter
            dais_calls_total{method="a \"quoted\" \\ one\nand more",outcome="7"} 1
            dais_calls_total{method="room.join",outcome="ok"} 3
            # HELP dais_read_bytes_total Bytes.
            # TYPE dais_read_bytes_total counter
            dais_read_bytes_total 7
            # HELP dais_share_ratio A share.
            # TYPE dais_share_ratio gauge
            dais_share_ratio 0.25
            # HELP dais_took_seconds Time.
            # TYPE dais_took_seconds histogram
            dais_took_seconds_bucket{le="0.1"} 1
            dais_took_seconds_bucket{le="1"} 2
            dais_took_seconds_bucket{le="+Inf"} 3
            dais_took_seconds_sum 30.55
            dais_took_seconds_count 3
            # HELP dais_waiting 
            # TYPE dais_waiting gauge
            dais_waiting 3

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void An_observable_is_what_it_said_last()
    {
        List<Measurement<long>> said = [new(1, new KeyValuePair<string, object?>("worker", "0")), new(2)];
        _meter.CreateObservableGauge("dais.seen", () => said);
        _ = _collector.Collect();
        said = [new(5)];

        string text = _collector.Collect();

        Assert.Contains("\ndais_seen 5\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_series_is_bounded()
    {
        var wild = _meter.CreateCounter<long>("dais.wild");
        for (int i = 0; i < 3_000; i++)
        {
            wild.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        Assert.Equal(1_002, _collector.Collect().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_measurement_of_known_labels_allocates_nothing()
    {
        var calls = _meter.CreateCounter<long>("dais.calls");
        void Count() => calls.Add(1, new KeyValuePair<string, object?>("method", "room.join"), new("outcome", "ok"));
        for (int i = 0; i < 100; i++)
        {
            Count();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Count();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Another_meter_of_that_name_is_not_ours()
    {
        using var other = new Meter("Dais.Tests.Prometheus");
        other.CreateCounter<long>("dais.other").Add(1);

        Assert.Empty(_collector.Collect());
    }
}

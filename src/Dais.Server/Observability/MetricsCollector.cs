using System.Diagnostics.Metrics;
using System.Text;

namespace Dais.Server.Observability;

/// <summary>
/// Listens to this server's meter and to the runtime's, and writes what they say as Prometheus reads it: text format 0.0.4.
/// </summary>
public sealed class MetricsCollector : IDisposable
{
    /// <summary>The media type of what <see cref="Collect"/> gives.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string RuntimeMeter = "System.Runtime";

    private readonly Lock _gate = new();
    private readonly Lock _collecting = new();
    private readonly List<CollectedInstrument> _instruments = [];
    private readonly MeterListener _listener = new();

    /// <summary>Listens from now on.</summary>
    /// <param name="meter">The server's own meter.</param>
    /// <param name="withRuntime">Whether to listen to the runtime's meter too.</param>
    public MetricsCollector(Meter meter, bool withRuntime = true)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) || (withRuntime && instrument.Meter.Name == RuntimeMeter))
            {
                listener.EnableMeasurementEvents(instrument, Add(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, labels, state) => Record(value, labels, state));
        _listener.SetMeasurementEventCallback<int>(static (_, value, labels, state) => Record(value, labels, state));
        _listener.SetMeasurementEventCallback<double>(static (_, value, labels, state) => Record(value, labels, state));
        _listener.Start();
    }

    /// <summary>Asks every observable instrument, and writes everything that is known.</summary>
    public string Collect()
    {
        lock (_collecting)
        {
            CollectedInstrument[] instruments;
            lock (_gate)
            {
                instruments = [.. _instruments];
            }

            foreach (var instrument in instruments)
            {
                instrument.BeforeObservation();
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16_384);
            foreach (var instrument in instruments.OrderBy(instrument => instrument.Name, StringComparer.Ordinal))
            {
                PrometheusText.Write(text, instrument);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels, object? state) =>
        ((CollectedInstrument)state!).Record(value, labels);

    private CollectedInstrument Add(Instrument instrument)
    {
        var collected = new CollectedInstrument(instrument);
        lock (_gate)
        {
            _instruments.Add(collected);
        }

        return collected;
    }
}

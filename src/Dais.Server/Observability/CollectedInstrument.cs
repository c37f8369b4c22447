using System.Diagnostics.Metrics;
using Label = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Dais.Server.Observability;

/// <summary>What one instrument has said so far, by its labels. How many sets of labels are kept is bounded.</summary>
internal sealed class CollectedInstrument
{
    /// <summary>Most sets of labels of one instrument; what has further ones is not kept.</summary>
    public const int SetsMax = 1_000;

    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly Dictionary<Label[], Series> _series = new(LabelSets.Comparer);
    private readonly Dictionary<Label[], Series>.AlternateLookup<ReadOnlySpan<Label>> _byLabels;
    private readonly bool _isObservable;
    private readonly bool _isSet;

    public CollectedInstrument(Instrument instrument)
    {
        Name = PrometheusNames.NameOf(instrument);
        Type = PrometheusNames.TypeOf(instrument);
        Help = instrument.Description ?? "";
        _isObservable = instrument.IsObservable;

        // An observable says what its value is; a counter of the other kind, how much comes to it.
        _isSet = _isObservable || instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Gauge<>);
        Buckets = Type == PrometheusType.Histogram ? [.. BucketsOf(instrument)] : [];
        _byLabels = _series.GetAlternateLookup<ReadOnlySpan<Label>>();
    }

    public string Name { get; }

    public PrometheusType Type { get; }

    public string Help { get; }

    /// <summary>The upper ends of the ranges of a histogram, in order.</summary>
    public double[] Buckets { get; }

    /// <summary>An observable is about to be asked: what it does not say any more is gone.</summary>
    public void BeforeObservation()
    {
        if (_isObservable)
        {
            lock (_gate)
            {
                _series.Clear();
            }
        }
    }

    public void Record(double value, ReadOnlySpan<Label> labels)
    {
        lock (_gate)
        {
            if (!_byLabels.TryGetValue(labels, out var series))
            {
                if (_series.Count >= SetsMax)
                {
                    return;
                }

                _byLabels[labels] = series = new Series(new long[Buckets.Length]);
            }

            if (Type == PrometheusType.Histogram)
            {
                series.Add(value, Buckets);
            }
            else
            {
                series.Value = _isSet ? value : series.Value + value;
            }
        }
    }

    /// <summary>Gives <paramref name="write"/> each set of labels with what is known of it.</summary>
    public void Read(Action<Label[], Series> write)
    {
        lock (_gate)
        {
            foreach (var (labels, series) in _series)
            {
                write(labels, series);
            }
        }
    }

    private static IReadOnlyList<double> BucketsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } buckets } => buckets,
        Histogram<long> { Advice.HistogramBucketBoundaries: { } buckets } => [.. buckets.Select(end => (double)end)],
        _ => DefaultBuckets,
    };

    /// <summary>One set of labels.</summary>
    /// <param name="counts">How many values were in each range of a histogram, of those that fit no earlier one.</param>
    internal sealed class Series(long[] counts)
    {
        public long[] Counts { get; } = counts;

        public long Count { get; private set; }

        public double Value { get; set; }

        public void Add(double value, double[] buckets)
        {
            int bucket = 0;
            while (bucket < buckets.Length && value > buckets[bucket])
            {
                bucket++;
            }

            if (bucket < buckets.Length)
            {
                Counts[bucket]++;
            }

            Count++;
            Value += value;
        }
    }
}

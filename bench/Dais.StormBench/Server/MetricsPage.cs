using System.Globalization;

namespace Dais.StormBench.Server;

/// <summary>What `/metrics` said at a moment, and what has come since an earlier one.</summary>
internal sealed class MetricsPage
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    internal MetricsPage(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            int space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#')
            {
                _values[line[..space]] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>The sum of a metric over all its labels.</summary>
    internal double Sum(string name) =>
        _values.Where(pair => pair.Key == name || pair.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(pair => pair.Value);

    /// <summary>The upper end of the bucket in which a quantile lies of what a histogram counted since <paramref name="earlier"/>.</summary>
    internal double QuantileSince(MetricsPage earlier, string name, double quantile)
    {
        const string bound = "le=\"";
        var buckets = _values
            .Where(pair => pair.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal))
            .Select(pair => (
                UpTo: pair.Key[(pair.Key.IndexOf(bound, StringComparison.Ordinal) + bound.Length)..].TrimEnd('}').TrimEnd('"'),
                Count: pair.Value - earlier._values.GetValueOrDefault(pair.Key)))
            .Select(bucket => (
                UpTo: bucket.UpTo == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.UpTo, CultureInfo.InvariantCulture), bucket.Count))
            .GroupBy(bucket => bucket.UpTo, (upTo, group) => (UpTo: upTo, Count: group.Sum(bucket => bucket.Count)))
            .OrderBy(bucket => bucket.UpTo)
            .ToArray();
        double wanted = buckets.Length == 0 ? 0 : buckets[^1].Count * quantile;
        return buckets.FirstOrDefault(bucket => bucket.Count >= wanted).UpTo;
    }
}

using System.Globalization;
using System.Text;

namespace Dais.Server.Observability;

/// <summary>Writes instruments in the text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>Writes <paramref name="instrument"/>: what it is, and a line for each set of labels.</summary>
    public static void Write(StringBuilder text, CollectedInstrument instrument)
    {
        string type = instrument.Type switch
        {
            PrometheusType.Counter => "counter",
            PrometheusType.Histogram => "histogram",
            _ => "gauge",
        };
        text.Append("# HELP ").Append(instrument.Name).Append(' ');
        AppendEscaped(text, instrument.Help, isLabel: false);
        text.Append("\n# TYPE ").Append(instrument.Name).Append(' ').Append(type).Append('\n');

        var lines = new List<string>();
        instrument.Read((labels, series) => lines.Add(instrument.Type == PrometheusType.Histogram
            ? HistogramOf(instrument, labels, series)
            : Line(instrument.Name, "", labels, null, series.Value)));

        // The same order each time, whichever was measured first.
        lines.Sort(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            text.Append(line);
        }
    }

    private static string HistogramOf(
        CollectedInstrument instrument, KeyValuePair<string, object?>[] labels, CollectedInstrument.Series series)
    {
        var text = new StringBuilder();
        long sum = 0;
        for (int i = 0; i < instrument.Buckets.Length; i++)
        {
            sum += series.Counts[i];
            text.Append(Line(instrument.Name, "_bucket", labels, Number(instrument.Buckets[i]), sum));
        }

        text.Append(Line(instrument.Name, "_bucket", labels, "+Inf", series.Count));
        text.Append(Line(instrument.Name, "_sum", labels, null, series.Value));
        text.Append(Line(instrument.Name, "_count", labels, null, series.Count));
        return text.ToString();
    }

    private static string Line(string name, string suffix, KeyValuePair<string, object?>[] labels, string? upTo, double value)
    {
        var text = new StringBuilder(name).Append(suffix);
        char before = '{';
        foreach (var (label, content) in labels)
        {
            text.Append(before).Append(PrometheusNames.Clean(label)).Append("=\"");
            AppendEscaped(text, Convert.ToString(content, CultureInfo.InvariantCulture) ?? "", isLabel: true);
            text.Append('"');
            before = ',';
        }

        if (upTo is not null)
        {
            text.Append(before).Append("le=\"").Append(upTo).Append('"');
            before = ',';
        }

        return text.Append(before == '{' ? "" : "}").Append(' ').Append(Number(value)).Append('\n').ToString();
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static void AppendEscaped(StringBuilder text, string content, bool isLabel)
    {
        foreach (char letter in content)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when isLabel => text.Append("\\\""),
                _ => text.Append(letter),
            };
        }
    }
}

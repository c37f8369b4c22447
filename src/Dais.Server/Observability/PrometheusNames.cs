using System.Diagnostics.Metrics;

namespace Dais.Server.Observability;

/// <summary>What Prometheus knows an instrument's figures as.</summary>
public enum PrometheusType
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>How often a value was in which range.</summary>
    Histogram,
}

/// <summary>Names of instruments and labels as Prometheus wants them: the unit spelt out, and <c>_total</c> on counters.</summary>
public static class PrometheusNames
{
    /// <summary>The type of <paramref name="instrument"/>.</summary>
    public static PrometheusType TypeOf(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var kind = instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;
        return kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>) ? PrometheusType.Counter
            : kind == typeof(Histogram<>) ? PrometheusType.Histogram
            : PrometheusType.Gauge;
    }

    /// <summary>The name of <paramref name="instrument"/>.</summary>
    public static string NameOf(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        var type = TypeOf(instrument);
        string name = Clean(instrument.Name);
        string unit = UnitOf(instrument.Unit, type);
        if (unit.Length > 0 && !name.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            name += "_" + unit;
        }

        return type == PrometheusType.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>A name in which only letters, digits and underscores are.</summary>
    public static string Clean(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string cleaned = string.Create(name.Length, name, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                target[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return cleaned.Length > 0 && char.IsAsciiDigit(cleaned[0]) ? "_" + cleaned : cleaned;
    }

    /// <summary>Units as UCUM writes them; one in braces is a remark and no unit.</summary>
    private static string UnitOf(string? unit, PrometheusType type) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "1" => type == PrometheusType.Gauge ? "ratio" : "",
        "%" => "percent",
        _ when unit[0] == '{' => "",
        _ => Clean(unit),
    };
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Dais.Server.Tests.Observability;

/// <summary>Reads the text format of Prometheus as strictly as Prometheus does, and gives what is in it.</summary>
public sealed partial class ParsedMetrics
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>Reads <paramref name="text"/>; fails where Prometheus would.</summary>
    public ParsedMetrics(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? family = null;
        foreach (string line in text.Split('\n')[..^1])
        {
            if (HelpLine().Match(line) is { Success: true } help)
            {
                family = help.Groups["name"].Value;
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.Equal(family, type.Groups["name"].Value);
                Assert.True(Types.TryAdd(family!, type.Groups["type"].Value), $"{family} is there twice.");
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, $"No sample: {line}");
                string name = sample.Groups["name"].Value;
                Assert.True(Belongs(name, family!), $"{name} is not of {family}.");
                Assert.True(
                    _values.TryAdd(name + sample.Groups["labels"].Value, Parse(sample.Groups["value"].Value)), $"Twice: {line}");
            }
        }
    }

    /// <summary>The type of each metric.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>Every series with its value.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>The value of a series, written as in the text; 0 when it is not there.</summary>
    public double this[string series] => _values.GetValueOrDefault(series);

    private bool Belongs(string name, string family) => Types[family] == "histogram"
        ? name == family + "_bucket" || name == family + "_sum" || name == family + "_count"
        : name == family;

    private static double Parse(string value) => value switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) ([^\\]|\\\\|\\n)*$")]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
        + @"(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*=""([^""\\]|\\\\|\\n|\\"")*""(,[a-zA-Z_][a-zA-Z0-9_]*=""([^""\\]|\\\\|\\n|\\"")*"")*\})?"
        + @" (?<value>[+-]Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)$")]
    private static partial Regex SampleLine();
}

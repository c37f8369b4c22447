using System.Diagnostics.Metrics;
using Dais.Server.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace Dais.Server.Tests.Observability;

/// <summary>Run with <c>DAIS_WRITE_DOCS=1</c>, it writes the table instead of looking at it.</summary>
public sealed class MetricsTableTests
{
    private const string Start = "<!-- metrics: MetricsTableTests holds this table against the instruments -->";
    private const string End = "<!-- /metrics -->";

    [Fact]
    public async Task The_operations_page_has_every_metric()
    {
        await using var server = await TestServer.StartAsync();
        var own = server.Parts.GetRequiredService<ServerMetrics>().Meter;
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (ReferenceEquals(instrument.Meter, own))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();

        if (Environment.GetEnvironmentVariable("DAIS_WRITE_DOCS") == "1")
        {
            await WriteAsync(TableOf(instruments));
        }

        string page = await File.ReadAllTextAsync(PagePath(), TestContext.Current.CancellationToken);
        string table = page[(page.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..page.IndexOf(End, StringComparison.Ordinal)];

        Assert.All(instruments, instrument => Assert.False(string.IsNullOrWhiteSpace(instrument.Description)));
        Assert.Equal(TableOf(instruments), table.Trim().ReplaceLineEndings("\n"));
    }

    private static async Task WriteAsync(string table)
    {
        string page = await File.ReadAllTextAsync(PagePath(), TestContext.Current.CancellationToken);
        int start = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            PagePath(), $"{page[..start]}\n\n{table}\n\n{page[end..]}", TestContext.Current.CancellationToken);
    }

    private static string TableOf(IEnumerable<Instrument> instruments) => string.Join(
        '\n',
        [
            "| metric | type | unit | meaning |",
            "|---|---|---|---|",
            .. instruments
                .OrderBy(PrometheusNames.NameOf, StringComparer.Ordinal)
                .Select(instrument =>
                    $"| `{PrometheusNames.NameOf(instrument)}` | {PrometheusNames.TypeOf(instrument).ToString().ToLowerInvariant()} "
                    + $"| {UnitOf(instrument)} | {instrument.Description} |"),
        ]);

    private static string UnitOf(Instrument instrument) => instrument.Unit switch
    {
        null => "",
        "s" => "seconds",
        "By" => "bytes",
        "1" => "0 to 1",
        _ => instrument.Unit.Trim('{', '}') + "s",
    };

    /// <summary>The page, in the first folder above the tests that has the solution: a deterministic build does not know its own.</summary>
    private static string PagePath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dais.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return Path.Combine(folder.FullName, "docs", "operations.md");
    }
}

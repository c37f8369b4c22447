using System.Globalization;

namespace Dais.Fuzz.Tests;

/// <summary>docs/fuzzing.md is made of the list of targets; `DAIS_FUZZ_UPDATE=1` writes it anew.</summary>
public sealed class PageTests
{
    [Fact]
    public void The_page_about_the_fuzzer_lists_every_target()
    {
        string path = Path.Combine(Root(), "docs", "fuzzing.md");
        string made = Page();
        if (Environment.GetEnvironmentVariable("DAIS_FUZZ_UPDATE") == "1")
        {
            File.WriteAllText(path, made);
        }

        Assert.Equal(made, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string Page()
    {
        string rows = string.Concat(FuzzTargets.All.Select(target => string.Create(
            CultureInfo.InvariantCulture,
            $"| {target.Name} | {target.From} | {Methods(target)} | {Memory(target)} | {Session(target)} | {FuzzFixtures.Of(target).Count()} |\n")));
        return $$"""
            # Parsers under the fuzzer

            Made by `tests/Dais.Fuzz.Tests` of its list of targets (`FuzzTargets.cs`); do not edit it by hand (`DAIS_FUZZ_UPDATE=1` with its tests writes it anew). A mutation fuzzer changes well-formed inputs by chance, keeps what
            leads somewhere new, and goes on from there. Whatever comes, nothing may throw, an input may take no second, allocate no more than the table says, and what a target asserts beyond that has to hold: that what was parsed can be
            written and read again, that tables do not grow, that an answer has no line of the offer's making. Before whole workers, each input is authentic, and the host's picture has to go on for two viewers on two workers without a gap.

            Every run of the tests gives it a minute altogether, each target its share, always with the same seed: what is new in the code is what is found. Longer, and with others:

            ```
            DAIS_FUZZ_SECONDS=3600 DAIS_FUZZ_SEED=7 dotnet run -c Release --project tests/Dais.Fuzz.Tests -- -method '*nothing_throws*'
            ```

            What it finds is written to a file; in `tests/Dais.Fuzz.Tests/fixtures` it is replayed by every run. A parser whose name says so (`TryParse`, `TryRead` and the like) and that is in no target fails a test.

            | parser | who writes the bytes | methods | memory per input | remembers | finds |
            |---|---|---|---|---|--:|

            """ + rows;
    }

    private static string Methods(FuzzTarget target) =>
        target.Covers.Length == 0 ? "a whole `SfuWorker`" : string.Join(", ", target.Covers.Select(name => $"`{name}`"));

    private static string Memory(FuzzTarget target) => target.Allocates switch
    {
        null => "not looked at",
        (0, 0) => "none",
        var (once, perByte) => string.Create(CultureInfo.InvariantCulture, $"{once / 1024} KiB and {perByte} bytes for each of its own"),
    };

    private static string Session(FuzzTarget target) =>
        target.InputsPerSession == FuzzTarget.Unbounded ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{target.InputsPerSession} inputs");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dais.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}

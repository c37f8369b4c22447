using System.Globalization;

namespace Dais.Fuzz.Tests;

public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>How long all targets together are fuzzed, in seconds; `DAIS_FUZZ_SECONDS` says otherwise.</summary>
    private const double DefaultSeconds = 60;

    private static readonly double Seconds = Setting("DAIS_FUZZ_SECONDS", DefaultSeconds);
    private static readonly int Seed = (int)Setting("DAIS_FUZZ_SEED", 1);

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_comes_in_nothing_throws_and_little_is_spent(string name)
    {
        using var fuzzer = new Fuzzer(FuzzTargets.All.Single(target => target.Name == name), Seed);
        fuzzer.Run(TimeSpan.FromSeconds(Seconds / FuzzTargets.All.Length));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {fuzzer.Inputs} inputs, {fuzzer.Outcomes} kinds of outcomes, the slowest {fuzzer.Slowest.TotalMilliseconds:F1} ms, seed {Seed}"));
        Assert.True(fuzzer.Outcomes > 1, "Nothing but one outcome: the fuzzer gets nowhere.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_found_once_is_mended(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);
        foreach (var (_, session) in FuzzFixtures.Of(target))
        {
            Fuzzer.Replay(target, session);
        }
    }

    [Fact]
    public void Every_folder_of_fixtures_is_of_a_target() =>
        Assert.Empty(FuzzFixtures.Folders.Except(FuzzTargets.All.Select(FuzzFixtures.FolderOf)));

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}

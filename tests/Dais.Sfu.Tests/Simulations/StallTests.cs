using Dais.Simulation.Scenarios;

namespace Dais.Sfu.Tests.Simulations;

/// <summary>What a viewer sees on a wide way while something stands still now and then: nothing is lost, so nothing may be taken away.</summary>
public sealed class StallTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. StallScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_stands_still_for_a_moment_is_no_full_path(string name)
    {
        var scenario = StallScenarios.All.Single(scenario => scenario.Name == name);
        // Two may follow each other at once where they are frequent.
        var still = scenario.Stalls!.Length + (scenario.Stalls.LengthMin < scenario.Stalls.Length ? scenario.Stalls.Length : TimeSpan.Zero);

        var path = PathRun.Run(scenario, seed: 1);

        var figures = StallFigures.Of(path);
        output.WriteLine(figures.Row(name));
        Assert.True(figures.Count > 4, path.Row);
        Assert.True(figures.Pauses == 0, path.Row);
        Assert.True(figures.LongestGap < still + TimeSpan.FromSeconds(1), path.Row);
        Assert.True(figures.LongestBelow < still + TimeSpan.FromSeconds(5), path.Row);
    }
}

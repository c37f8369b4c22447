using Dais.Simulation.Scenarios;

namespace Dais.Bench;

/// <summary>Prints what becomes of picture and sound on simulated paths, as a table for docs/media.md.</summary>
internal static class Paths
{
    public static int Run(int seed)
    {
        Console.WriteLine(PathFigures.Head);
        foreach (var scenario in PathScenarios.All.Concat(PathScenarios.Layered))
        {
            Console.WriteLine(PathRun.Run(scenario, seed).Row);
        }

        Console.WriteLine();
        Console.WriteLine(UplinkFigures.Head);
        foreach (var scenario in PathScenarios.Uplinks)
        {
            Console.WriteLine(PathRun.RunUplink(scenario, seed).Row);
        }

        Console.WriteLine();
        Console.WriteLine(StallFigures.Head);
        foreach (var scenario in StallScenarios.All)
        {
            Console.WriteLine(StallFigures.Of(PathRun.Run(scenario, seed)).Row(scenario.Name));
        }

        return 0;
    }
}

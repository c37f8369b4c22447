using System.Globalization;

namespace Dais.Simulation.Scenarios;

/// <summary>What stalls did to a picture.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Pauses">How often the picture was paused.</param>
/// <param name="LongestGap">The longest time without a new picture, the stall itself included.</param>
/// <param name="LongestBelow">The longest time without a new picture of the highest encoding, the stall itself included.</param>
public sealed record StallFigures(int Count, long Pauses, TimeSpan LongestGap, TimeSpan LongestBelow)
{
    /// <summary>The head of a table of <see cref="Row"/>s.</summary>
    public static string Head { get; } =
        "| scenario | stalls | pauses | longest gap | longest below the highest |\n|---|--:|--:|--:|--:|";

    /// <summary>Reads them from what was shown.</summary>
    public static StallFigures Of(PathFigures figures)
    {
        int highest = figures.Shown.Max(picture => picture.Layer);
        var longest = TimeSpan.Zero;
        TimeSpan? last = null;
        foreach (var (at, layer) in figures.Shown)
        {
            if (layer == highest)
            {
                longest = last is { } before && at - before > longest ? at - before : longest;
                last = at;
            }
        }

        var rest = figures.Samples[^1].At - last!.Value;
        return new StallFigures(figures.Stalls.Count, figures.Pauses, figures.LongestGap, rest > longest ? rest : longest);
    }

    /// <summary>The figures as a row of a table.</summary>
    public string Row(string name) => string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {Count} | {Pauses} | {LongestGap.TotalMilliseconds:0} ms | {LongestBelow.TotalMilliseconds:0} ms |");
}

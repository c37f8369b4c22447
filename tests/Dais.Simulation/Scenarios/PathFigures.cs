using System.Globalization;
using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>One look at a path while a scenario runs.</summary>
/// <param name="At">When, since the viewer connected.</param>
/// <param name="Estimate">What the worker believes to pass; null while it does not know.</param>
/// <param name="Rate">What does pass; 0 for without limit.</param>
/// <param name="Queue">How long a packet sent now would wait.</param>
public readonly record struct PathSample(TimeSpan At, long? Estimate, long Rate, TimeSpan Queue);

/// <summary>What became of a scenario.</summary>
/// <param name="Name">The scenario's name.</param>
public sealed record PathFigures(string Name)
{
    /// <summary>
    /// A picture that stands for so long beyond its time is a freeze: W3C's Identifiers for WebRTC's Statistics, freezeCount, at 30 pictures per
    /// second.
    /// </summary>
    public static readonly TimeSpan FreezeMin = TimeSpan.FromMilliseconds(183);

    /// <summary>The head of a table of <see cref="Row"/>s.</summary>
    public static string Head { get; } =
        "| scenario | pictures | freezes | longest gap | frozen in all | first picture | recovery | pauses | longest queue | above 300 ms | estimate / rate | repeats | padding | sound made up | longest hole |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

    /// <summary>Each picture shown, since the viewer connected, and the encoding it came in, from 0.</summary>
    public IReadOnlyList<(TimeSpan At, int Layer)> Shown { get; init; } = [];

    /// <summary>Pictures shown.</summary>
    public int Pictures => Shown.Count;

    /// <summary>The figures of each place, the first of them these.</summary>
    public IReadOnlyList<PathFigures> Places { get; init; } = [];

    /// <summary>How often the picture stood for <see cref="FreezeMin"/> or longer.</summary>
    public int Freezes { get; init; }

    /// <summary>The longest time between two pictures, or since the last.</summary>
    public TimeSpan LongestGap { get; init; }

    /// <summary>The time of all freezes.</summary>
    public TimeSpan Frozen { get; init; }

    /// <summary>From the viewer's being connected to its first picture; null without any.</summary>
    public TimeSpan? FirstPicture { get; init; }

    /// <summary>From the last change of the rate to the end of the freezes that begin within five seconds of it.</summary>
    public TimeSpan Recovery { get; init; }

    /// <summary>How often the worker paused a picture because too little passed.</summary>
    public long Pauses { get; init; }

    /// <summary>When something stood still, since the viewer connected, and until when.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Stalls { get; init; } = [];

    /// <summary>Each look at the path.</summary>
    public IReadOnlyList<PathSample> Samples { get; init; } = [];

    /// <summary>The share of bytes that were sent again.</summary>
    public double RepeatShare { get; init; }

    /// <summary>The share of bytes that were padding.</summary>
    public double PaddingShare { get; init; }

    /// <summary>What became of the sound.</summary>
    public SoundFigures Sound { get; init; }

    /// <summary>Keyframes the viewer asked for.</summary>
    public int KeyframesAskedFor { get; init; }

    /// <summary>The longest queue.</summary>
    public TimeSpan LongestQueue => Samples.Count == 0 ? TimeSpan.Zero : Samples.Max(sample => sample.Queue);

    /// <summary>How long the queue was above 300 ms.</summary>
    public TimeSpan QueueLong => TimeSpan.FromMilliseconds(10 * Samples.Count(sample => sample.Queue > TimeSpan.FromMilliseconds(300)));

    /// <summary>The share of the pictures shown between two times that came in an encoding.</summary>
    public double LayerShare(int layer, TimeSpan from, TimeSpan to)
    {
        var shown = Shown.Where(picture => picture.At >= from && picture.At < to).ToList();
        return shown.Count == 0 ? 0 : (double)shown.Count(picture => picture.Layer == layer) / shown.Count;
    }

    /// <summary>How many pictures were shown per second between two times.</summary>
    public double PicturesPerSecond(TimeSpan from, TimeSpan to) =>
        Shown.Count(picture => picture.At >= from && picture.At < to) / (to - from).TotalSeconds;

    /// <summary>How long after a time pictures come as often as the camera makes them, for half a second at least; null for never.</summary>
    public TimeSpan? FullRateAfter(TimeSpan at)
    {
        const int Half = 15;
        for (int i = 0; i + Half < Shown.Count; i++)
        {
            if (Shown[i].At >= at && Shown[i + Half].At - Shown[i].At < TimeSpan.FromMilliseconds(600))
            {
                return Shown[i].At - at;
            }
        }

        return null;
    }

    /// <summary>The mean of the estimate against the rate, between two times; null while nothing was known or without a rate.</summary>
    public double? EstimateShare(TimeSpan from, TimeSpan to) => Samples
        .Where(sample => sample.At >= from && sample.At < to && sample.Rate > 0 && sample.Estimate is not null)
        .Select(sample => (double?)sample.Estimate!.Value / sample.Rate)
        .DefaultIfEmpty()
        .Average();

    /// <summary>The figures as a row of a table.</summary>
    public string Row => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Pictures} | {Freezes} | {Show(LongestGap)} | {Show(Frozen)} | {Show(FirstPicture)} | {Show(Recovery)} | {Pauses} | {Show(LongestQueue)} | {Show(QueueLong)} "
        + $"| {EstimateShare(TimeSpan.FromSeconds(10), TimeSpan.MaxValue):0.00} | {RepeatShare:0.0%} | {PaddingShare:0.0%} | {Sound.Share:0.0%} | {Show(Sound.LongestHole)} |");

    private static string Show(TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0} ms") : "none";
}

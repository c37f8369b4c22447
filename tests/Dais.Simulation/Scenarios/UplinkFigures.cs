using System.Globalization;

namespace Dais.Simulation.Scenarios;

/// <summary>One look at a host's way to the worker.</summary>
/// <param name="At">When, since the viewer connected.</param>
/// <param name="Target">What the host means to send, in bits per second.</param>
/// <param name="Rate">What passes.</param>
/// <param name="Queue">How long a packet sent now would wait.</param>
/// <param name="BytesSent">What the host has sent so far.</param>
public readonly record struct UplinkSample(TimeSpan At, long Target, long Rate, TimeSpan Queue, long BytesSent);

/// <summary>What became of a host's way to the worker.</summary>
/// <param name="Viewer">What became of the viewer.</param>
/// <param name="Samples">Each look at the way.</param>
/// <param name="Feedbacks">How often the worker told the host what had arrived.</param>
public sealed record UplinkFigures(PathFigures Viewer, IReadOnlyList<UplinkSample> Samples, int Feedbacks)
{
    /// <summary>The head of a table of <see cref="Row"/>s.</summary>
    public static string Head { get; } =
        "| scenario | sent / rate | least second | longest queue after 5 s | feedbacks per second | pictures | freezes | longest gap | frozen in all |\n"
        + "|---|--:|--:|--:|--:|--:|--:|--:|--:|";

    /// <summary>What was sent between two times, in bits per second.</summary>
    public double Sent(TimeSpan from, TimeSpan to)
    {
        var within = Samples.Where(sample => sample.At >= from && sample.At <= to).ToList();
        return (within[^1].BytesSent - within[0].BytesSent) * 8 / (within[^1].At - within[0].At).TotalSeconds;
    }

    /// <summary>What was sent between two times, as a share of what could pass.</summary>
    public double SentShare(TimeSpan from, TimeSpan to) =>
        Sent(from, to) / Samples.Where(sample => sample.At >= from && sample.At <= to).Average(sample => sample.Rate);

    /// <summary>The least that was sent within a whole second between two times, in bits per second.</summary>
    public double LeastSecond(TimeSpan from, TimeSpan to)
    {
        double least = double.MaxValue;
        for (var at = from; at < to; at += TimeSpan.FromSeconds(1))
        {
            least = Math.Min(least, Sent(at, at + TimeSpan.FromSeconds(1)));
        }

        return least;
    }

    /// <summary>The longest queue between two times.</summary>
    public TimeSpan LongestQueue(TimeSpan from, TimeSpan to) =>
        Samples.Where(sample => sample.At >= from && sample.At < to).Max(sample => sample.Queue);

    /// <summary>How long after a time as much was sent, within a second, as a share of what passes; null for never.</summary>
    public TimeSpan? ReachedAfter(TimeSpan at, double share)
    {
        for (var from = at; from + TimeSpan.FromSeconds(1) <= Samples[^1].At; from += TimeSpan.FromMilliseconds(100))
        {
            if (SentShare(from, from + TimeSpan.FromSeconds(1)) >= share)
            {
                return from - at;
            }
        }

        return null;
    }

    /// <summary>The figures as a row of a table.</summary>
    public string Row
    {
        get
        {
            var end = Samples[^1].At;
            var ten = TimeSpan.FromSeconds(10);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {Viewer.Name} | {SentShare(ten, end):0.00} | {LeastSecond(ten, end - TimeSpan.FromSeconds(1)) / 1e6:0.00} Mbit/s "
                + $"| {LongestQueue(TimeSpan.FromSeconds(5), end).TotalMilliseconds:0} ms | {Feedbacks / end.TotalSeconds:0.0} | {Viewer.Pictures} | {Viewer.Freezes} "
                + $"| {Viewer.LongestGap.TotalMilliseconds:0} ms | {Viewer.Frozen.TotalMilliseconds:0} ms |");
        }
    }
}

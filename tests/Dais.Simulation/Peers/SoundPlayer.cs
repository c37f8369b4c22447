using Dais.Rtc;

namespace Dais.Simulation.Peers;

/// <summary>How much of a sound was not there when it was to be heard.</summary>
/// <param name="Share">The share of the time that had to be made up.</param>
/// <param name="LongestHole">The longest time in one piece.</param>
/// <param name="Holes">How many pieces.</param>
public readonly record struct SoundFigures(double Share, TimeSpan LongestHole, int Holes);

/// <summary>
/// Plays a recorded sound as a browser does: each 20 ms a packet, after a modest delay; what is missing while later sound is there is made up,
/// and when nothing is there it waits, and plays a little faster afterwards.
/// </summary>
public static class SoundPlayer
{
    private const int PacketMilliseconds = 20;

    /// <summary>How much sooner the next packet is due while more waits than is needed.</summary>
    private const int FasterMilliseconds = 2;

    /// <summary>Plays the packets that arrived from <paramref name="from"/> on.</summary>
    /// <param name="packets">The packets.</param>
    /// <param name="from">The begin.</param>
    /// <param name="delay">How long sound is kept for what takes longer.</param>
    /// <param name="inBand">Whether each packet carries a coarser copy of the one before (in-band FEC, RFC 6716 §2.1.7).</param>
    public static SoundFigures Play(IEnumerable<ReceivedPacket> packets, Timestamp from, TimeSpan delay, bool inBand)
    {
        var arrivals = new SortedDictionary<uint, Timestamp>();
        foreach (var packet in packets.Where(packet => packet.Arrival >= from))
        {
            Note(arrivals, packet.Content.Number, packet.Arrival);
            if ((inBand || packet.BlockTypes.Count > 1) && packet.Content.Number > 0)
            {
                Note(arrivals, packet.Content.Number - 1, packet.Arrival);
            }
        }

        return arrivals.Count == 0 ? new SoundFigures(1, TimeSpan.MaxValue, 1) : Play(arrivals, delay);
    }

    private static void Note(SortedDictionary<uint, Timestamp> arrivals, uint number, Timestamp arrival)
    {
        if (!arrivals.TryGetValue(number, out var known) || arrival < known)
        {
            arrivals[number] = arrival;
        }
    }

    private static SoundFigures Play(SortedDictionary<uint, Timestamp> arrivals, TimeSpan delay)
    {
        uint first = arrivals.Keys.First();
        uint last = arrivals.Keys.Last();
        var now = arrivals[first] + delay;
        double missing = 0;
        double hole = 0;
        double longest = 0;
        int holes = 0;
        uint kept = (uint)(delay.TotalMilliseconds / PacketMilliseconds) + 2;
        for (uint number = first; number <= last; number++)
        {
            bool isThere = arrivals.TryGetValue(number, out var arrival) && arrival <= now;
            if (!isThere)
            {
                // What is next? While it is not there either, everything waits.
                uint next = number;
                while (next < last && !arrivals.ContainsKey(next))
                {
                    next++;
                }

                bool laterIsThere = false;
                for (uint later = number + 1; later <= Math.Min(last, number + 50) && !laterIsThere; later++)
                {
                    laterIsThere = arrivals.TryGetValue(later, out var at) && at <= now;
                }

                double waits = laterIsThere ? PacketMilliseconds : Math.Max((arrivals[next] - now).TotalMilliseconds, PacketMilliseconds);
                holes += hole == 0 ? 1 : 0;
                hole += waits;
                missing += waits;
                longest = Math.Max(longest, hole);
                now += TimeSpan.FromMilliseconds(waits);
                number = laterIsThere ? number : next - 1;
                continue;
            }

            hole = 0;
            bool isFull = arrivals.TryGetValue(number + kept, out var ahead) && ahead <= now;
            now += TimeSpan.FromMilliseconds(isFull ? PacketMilliseconds - FasterMilliseconds : PacketMilliseconds);
        }

        double total = (last - first + 1) * PacketMilliseconds;
        return new SoundFigures(missing / total, TimeSpan.FromMilliseconds(longest), holes);
    }
}

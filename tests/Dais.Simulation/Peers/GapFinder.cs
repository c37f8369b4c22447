using Dais.Rtc;
using Dais.Rtc.Rtp;

namespace Dais.Simulation.Peers;

/// <summary>What a client misses of a stream, and when it asks for it: at once, then again after each interval, ten times in all.</summary>
public sealed class GapFinder
{
    private const int TriesMax = 10;
    private const int GapMax = 500;

    private readonly SequenceUnwrapper _numbers = new();
    private readonly SortedDictionary<long, (Timestamp Due, int Tries)> _missing = [];
    private bool _started;

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many packets were asked for in vain, or are too many to be asked for.</summary>
    public int GivenUp { get; private set; }

    /// <summary>When <see cref="Take"/> wants to be called next.</summary>
    public Timestamp NextTimeout
    {
        get
        {
            var next = Timestamp.Never;
            foreach (var (due, _) in _missing.Values)
            {
                next = due < next ? due : next;
            }

            return next;
        }
    }

    /// <summary>A packet came, first or again; whether it was asked for.</summary>
    public bool HandlePacket(ushort sequenceNumber, Timestamp now)
    {
        long before = _numbers.Highest;
        long number = _numbers.Unwrap(sequenceNumber);
        if (_started && number - before is > 1 and < GapMax)
        {
            for (long missing = before + 1; missing < number; missing++)
            {
                _missing.Add(missing, (now, 0));
            }
        }

        GivenUp += _started && number - before >= GapMax ? 1 : 0;
        _started = true;
        return _missing.Remove(number, out var was) && was.Tries > 0;
    }

    /// <summary>The numbers to ask for now.</summary>
    public ushort[] Take(Timestamp now)
    {
        long[] due = [.. _missing.Where(pair => pair.Value.Due <= now).Select(pair => pair.Key)];
        foreach (long number in due)
        {
            int tries = _missing[number].Tries + 1;
            if (tries > TriesMax)
            {
                _missing.Remove(number);
                GivenUp++;
            }
            else
            {
                _missing[number] = (now + Interval, tries);
            }
        }

        return [.. due.Select(number => (ushort)number)];
    }
}

namespace Dais.Rtc.Congestion;

/// <summary>
/// Bounds a rate by the packets lost (draft-ietf-rmcat-gcc-02 §6): much loss lowers it, little lets it rise. Loss that does not go away when
/// less is sent is the path's own, and is no reason to send less.
/// </summary>
public sealed class LossBound(CongestionOptions options)
{
    /// <summary>Loss above this lowers the bound (§6).</summary>
    private const double Much = 0.10;

    /// <summary>Loss below this lets it rise (§6).</summary>
    private const double Little = 0.02;

    private const double GrowthPerSecond = 0.08;

    /// <summary>How many packets a judgement needs.</summary>
    private const int PacketsMin = 20;

    /// <summary>What is left of the rate when it is judged whether sending less has helped.</summary>
    private const double Trial = 0.75;

    /// <summary>How much of the judged share is of the packets since: few packets say little.</summary>
    private const double NewWeight = 0.4;

    /// <summary>How fast the path's own loss is forgotten when less is lost.</summary>
    private const double OwnWeight = 0.05;

    private static readonly TimeSpan JudgedMin = TimeSpan.FromMilliseconds(300);

    private double _bound = double.PositiveInfinity;
    private Timestamp _lastJudged;
    private int _packets;
    private int _lost;
    private double _rateBefore;
    private double _lossBefore;
    private double _ownLoss;

    /// <summary>The bound, in bits per second; as good as none when loss is no matter.</summary>
    public long Bitrate => double.IsPositiveInfinity(_bound) ? long.MaxValue : (long)_bound;

    /// <summary>The share of packets lost when it was last judged.</summary>
    public double FractionLost { get; private set; }

    /// <summary>Counts packets the receiver spoke of; <paramref name="lost"/> is negative for those that came after all.</summary>
    public void HandlePackets(int count, int lost)
    {
        _packets += count;
        _lost += lost;
    }

    /// <summary>Judges what was counted, when there is enough of it.</summary>
    /// <param name="rate">The rate that the delay allows.</param>
    /// <param name="roundTrip">The round trip.</param>
    /// <param name="now">The present.</param>
    public void Update(long rate, TimeSpan roundTrip, Timestamp now)
    {
        if (_packets < PacketsMin || now - _lastJudged < JudgedMin + roundTrip)
        {
            return;
        }

        double passed = Math.Min((now - _lastJudged).TotalSeconds, 1);
        FractionLost += NewWeight * (Math.Clamp((double)_lost / _packets, 0, 1) - FractionLost);
        _packets = 0;
        _lost = 0;
        _lastJudged = now;
        Judge(rate, passed);
    }

    private void Judge(long rate, double passed)
    {
        if (FractionLost > Much + _ownLoss)
        {
            double from = Math.Min(_bound, rate);
            if (_rateBefore == 0)
            {
                (_rateBefore, _lossBefore) = (from, FractionLost);
            }
            else if (from < Trial * _rateBefore)
            {
                if (FractionLost > Trial * _lossBefore)
                {
                    // A quarter less was sent, and as much was lost.
                    _ownLoss = FractionLost;
                    _bound = _rateBefore;
                    _rateBefore = 0;
                    return;
                }

                (_rateBefore, _lossBefore) = (from, FractionLost);
            }

            _bound = Math.Max(options.BitrateMin, from * (1 - (0.5 * FractionLost)));
            return;
        }

        _ownLoss += OwnWeight * Math.Min(0, FractionLost - _ownLoss);
        if (FractionLost < Little + _ownLoss)
        {
            _rateBefore = 0;
            _bound *= 1 + (GrowthPerSecond * passed);
            _bound = _bound > 2.0 * rate ? double.PositiveInfinity : _bound;
        }
    }
}

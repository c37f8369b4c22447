using Dais.Rtc;

namespace Dais.Simulation.Network;

/// <summary>
/// One direction of a network path, without I/O: datagrams go in, come out later (or twice, or never), as its profile and seed decide.
/// </summary>
public sealed class Link(LinkProfile profile, int seed)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<byte[], (Timestamp At, long Order)> _underway = new();
    private long _order;
    private Line _line = new();
    private bool _isBurst;
    private Timestamp _lastArrival;
    private Timestamp _heldUntil;

    /// <summary>How the link behaves; may be replaced at any time.</summary>
    public LinkProfile Profile { get; set; } = profile;

    /// <summary>How many datagrams were lost.</summary>
    public long Lost { get; private set; }

    /// <summary>How many datagrams were put in.</summary>
    public long Sent { get; private set; }

    /// <summary>When the next datagram arrives.</summary>
    public Timestamp NextTimeout => !_underway.TryPeek(out _, out var next) ? Timestamp.Never : next.At > _heldUntil ? next.At : _heldUntil;

    /// <summary>How fast what was held is let go, in bits per second.</summary>
    public long ReleaseBitsPerSecond { get; set; } = 50_000_000;

    /// <summary>Nothing arrives before <paramref name="until"/>, and then everything, as fast as <see cref="ReleaseBitsPerSecond"/> allows.</summary>
    public void HoldUntil(Timestamp until) => _heldUntil = until;

    /// <summary>Puts a datagram in; it is copied.</summary>
    public void Send(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        Sent++;
        if (IsLost() || !TryQueue(datagram.Length, now, out var departure))
        {
            Lost++;
            return;
        }

        var arrival = departure + Profile.Latency + (Profile.Jitter * _random.NextDouble());
        if (_random.NextDouble() < Profile.Reordering)
        {
            arrival += Profile.ReorderingDelay;
        }
        else
        {
            // Jitter alone does not turn datagrams around: queues in routers are first in, first out.
            arrival = arrival < _lastArrival ? _lastArrival : arrival;
            _lastArrival = arrival;
        }

        Deliver(datagram, arrival);
        if (_random.NextDouble() < Profile.Duplication)
        {
            Deliver(datagram, arrival);
        }
    }

    /// <summary>How long a datagram put in now waits where the rate is limited.</summary>
    public TimeSpan QueueAt(Timestamp now) => _line.FreeAt > now ? _line.FreeAt - now : TimeSpan.Zero;

    /// <summary>Both links pass the same bottleneck from now on; their profiles are to have the same rate.</summary>
    public void ShareLineWith(Link other) => _line = other._line;

    /// <summary>Takes the next datagram that has arrived by <paramref name="now"/>.</summary>
    public bool TryReceive(Timestamp now, out byte[] datagram)
    {
        if (NextTimeout > now)
        {
            datagram = [];
            return false;
        }

        _underway.TryDequeue(out datagram!, out var due);
        if (due.At < _heldUntil)
        {
            _heldUntil = now + TimeSpan.FromSeconds(datagram.Length * 8.0 / ReleaseBitsPerSecond);
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> datagram, Timestamp arrival) =>
        _underway.Enqueue(datagram.ToArray(), (arrival, _order++));

    private bool IsLost()
    {
        // Gilbert-Elliott: a good state with little loss, and a bad one in which everything is lost.
        _isBurst = _isBurst ? _random.NextDouble() >= 1 / Profile.BurstLength : _random.NextDouble() < Profile.BurstLoss;
        return _isBurst || _random.NextDouble() < Profile.Loss;
    }

    /// <summary>Passes the bottleneck: a line of the given rate with a queue in front; false when the queue is full.</summary>
    private bool TryQueue(int length, Timestamp now, out Timestamp departure)
    {
        departure = now;
        if (Profile.RateBitsPerSecond == 0)
        {
            return true;
        }

        var begin = _line.FreeAt > now ? _line.FreeAt : now;
        double waitingBytes = (begin - now).TotalSeconds * Profile.RateBitsPerSecond / 8;
        if (waitingBytes + length > Profile.QueueBytesMax)
        {
            return false;
        }

        _line.FreeAt = begin + TimeSpan.FromSeconds(length * 8.0 / Profile.RateBitsPerSecond);
        departure = _line.FreeAt;
        return true;
    }

    /// <summary>Where the rate is limited.</summary>
    private sealed class Line
    {
        public Timestamp FreeAt { get; set; }
    }
}

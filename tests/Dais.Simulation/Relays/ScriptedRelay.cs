using Dais.Rtc;
using Dais.Sfu;
using Dais.Sfu.Relays;

namespace Dais.Simulation.Relays;

/// <summary>The way from one worker to another: in order, as late and as full as a test wants it.</summary>
public sealed class ScriptedRelay
{
    private readonly Queue<(Timestamp Due, RelayMessage Message, byte[] Packet)> _underWay = new();

    /// <summary>How long a message takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Whether there is no room for a message.</summary>
    public Func<RelayMessage, bool> IsFull { get; set; } = _ => false;

    /// <summary>Where messages go instead; null for the other worker.</summary>
    public IRelaySink? Instead { get; set; }

    /// <summary>The messages taken, in order.</summary>
    public List<RelayMessage> Taken { get; } = [];

    /// <summary>How many messages were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>When the next message arrives.</summary>
    public Timestamp NextTimeout => _underWay.TryPeek(out var next) ? next.Due : Timestamp.Never;

    /// <summary>The messages of a kind that were taken.</summary>
    public IEnumerable<RelayMessage> Of(RelayMessageKind kind) => Taken.Where(message => message.Kind == kind);

    /// <summary>Takes a message; false when there is no room.</summary>
    public bool TrySend(in RelayMessage message, ReadOnlySpan<byte> packet, Timestamp now)
    {
        if (IsFull(message))
        {
            Refused++;
            return false;
        }

        Taken.Add(message);
        _underWay.Enqueue((now + Latency, message, packet.ToArray()));
        return true;
    }

    /// <summary>The next message that has arrived; false when there is none.</summary>
    public bool TryReceive(Timestamp now, out RelayMessage message, out byte[] packet)
    {
        bool arrived = NextTimeout <= now;
        (_, message, packet) = arrived ? _underWay.Dequeue() : (default, default, []);
        return arrived;
    }
}

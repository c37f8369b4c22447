using Dais.Rtc;
using Dais.Sfu;
using Dais.Sfu.Relays;
using Dais.Simulation.Relays;

namespace Dais.Simulation;

/// <summary>Several workers on one clock, joined by scripted relays.</summary>
public sealed class SimulatedCluster : IDisposable
{
    private const int TransportsPerWorker = 10_000;

    private readonly ScriptedRelay[,] _relays;

    /// <summary>So many workers nobody has connected to yet.</summary>
    public SimulatedCluster(int workers = 2, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions();
        _relays = new ScriptedRelay[workers, workers];
        Workers = new SimulatedWorker[workers];
        for (int from = 0; from < workers; from++)
        {
            for (int to = 0; to < workers; to++)
            {
                _relays[from, to] = new ScriptedRelay();
            }

            Workers[from] = new SimulatedWorker(options with
            {
                Relays = new Sink(this, from),
                FirstTransport = (from * TransportsPerWorker) + 1,
            });
        }
    }

    /// <summary>The workers.</summary>
    public SimulatedWorker[] Workers { get; }

    /// <summary>The present.</summary>
    public Timestamp Now => Workers[0].Now;

    /// <summary>The way from one worker to another.</summary>
    public ScriptedRelay Relay(int from, int to) => _relays[from, to];

    /// <summary>Lets <paramref name="duration"/> pass.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Now + duration;
        while (NextTimeout() is var next && next <= end)
        {
            AdvanceTo(next);
        }

        AdvanceTo(end);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in Workers)
        {
            worker.Dispose();
        }
    }

    private void AdvanceTo(Timestamp now)
    {
        now = now > Now ? now : Now;
        for (int to = 0; to < Workers.Length; to++)
        {
            for (int from = 0; from < Workers.Length; from++)
            {
                while (_relays[from, to].TryReceive(now, out var message, out byte[] packet))
                {
                    Workers[to].Advance(now);
                    Workers[to].InjectRelayed(from, message, packet);
                }
            }
        }

        foreach (var worker in Workers)
        {
            worker.Advance(now);
        }
    }

    private Timestamp NextTimeout()
    {
        var next = Timestamp.Never;
        foreach (var worker in Workers)
        {
            next = worker.NextTimeout < next ? worker.NextTimeout : next;
        }

        foreach (var relay in _relays)
        {
            next = relay.NextTimeout < next ? relay.NextTimeout : next;
        }

        return next;
    }

    private sealed class Sink(SimulatedCluster cluster, int from) : IRelaySink
    {
        public bool TrySend(int worker, in RelayMessage message, ReadOnlySpan<byte> packet) =>
            cluster._relays[from, worker] is { Instead: { } other }
                ? other.TrySend(worker, message, packet)
                : cluster._relays[from, worker].TrySend(message, packet, cluster.Workers[from].Now);
    }
}

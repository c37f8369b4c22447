using Dais.Rtc;
using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>Lets stand still what a plan says, for one viewer.</summary>
internal sealed class StallScript(SimulatedWorker simulation, ScriptedSubscriber viewer, StallPlan plan)
{
    private readonly Random _random = new(simulation.Seed);
    private readonly List<(TimeSpan From, TimeSpan To)> _happened = [];
    private TimeSpan _next = plan.First;

    /// <summary>Each, since the viewer connected.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Happened => _happened;

    /// <summary>Begins the next if it is time.</summary>
    public void Look(TimeSpan at)
    {
        if (at < _next || at > plan.Last)
        {
            return;
        }

        _next = at + plan.Interval + (plan.Spread * _random.NextDouble());
        var length = plan.LengthMin == plan.Length ? plan.Length : plan.LengthMin + ((plan.Length - plan.LengthMin) * _random.NextDouble());
        _happened.Add((at, at + length));
        Stall(plan.Kind == StallKind.Any ? (StallKind)_random.Next((int)StallKind.Any) : plan.Kind, simulation.Now + length);
    }

    private void Stall(StallKind kind, Timestamp until)
    {
        switch (kind)
        {
            case StallKind.Viewer:
                simulation.StallPeerUntil(viewer, until);
                break;
            case StallKind.Worker:
                simulation.StallWorkerUntil(until);
                break;
            case StallKind.WayBack:
                simulation.UplinkOf(viewer).HoldUntil(until);
                break;
            default:
                simulation.DownlinkOf(viewer).ReleaseBitsPerSecond = plan.ReleaseBitsPerSecond;
                simulation.UplinkOf(viewer).HoldUntil(until);
                simulation.DownlinkOf(viewer).HoldUntil(until);
                break;
        }
    }
}

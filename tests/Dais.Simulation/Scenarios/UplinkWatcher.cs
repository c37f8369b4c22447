using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>Changes a host's way to the worker as its scenario says, and looks at it.</summary>
internal sealed class UplinkWatcher(SimulatedWorker simulation, PathScenario scenario, ScriptedPublisher host)
{
    private readonly List<UplinkSample> _samples = [];
    private readonly int _feedbacksBefore = host.Feedbacks.Count;
    private int _nextRate;

    public void Look(TimeSpan at)
    {
        var link = simulation.UplinkOf(host);
        if (_nextRate < scenario.HostRates.Count && at >= scenario.HostRates[_nextRate].At)
        {
            link.Profile = link.Profile with { RateBitsPerSecond = scenario.HostRates[_nextRate++].Rate };
        }

        var congestion = host.Congestion!;
        _samples.Add(new UplinkSample(
            at, congestion.Target, link.Profile.RateBitsPerSecond, link.QueueAt(simulation.Now), congestion.BytesSent));
    }

    public UplinkFigures Finish(PathFigures viewer) => new(viewer, _samples, host.Feedbacks.Count - _feedbacksBefore);
}

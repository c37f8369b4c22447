using Dais.Rtc.Congestion;
using Dais.Sfu;
using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>Runs a scenario through a whole worker.</summary>
public static class PathRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly StageId Stage = new(1);

    /// <summary>Browsers begin with 300 kbit/s.</summary>
    private static readonly CongestionOptions HostOptions = new() { StartBitrate = 300_000, BitrateMax = 5_000_000 };

    /// <summary>Runs <paramref name="scenario"/>.</summary>
    public static PathFigures Run(PathScenario scenario, int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = scenario.HostPath, Downlink = scenario.HostPath });
        ScriptedPublisher[] hosts = [.. scenario.Places.Select((_, i) => AddHost(simulation, scenario, 1 + i))];
        simulation.SetStage(Stage, [.. hosts.Select((host, i) => new StageSlot(i, host.Id))]);
        simulation.RunUntil(() => hosts.All(host => host.Video.KeyframesSent > 0), TimeSpan.FromSeconds(5));
        simulation.RunFor(scenario.JoinAfter);
        var watcher = new PathWatcher(simulation, scenario, AddViewer(simulation, scenario, 100));
        RunAll(simulation, [watcher], scenario.Duration);
        return watcher.Finish();
    }

    /// <summary>Runs viewers of one host side by side, each on a way of its own, or all on that of the first.</summary>
    public static PathFigures[] RunTogether(IReadOnlyList<PathScenario> viewers, bool shareLine, int seed)
    {
        var first = viewers[0];
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = first.HostPath, Downlink = first.HostPath });
        // As many hosts as viewers: those who share a line are shown different things.
        var stages = viewers.Select((scenario, i) => new StageId(1 + (shareLine ? i : 0))).ToArray();
        foreach (var stage in stages.Distinct())
        {
            simulation.SetStage(stage, new StageSlot(0, AddHost(simulation, first, stage.Value).Id));
        }

        simulation.RunFor(first.JoinAfter);
        PathWatcher[] watchers = [.. viewers.Select((scenario, i) =>
            new PathWatcher(simulation, scenario, AddViewer(simulation, scenario, 100 + i, stages[i])))];
        if (shareLine)
        {
            foreach (var watcher in watchers.Skip(1))
            {
                simulation.DownlinkOf(watcher.Viewer).ShareLineWith(simulation.DownlinkOf(watchers[0].Viewer));
            }
        }

        RunAll(simulation, watchers, first.Duration);
        return [.. watchers.Select(watcher => watcher.Finish())];
    }

    /// <summary>Runs <paramref name="scenario"/> with a host whose picture takes no more than it believes to pass to the worker.</summary>
    public static UplinkFigures RunUplink(PathScenario scenario, int seed)
    {
        using var simulation = new SimulatedWorker(new SimulationOptions { Seed = seed, Uplink = scenario.HostPath, Downlink = scenario.HostPath });
        var host = AddHost(simulation, scenario, 1);
        simulation.UplinkOf(host).Profile = scenario.FromHost ?? scenario.HostPath;
        host.FollowPath(HostOptions);
        simulation.SetStage(Stage, new StageSlot(0, host.Id));
        var viewer = new PathWatcher(simulation, scenario, AddViewer(simulation, scenario, 100));
        var uplink = new UplinkWatcher(simulation, scenario, host);
        simulation.RunUntil(() => viewer.TryBegin() && host.Transport.IsConnected, TimeSpan.FromSeconds(10));
        for (var passed = TimeSpan.Zero; passed < scenario.Duration; passed += Step)
        {
            simulation.RunFor(Step);
            viewer.Look();
            uplink.Look(passed);
        }

        return uplink.Finish(viewer.Finish());
    }

    private static ScriptedPublisher AddHost(SimulatedWorker simulation, PathScenario scenario, long participant)
    {
        var sound = new ScriptedTrackOptions
        {
            PayloadBytes = 100,
            Repeats = RepeatMode.OwnStream,
            SendsRedundancy = scenario.Guard == SoundGuard.Redundancy,
        };
        return scenario.Layers.Count > 0
            ? simulation.AddLayeredPublisher(participant, [.. scenario.Layers], sound)
            : simulation.AddPublisher(participant, sound, scenario.Picture);
    }

    private static ScriptedSubscriber AddViewer(SimulatedWorker simulation, PathScenario scenario, long participant, StageId? stage = null)
    {
        var viewer = simulation.AddSubscriber(
            participant,
            stage ?? Stage,
            slots: Math.Max(2, scenario.Places.Count),
            repeats: RepeatMode.OwnStream,
            redundancyType: scenario.Guard == SoundGuard.Redundancy ? (byte)63 : null,
            soundRepeats: scenario.Guard == SoundGuard.Repeats ? RepeatMode.OwnStream : RepeatMode.None);
        viewer.BehavesAsBrowser = true;
        for (int i = 0; i < scenario.Places.Count; i++)
        {
            viewer.Player(i).Delay = scenario.Delay;
        }

        if (scenario.Places.Any(height => height > 0))
        {
            simulation.Command(new SfuCommand.Prefer(viewer.Id, [.. scenario.Places.Select((height, i) => new SlotPreference(i, height, false))]));
        }

        simulation.DownlinkOf(viewer).Profile = scenario.ToViewer;
        simulation.UplinkOf(viewer).Profile = scenario.FromViewer;
        return viewer;
    }

    private static void RunAll(SimulatedWorker simulation, PathWatcher[] watchers, TimeSpan duration)
    {
        simulation.RunUntil(() => watchers.All(watcher => watcher.TryBegin()), TimeSpan.FromSeconds(10));
        for (var passed = TimeSpan.Zero; passed < duration; passed += Step)
        {
            simulation.RunFor(Step);
            foreach (var watcher in watchers)
            {
                watcher.Look();
            }
        }
    }
}

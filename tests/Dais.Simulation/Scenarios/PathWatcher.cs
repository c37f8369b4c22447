using Dais.Rtc;
using Dais.Simulation.Peers;

namespace Dais.Simulation.Scenarios;

/// <summary>Changes a viewer's path as its scenario says, and looks at it.</summary>
internal sealed class PathWatcher(SimulatedWorker simulation, PathScenario scenario, ScriptedSubscriber viewer)
{
    /// <summary>What belongs to a change of the rate begins so soon after it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private readonly List<PathSample> _samples = [];
    private readonly StallScript? _stalls = scenario.Stalls is { } plan ? new StallScript(simulation, viewer, plan) : null;
    private int _nextRate;
    private Timestamp? _connected;
    private TimeSpan? _changedAt;

    public ScriptedSubscriber Viewer => viewer;

    /// <summary>Notes when the viewer is connected; whether it is.</summary>
    public bool TryBegin()
    {
        _connected ??= viewer.Transport.IsConnected ? simulation.Now : null;
        return _connected is not null;
    }

    public void Look()
    {
        var at = simulation.Now - _connected!.Value;
        var link = simulation.DownlinkOf(viewer);
        if (_nextRate < scenario.Rates.Count && at >= scenario.Rates[_nextRate].At)
        {
            link.Profile = link.Profile with { RateBitsPerSecond = scenario.Rates[_nextRate++].Rate };
            _changedAt = at;
        }

        _stalls?.Look(at);
        simulation.Worker.TryGetStatistics(viewer.Id, out var statistics);
        _samples.Add(new PathSample(at, statistics.EstimatedBitrate, link.Profile.RateBitsPerSecond, link.QueueAt(simulation.Now)));
    }

    public PathFigures Finish()
    {
        PathFigures[] places = [.. scenario.Places.Select((_, i) => Finish(i))];
        return places[0] with { Places = places };
    }

    private PathFigures Finish(int slot)
    {
        var connected = _connected!.Value;
        var played = viewer.Player(slot).Played;
        var freezes = new List<(TimeSpan From, TimeSpan Length)>();
        var longest = TimeSpan.Zero;
        for (int i = 1; i <= played.Count; i++)
        {
            var length = (i < played.Count ? played[i].At : simulation.Now) - played[i - 1].At;
            longest = length > longest ? length : longest;
            if (length >= PathFigures.FreezeMin)
            {
                freezes.Add((played[i - 1].At - connected, length));
            }
        }

        var ends = freezes
            .Where(freeze => _changedAt is { } changed && freeze.From + freeze.Length > changed && freeze.From < changed + Aftermath)
            .Select(freeze => freeze.From + freeze.Length - _changedAt!.Value);
        return new PathFigures(scenario.Name)
        {
            Shown = [.. played.Select(picture => (picture.At - connected, (int)picture.Content.Source % 10))],
            Freezes = freezes.Count,
            LongestGap = longest,
            Frozen = freezes.Aggregate(TimeSpan.Zero, (sum, freeze) => sum + freeze.Length),
            FirstPicture = played.Count == 0 ? null : played[0].At - connected,
            Recovery = ends.DefaultIfEmpty().Max(),
            Pauses = simulation.Worker.Statistics.PicturesPaused,
            Samples = _samples,
            Stalls = _stalls?.Happened ?? [],
            RepeatShare = (double)viewer.RepeatBytes / viewer.RtpBytes,
            PaddingShare = (double)viewer.PaddingBytes / viewer.RtpBytes,
            Sound = SoundPlayer.Play(
                viewer.Audio(slot).Packets, connected, scenario.Delay + TimeSpan.FromMilliseconds(20), scenario.Guard == SoundGuard.InBand),
            KeyframesAskedFor = viewer.Player(slot).KeyframeRequests.Count,
        };
    }
}

using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Layers;

namespace Dais.Sfu.Publications;

/// <summary>Which encodings of the publisher's picture are watched.</summary>
internal sealed partial class Publisher
{
    /// <summary>When the publisher may have to be told which encodings are watched.</summary>
    public Timestamp NextDemand => _demand?.NextTimeout ?? Timestamp.Never;

    /// <inheritdoc/>
    public void HandleWatchedChanged()
    {
        if (_demand is not null)
        {
            _demand.HandleChange();
            Transport.Reschedule();
        }
    }

    /// <summary>Says which encodings of the picture are watched, when that is due.</summary>
    public void TellDemand(Timestamp now)
    {
        if (_demand is not null && _pictures is { } pictures && _demand.TryTake(pictures.HighestWatched, now))
        {
            ImmutableArray<string> rids =
                [.. Enumerable.Range(0, pictures.HighestWatched + 1).Select(layer => pictures[layer].Track.Rid!)];
            _events.Enqueue(new SfuEvent.LayersWanted(Id, rids));
        }
    }

    /// <summary>Puts the encodings of each media section together; returns those of the first that has several, or else null.</summary>
    internal static LayerSet? Group(Publication[] publications)
    {
        LayerSet? several = null;
        foreach (var section in publications.GroupBy(publication => publication.Track.Mid))
        {
            Publication[] encodings = [.. section];
            bool isLayered = encodings.Length is > 1 and <= SfuLimits.LayersMax
                && encodings.All(encoding => encoding.Track is { Rid: not null, Kind: TrackKind.Video });
            if (isLayered)
            {
                var set = new LayerSet(encodings);
                several ??= set;
                continue;
            }

            foreach (var encoding in encodings)
            {
                _ = new LayerSet([encoding]);
            }
        }

        return several;
    }
}

using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Publications;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Stages;

/// <summary>Who is on which slot, and who watches.</summary>
internal sealed class Stage(StageId id)
{
    private StagePlace[] _places = [];

    /// <summary>Which stage this is.</summary>
    public StageId Id { get; } = id;

    /// <summary>The subscribers shown this stage.</summary>
    public List<Subscriber> Subscribers { get; } = [];

    /// <summary>Whether anything was said about the stage; one that subscribers merely wait for goes with the last of them.</summary>
    public bool IsSet { get; private set; }

    /// <summary>What stands on the slot <paramref name="index"/>; null when it is empty.</summary>
    public StagePlace? Find(int index)
    {
        foreach (var place in _places)
        {
            if (place.Slot.Slot == index)
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>Replaces what stands on the stage, and shows it.</summary>
    public void Set(ImmutableArray<StageSlot> slots, Func<StageSlot, IPublisher?> findPublisher)
    {
        IsSet = true;
        var before = _places;
        _places = [.. slots.Take(SfuLimits.SlotsMax).Select(slot => new StagePlace(slot))];
        foreach (var place in _places)
        {
            place.Seat(findPublisher(place.Slot));
        }

        foreach (var place in before)
        {
            place.Seat(null);
        }

        Show();
    }

    /// <summary>Shows <paramref name="publisher"/> where its transport was announced; one that closes is passed with <paramref name="isOpen"/> false.</summary>
    public void Seat(IPublisher publisher, bool isOpen)
    {
        bool stands = false;
        foreach (var place in _places)
        {
            if (place.Slot.Publisher == publisher.Id)
            {
                place.Seat(isOpen ? publisher : null);
                stands = true;
            }
        }

        if (stands)
        {
            Show();
        }
    }

    /// <summary>Asks for keyframes where a viewer who comes now could not be shown everything since the last.</summary>
    /// <param name="bitrate">What is taken to pass to a viewer at first.</param>
    /// <param name="now">The present.</param>
    public void Freshen(long bitrate, Timestamp now)
    {
        foreach (var place in _places)
        {
            if (place.Video is not { } video)
            {
                continue;
            }

            var begun = video.Layers.Count > 1 ? video.Layers[video.Layers.BeginWith(maxHeight: 0, bitrate)] : video;
            if (!begun.TryFindRun(int.MaxValue, now, out var run) || !run.IsWhole)
            {
                begun.RequestKeyframe(now);
            }
        }
    }

    private void Show()
    {
        foreach (var subscriber in Subscribers)
        {
            subscriber.ShowStage();
        }
    }
}

/// <summary>One slot of a stage and the publications that stand on it.</summary>
internal sealed class StagePlace(StageSlot slot)
{
    /// <summary>What was said about the slot.</summary>
    public StageSlot Slot { get; } = slot;

    /// <summary>Who stands there; null while the announced transport is not open.</summary>
    public IPublisher? Publisher { get; private set; }

    /// <summary>The sound to forward; null when there is none or it is muted.</summary>
    public Publication? Audio { get; private set; }

    /// <summary>The picture to forward; null when there is none or it is muted.</summary>
    public Publication? Video { get; private set; }

    /// <summary>Puts <paramref name="publisher"/> on the place, null for nobody, and opens or closes the gate of its publications.</summary>
    public void Seat(IPublisher? publisher)
    {
        Open(Audio, -1);
        Open(Video, -1);
        Publisher = publisher;
        Audio = Slot.Audio ? publisher?.First(TrackKind.Audio) : null;
        Video = Slot.Video ? publisher?.First(TrackKind.Video) : null;
        Open(Audio, +1);
        Open(Video, +1);
    }

    private static void Open(Publication? publication, int places)
    {
        for (int layer = 0; layer < publication?.Layers.Count; layer++)
        {
            publication.Layers[layer].StagePlaces += places;
        }
    }
}

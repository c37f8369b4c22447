using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Sfu.Publications;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Stages;

/// <summary>
/// All stages of a worker. Subscribers, publishers and what is said about a stage may come in any order: each finds what is already there.
/// A publisher may stand on several stages, which is how connected rooms see each other's hosts.
/// </summary>
internal sealed class StageTable(Func<StageSlot, IPublisher?> findPublisher)
{
    private readonly Dictionary<StageId, Stage> _stages = [];

    /// <summary>How many stages there are.</summary>
    public int Count => _stages.Count;

    /// <summary>Says who is on which slot of a stage.</summary>
    public void Set(StageId id, ImmutableArray<StageSlot> slots, Timestamp now) => GetOrAdd(id).Set(slots, findPublisher, now);

    /// <summary>Forgets a stage; its subscribers receive nothing more.</summary>
    public void Close(StageId id, Timestamp now)
    {
        if (!_stages.Remove(id, out var stage))
        {
            return;
        }

        stage.Set([], findPublisher, now);
        foreach (var subscriber in stage.Subscribers)
        {
            subscriber.Stage = null;
        }
    }

    /// <summary>Shows <paramref name="subscriber"/> a stage, also one nothing was said about yet.</summary>
    public void Add(Subscriber subscriber, StageId id, Timestamp now)
    {
        var stage = GetOrAdd(id);
        stage.Subscribers.Add(subscriber);
        subscriber.Stage = stage;
        subscriber.ShowStage(now);
    }

    /// <summary>Shows <paramref name="subscriber"/> nothing any more.</summary>
    public void Remove(Subscriber subscriber, Timestamp now)
    {
        subscriber.ShowNothing(now);
        if (subscriber.Stage is { } stage)
        {
            stage.Subscribers.Remove(subscriber);
            subscriber.Stage = null;
            if (!stage.IsSet && stage.Subscribers.Count == 0)
            {
                _stages.Remove(stage.Id);
            }
        }
    }

    /// <summary>A publisher opened: it appears wherever it was announced.</summary>
    public void Add(IPublisher publisher, Timestamp now) => Seat(publisher, isOpen: true, now);

    /// <summary>A publisher closed: its places are empty until its transport is open again.</summary>
    public void Remove(IPublisher publisher, Timestamp now) => Seat(publisher, isOpen: false, now);

    private void Seat(IPublisher publisher, bool isOpen, Timestamp now)
    {
        foreach (var stage in _stages.Values)
        {
            stage.Seat(publisher, isOpen, now);
        }
    }

    private Stage GetOrAdd(StageId id)
    {
        if (!_stages.TryGetValue(id, out var stage))
        {
            stage = new Stage(id);
            _stages.Add(id, stage);
        }

        return stage;
    }
}

using System.Collections.Immutable;
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

    /// <summary>The stage with <paramref name="id"/>; null when nothing was said about it and nobody watches.</summary>
    public Stage? Find(StageId id) => _stages.GetValueOrDefault(id);

    /// <summary>Says who is on which slot of a stage.</summary>
    public void Set(StageId id, ImmutableArray<StageSlot> slots) => GetOrAdd(id).Set(slots, findPublisher);

    /// <summary>Forgets a stage; its subscribers receive nothing more.</summary>
    public void Close(StageId id)
    {
        if (!_stages.Remove(id, out var stage))
        {
            return;
        }

        stage.Set([], findPublisher);
        foreach (var subscriber in stage.Subscribers)
        {
            subscriber.Stage = null;
        }
    }

    /// <summary>Shows <paramref name="subscriber"/> a stage, also one nothing was said about yet.</summary>
    public void Add(Subscriber subscriber, StageId id)
    {
        var stage = GetOrAdd(id);
        stage.Subscribers.Add(subscriber);
        subscriber.Stage = stage;
        subscriber.ShowStage();
    }

    /// <summary>Shows <paramref name="subscriber"/> nothing any more.</summary>
    public void Remove(Subscriber subscriber)
    {
        subscriber.ShowNothing();
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
    public void Add(IPublisher publisher) => Seat(publisher, isOpen: true);

    /// <summary>A publisher closed: its places are empty until its transport is open again.</summary>
    public void Remove(IPublisher publisher) => Seat(publisher, isOpen: false);

    private void Seat(IPublisher publisher, bool isOpen)
    {
        foreach (var stage in _stages.Values)
        {
            stage.Seat(publisher, isOpen);
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

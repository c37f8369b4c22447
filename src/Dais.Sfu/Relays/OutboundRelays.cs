using Dais.Rtc;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Relays;

/// <summary>
/// What other workers want of the publishers of this one. A wish stands until its worker ends it, whether the publisher's transport is open
/// or not, so that wishes and transports may come and go in any order.
/// </summary>
/// <param name="sink">The way to the other workers; null when there are none.</param>
/// <param name="findPublisher">Finds an open publisher.</param>
/// <param name="statistics">What is counted.</param>
internal sealed class OutboundRelays(IRelaySink? sink, Func<TransportId, Publisher?> findPublisher, SfuStatistics statistics)
{
    private readonly Dictionary<(int Worker, RelayId Relay), OutboundRelay> _relays = [];

    /// <summary>Another worker says which tracks of a publisher it wants.</summary>
    public void HandleWish(int worker, in RelayMessage message, Timestamp now)
    {
        var key = (worker, message.Relay);
        if (message.Tracks == 0)
        {
            End(key, now);
        }
        else if (sink is not null)
        {
            if (!_relays.TryGetValue(key, out var relay))
            {
                relay = new OutboundRelay(worker, message.Relay, message.Publisher, sink, statistics);
                relay.SetPublisher(findPublisher(message.Publisher), now);
                _relays.Add(key, relay);
                statistics.OutboundRelays++;
            }

            relay.SetTracks(message.Tracks, now);
        }
    }

    /// <summary>Receivers of another worker want a keyframe.</summary>
    public void HandleKeyframeWish(int worker, in RelayMessage message, Timestamp now)
    {
        if (_relays.TryGetValue((worker, message.Relay), out var relay)
            && relay.Publisher is { } publisher
            && message.Track < publisher.Publications.Length)
        {
            statistics.KeyframeRequestsReceived++;
            if (relay.IsKeyframeWanted(message.Track, now))
            {
                publisher.Publications[message.Track].RequestKeyframe(now);
            }
        }
    }

    /// <summary>A publisher opened: whoever waits for it gets its tracks.</summary>
    public void Attach(Publisher publisher, Timestamp now)
    {
        foreach (var relay in _relays.Values)
        {
            if (relay.PublisherId == publisher.Id)
            {
                relay.SetPublisher(publisher, now);
            }
        }
    }

    /// <summary>A publisher closed.</summary>
    public void Detach(Publisher publisher, Timestamp now)
    {
        foreach (var relay in _relays.Values)
        {
            if (relay.PublisherId == publisher.Id)
            {
                relay.SetPublisher(null, now);
            }
        }
    }

    /// <summary>Another worker ended, and its wishes with it.</summary>
    public void Forget(int worker, Timestamp now)
    {
        foreach (var key in _relays.Keys)
        {
            if (key.Worker == worker)
            {
                End(key, now);
            }
        }
    }

    private void End((int Worker, RelayId Relay) key, Timestamp now)
    {
        if (_relays.Remove(key, out var relay))
        {
            relay.SetPublisher(null, now);
            statistics.OutboundRelays--;
        }
    }
}

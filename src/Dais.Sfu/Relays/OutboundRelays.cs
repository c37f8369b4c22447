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
    public void HandleWish(int worker, in RelayMessage message)
    {
        var key = (worker, message.Relay);
        if (message.Tracks == 0)
        {
            End(key);
        }
        else if (sink is not null)
        {
            if (!_relays.TryGetValue(key, out var relay))
            {
                relay = new OutboundRelay(worker, message.Relay, message.Publisher, sink, statistics)
                {
                    Publisher = findPublisher(message.Publisher),
                };
                _relays.Add(key, relay);
                statistics.OutboundRelays++;
            }

            relay.Tracks = message.Tracks;
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
            publisher.Publications[message.Track].RequestKeyframe(now);
        }
    }

    /// <summary>A publisher opened: whoever waits for it gets its tracks.</summary>
    public void Attach(Publisher publisher)
    {
        foreach (var relay in _relays.Values)
        {
            if (relay.PublisherId == publisher.Id)
            {
                relay.Publisher = publisher;
            }
        }
    }

    /// <summary>A publisher closed.</summary>
    public void Detach(Publisher publisher)
    {
        foreach (var relay in _relays.Values)
        {
            if (relay.PublisherId == publisher.Id)
            {
                relay.Publisher = null;
            }
        }
    }

    /// <summary>Another worker ended, and its wishes with it.</summary>
    public void Forget(int worker)
    {
        foreach (var key in _relays.Keys)
        {
            if (key.Worker == worker)
            {
                End(key);
            }
        }
    }

    private void End((int Worker, RelayId Relay) key)
    {
        if (_relays.Remove(key, out var relay))
        {
            relay.Publisher = null;
            statistics.OutboundRelays--;
        }
    }
}

using System.Collections.Immutable;
using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Deadlines;

namespace Dais.Sfu.Relays;

/// <summary>
/// The publishers of other workers that stages of this one show. A relay begins when a track of one first stands on a stage here and ends
/// when none does any more; what still comes then is dropped.
/// </summary>
/// <param name="sink">The way to the other workers; null when there are none.</param>
/// <param name="options">Settings.</param>
/// <param name="statistics">What is counted.</param>
internal sealed class InboundRelays(IRelaySink? sink, SfuOptions options, SfuStatistics statistics)
{
    private readonly Dictionary<TransportId, RelayedPublisher> _byPublisher = [];
    private readonly Dictionary<RelayId, RelayedPublisher> _byRelay = [];
    private readonly Queue<RelayedPublisher> _unsettled = new();
    private long _lastRelay;

    /// <summary>The timers of the publishers.</summary>
    public DeadlineHeap<RelayedPublisher> Deadlines { get; } = new();

    /// <summary>When <see cref="HandleTimeout"/> wants to be called next.</summary>
    public Timestamp NextTimeout => Deadlines.Earliest?.At ?? Timestamp.Never;

    /// <summary>Why.</summary>
    public TimeoutReason NextTimeoutReason => Deadlines.Earliest?.Reason ?? TimeoutReason.None;

    /// <summary>The publisher of another worker that publishes with transport <paramref name="id"/>; null when there is no way to it.</summary>
    public RelayedPublisher? GetOrAdd(TransportId id, RemotePublisher remote)
    {
        if (sink is null)
        {
            return null;
        }

        if (!_byPublisher.TryGetValue(id, out var publisher))
        {
            publisher = new RelayedPublisher(this, new RelayId(++_lastRelay), id, remote, options, statistics);
            _byPublisher.Add(id, publisher);
            _byRelay.Add(publisher.Relay, publisher);
            statistics.InboundRelays++;
            HandlePlacesChanged(publisher);
        }

        return publisher;
    }

    /// <summary>A track of <paramref name="publisher"/> stands on more or fewer places than before.</summary>
    public void HandlePlacesChanged(RelayedPublisher publisher)
    {
        if (!publisher.IsUnsettled)
        {
            publisher.IsUnsettled = true;
            _unsettled.Enqueue(publisher);
        }
    }

    /// <summary>Tells the other workers what has come to be wanted and what not any more.</summary>
    public void Settle(Timestamp now)
    {
        while (_unsettled.TryDequeue(out var publisher))
        {
            publisher.IsUnsettled = false;
            if (!publisher.IsOver)
            {
                publisher.Settle(sink!, now);
                RemoveIfIdle(publisher);
            }
        }
    }

    /// <summary>Does what is due by <paramref name="now"/>.</summary>
    public void HandleTimeout(Timestamp now)
    {
        while (Deadlines.Earliest is { } deadline && deadline.At <= now)
        {
            deadline.Owner.HandleTimeout(sink!, now);
            RemoveIfIdle(deadline.Owner);
        }
    }

    /// <summary>Forwards a packet that came by a relay.</summary>
    public void HandlePacket<TSink>(in RelayMessage message, Span<byte> bytes, Timestamp now, ref TSink sink)
        where TSink : ITransmitSink, allows ref struct
    {
        statistics.PacketsFromRelays++;
        if (!_byRelay.TryGetValue(message.Relay, out var publisher) || publisher.Find(message.Track) is not { } publication)
        {
            statistics.Drop(DropReason.RelayStale);
        }
        else if (!RtpPacket.TryParse(bytes, out var packet))
        {
            statistics.Drop(DropReason.Malformed);
        }
        else
        {
            publication.BeginEpoch(message.Epoch, now);
            if (message.Kind == RelayMessageKind.StoredPacket)
            {
                publication.HandleStoredPacket(bytes, packet, message.PacketIndex, now);
                if (message.IsLast)
                {
                    publication.BeginWaiting();
                }

                return;
            }

            publication.HandlePacket(bytes, packet, message.PacketIndex, isRepair: false, now, ref sink);
        }
    }

    /// <summary>Takes over what the publisher's sender report told.</summary>
    public void HandleClock(in RelayMessage message, Timestamp now)
    {
        if (_byRelay.TryGetValue(message.Relay, out var publisher) && publisher.Find(message.Track) is { } publication)
        {
            publication.BeginEpoch(message.Epoch, now);
            publisher.Clock.HandleSenderReport(message.PublisherTime, message.ServerTime);
            publication.SetClock(message.PublisherTime, message.RtpTimestamp);
        }
    }

    /// <summary>Another worker ended; returns its publishers, which are none any more.</summary>
    public ImmutableArray<RelayedPublisher> Forget(int worker)
    {
        ImmutableArray<RelayedPublisher> forgotten = [.. _byRelay.Values.Where(publisher => publisher.Worker == worker)];
        foreach (var publisher in forgotten)
        {
            Remove(publisher);
        }

        return forgotten;
    }

    private void RemoveIfIdle(RelayedPublisher publisher)
    {
        if (publisher.IsIdle && !publisher.IsOver)
        {
            Remove(publisher);
        }
    }

    private void Remove(RelayedPublisher publisher)
    {
        publisher.IsOver = true;
        publisher.Release();
        _byRelay.Remove(publisher.Relay);
        _byPublisher.Remove(publisher.Id);
        Deadlines.Clear(publisher.Deadline);
        statistics.InboundRelays--;
    }
}

using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Deadlines;
using Dais.Sfu.Publications;
using Dais.Sfu.Reports;

namespace Dais.Sfu.Relays;

/// <summary>
/// A publisher of another worker as this one shows it: its tracks come by a relay, which carries those that stand on a stage here, and its
/// keyframes are asked for there.
/// </summary>
internal sealed class RelayedPublisher : IPublisher
{
    /// <summary>How soon a wish is said again for which the other worker had no room.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly InboundRelays _relays;
    private readonly SfuStatistics _statistics;
    private readonly Publication[] _publications;
    private uint _told;
    private Timestamp _nextWish = Timestamp.Never;

    public RelayedPublisher(
        InboundRelays relays, RelayId relay, TransportId id, RemotePublisher remote, SfuOptions options, SfuStatistics statistics)
    {
        _relays = relays;
        _statistics = statistics;
        Relay = relay;
        Id = id;
        Worker = remote.Worker;
        Participant = remote.Participant;
        Deadline = new Deadline<RelayedPublisher>(this);
        _publications =
        [
            .. remote.Tracks.Take(SfuLimits.TracksMax)
                .Select((track, index) => new Publication(this, track, (byte)index, options, statistics)),
        ];
        Publisher.Group(_publications);
    }

    /// <summary>The relay the tracks come by.</summary>
    public RelayId Relay { get; }

    /// <inheritdoc/>
    public TransportId Id { get; }

    /// <inheritdoc/>
    public ParticipantId Participant { get; }

    /// <summary>The worker that has the publisher.</summary>
    public int Worker { get; }

    /// <inheritdoc/>
    public PublisherClock Clock { get; } = new();

    /// <summary>The publisher's timer.</summary>
    public Deadline<RelayedPublisher> Deadline { get; }

    /// <summary>Whether the table has been told that places changed, and has not yet settled it.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Whether the relay has ended; what still holds the publisher gets nothing of it any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether nothing is wanted and the other worker knows it.</summary>
    public bool IsIdle => _told == 0 && Wanted == 0;

    private uint Wanted
    {
        get
        {
            uint wanted = 0;
            foreach (var publication in _publications)
            {
                // Of several encodings the lowest, to begin with, and up to the highest that somebody watches.
                bool isWatched = publication.Layers.IndexOf(publication) <= Math.Max(0, publication.Layers.HighestWatched);
                wanted |= publication.StagePlaces > 0 && isWatched ? 1u << publication.Index : 0;
            }

            return wanted;
        }
    }

    /// <inheritdoc/>
    public Publication? First(TrackKind kind) => Array.Find(_publications, publication => publication.Track.Kind == kind);

    /// <summary>The track at a place; null when there is none or it is not wanted.</summary>
    public Publication? Find(byte track) =>
        track < _publications.Length && _publications[track].StagePlaces > 0 ? _publications[track] : null;

    /// <inheritdoc/>
    public void HandlePlacesChanged() => _relays.HandlePlacesChanged(this);

    /// <inheritdoc/>
    public void HandleWatchedChanged() => _relays.HandlePlacesChanged(this);

    /// <inheritdoc/>
    public void Reschedule()
    {
        if (IsOver)
        {
            return;
        }

        var at = _nextWish;
        var reason = TimeoutReason.Relay;
        foreach (var publication in _publications)
        {
            if (IsTold(publication) && publication.NextKeyframeRequest < at)
            {
                at = publication.NextKeyframeRequest;
                reason = TimeoutReason.Keyframe;
            }
        }

        _relays.Deadlines.Set(Deadline, at, reason);
    }

    /// <summary>The relay is over.</summary>
    public void Release()
    {
        foreach (var publication in _publications)
        {
            publication.Release();
        }
    }

    /// <summary>Tells the other worker what is wanted, when that differs from what it knows.</summary>
    public void Settle(IRelaySink sink, Timestamp now)
    {
        uint wanted = Wanted;
        var wish = new RelayMessage { Kind = RelayMessageKind.Wish, Relay = Relay, Publisher = Id, Tracks = wanted };
        if (wanted == _told || sink.TrySend(Worker, wish, []))
        {
            _told = wanted;
            _nextWish = Timestamp.Never;
        }
        else
        {
            _nextWish = now + RetryDelay;
        }

        Reschedule();
    }

    /// <summary>Does what is due by <paramref name="now"/>.</summary>
    public void HandleTimeout(IRelaySink sink, Timestamp now)
    {
        Settle(sink, now);
        foreach (var publication in _publications)
        {
            if (!IsTold(publication) || !publication.TryTakeKeyframeRequest(now))
            {
                continue;
            }

            var wish = new RelayMessage { Kind = RelayMessageKind.KeyframeWish, Relay = Relay, Track = publication.Index };
            if (sink.TrySend(Worker, wish, []))
            {
                _statistics.KeyframeRequestsSent++;
            }
            else
            {
                publication.RequestKeyframe(now);
            }
        }

        Reschedule();
    }

    /// <summary>Whether the other worker knows that a track is wanted: before, it cannot be asked for a keyframe of it.</summary>
    private bool IsTold(Publication publication) => (_told & (1u << publication.Index)) != 0;
}

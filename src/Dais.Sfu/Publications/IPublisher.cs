using Dais.Rtc.Rtp;
using Dais.Sfu.Reports;

namespace Dais.Sfu.Publications;

/// <summary>Whose publications stages and slots show: a client of this worker, or one of another worker behind a relay.</summary>
internal interface IPublisher
{
    /// <summary>The transport published with.</summary>
    TransportId Id { get; }

    /// <summary>Who publishes.</summary>
    ParticipantId Participant { get; }

    /// <summary>The publisher's wall clock.</summary>
    PublisherClock Clock { get; }

    /// <summary>The first publication of a kind, which is the one that slots show; null when there is none.</summary>
    Publication? First(TrackKind kind);

    /// <summary>A publication wants to be asked for a keyframe at another time than before.</summary>
    void Reschedule();

    /// <summary>Other encodings of a picture are watched than before.</summary>
    void HandleWatchedChanged();

    /// <summary>A publication stands on more or fewer places than before.</summary>
    void HandlePlacesChanged();
}

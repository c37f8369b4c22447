using System.Collections.Immutable;
using Dais.Sfu;

namespace Dais.Server.Media;

/// <summary>The media of one member of a room.</summary>
internal sealed class RoomParticipant(ParticipantId id)
{
    /// <summary>Who they are to the worker.</summary>
    public ParticipantId Id { get; } = id;

    /// <summary>What they publish with; null for nothing.</summary>
    public MediaTransport? Publisher { get; set; }

    /// <summary>Who lives by it; null for somebody's WebSocket session.</summary>
    public IMediaOwner? PublisherOwner { get; set; }

    /// <summary>What they publish.</summary>
    public ImmutableArray<PublishedTrack> Tracks { get; set; } = [];

    /// <summary>Which encodings of their picture they were told last to be watched; null while, by what they know, all are.</summary>
    public ImmutableArray<string>? WantedRids { get; set; }

    /// <summary>What they receive the stage with; null for nothing.</summary>
    public MediaTransport? Subscriber { get; set; }
}

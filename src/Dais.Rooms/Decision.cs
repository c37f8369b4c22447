using System.Collections.Immutable;

namespace Dais.Rooms;

/// <summary>What follows from a command. A refused one usually has no events; accepting a request for which there is no seat
/// refuses the caller and ends the request, and so does answering one that has run out: both are to be looked at.</summary>
public readonly record struct Decision
{
    /// <summary>What happens, in order; never default.</summary>
    public required ImmutableArray<RoomEvent> Events { get; init; }

    /// <summary>Why the command is refused, or null.</summary>
    public RoomError? Error { get; init; }

    /// <summary>The request the command made, repeated or answered, if it is one that asks for a seat.</summary>
    public RequestId? Request { get; init; }

    /// <summary>Whether a command that asks for a seat has got one.</summary>
    public bool Seated { get; init; }
}

using System.Collections.Immutable;
using Dais.Rooms.Connections;

namespace Dais.Rooms;

/// <summary>What follows from a command. A refused one usually has no events; accepting a request for which there is no seat
/// refuses the caller and ends the request, and so does answering one that has run out: both are to be looked at.</summary>
public readonly record struct Decision
{
    /// <summary>What happens, in order; never default.</summary>
    public required ImmutableArray<RoomEvent> Events { get; init; }

    /// <summary>The room after all of <see cref="Events"/>: what applying them gives, for whoever does not want to do that once more.
    /// Null when there are none.</summary>
    public Room? After { get; init; }

    /// <summary>Why the command is refused, or null.</summary>
    public RoomError? Error { get; init; }

    /// <summary>The request the command made, repeated or answered, if it is one that asks for a seat.</summary>
    public RequestId? Request { get; init; }

    /// <summary>Whether a command that asks for a seat has got one.</summary>
    public bool Seated { get; init; }

    /// <summary>When to try again, for <see cref="RoomError.RateLimited"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The other rooms without which this cannot be decided. When there are any, nothing is decided: get hold of them and
    /// ask <see cref="RoomSet.Decide"/>.</summary>
    public ImmutableArray<RoomId> Needs { get => field.IsDefault ? [] : field; init; }

    /// <summary>What became of each request of a command that asks rooms to connect; empty for any other.</summary>
    public ImmutableSortedDictionary<RoomId, HostRequestResult> Results
    {
        get => field ?? HostRequests.NoResults;
        init;
    }
}

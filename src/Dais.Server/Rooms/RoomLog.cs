using System.Collections.Immutable;
using Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>
/// Where a room's events go before anyone is told of them. Each has a place, counted from 1, which is the <c>seq</c>
/// clients see. This log is
/// kept by the process only; the durable one takes its place behind the same call.
/// </summary>
public sealed class RoomLog
{
    /// <summary>The place of the last event; 0 when there is none.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Appends <paramref name="events"/>, all or none, and gives the place of the first.</summary>
    public long Append(ImmutableArray<RoomEvent> events)
    {
        long first = LastSeq + 1;
        LastSeq += events.Length;
        return first;
    }
}

using System.Collections.Immutable;
using Dais.Rooms.Connections;

namespace Dais.Rooms;

/// <summary>Decides what concerns several rooms, seeing all of them: what happens in one happens in the others, or nowhere.</summary>
public static class RoomSet
{
    /// <summary>
    /// Decides what follows from <paramref name="command"/> to the room <paramref name="of"/>; changes nothing. When still more
    /// rooms are concerned (the members of a connection), it only says which: see <see cref="Decision.Needs"/>.
    /// </summary>
    /// <param name="of">The room the command is for.</param>
    /// <param name="command">What is asked of it.</param>
    /// <param name="rooms">The rooms in hand, by id, that one included; null for one that was looked for and is not there. One
    /// that is not live counts as not there.</param>
    /// <param name="now">When.</param>
    public static JointDecision Decide(
        RoomId of, RoomCommand command, IReadOnlyDictionary<RoomId, Room?> rooms, WallClockTime now)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(rooms);
        var joint = new JointDraft(rooms, now);
        if (joint.Find(of) is not { } draft)
        {
            return new JointDecision { Answer = new Decision { Events = [], Error = RoomError.RoomNotFound } };
        }

        joint.ExpireRequests();
        return joint.Complete(draft, draft.Decide(command));
    }
}

/// <summary>What follows from a command that concerns several rooms. All of it happens, or nothing.</summary>
public sealed record JointDecision
{
    /// <summary>What follows in the room the command was for, which answers it. When it
    /// <see cref="Decision.Needs">needs</see> more rooms, nothing is decided.</summary>
    public required Decision Answer { get; init; }

    /// <summary>What happens, in order, in every room where something does, that of the command included.</summary>
    public ImmutableSortedDictionary<RoomId, ImmutableArray<RoomEvent>> Events { get; init; } =
        ImmutableSortedDictionary.Create<RoomId, ImmutableArray<RoomEvent>>(RoomId.Order);

    /// <summary>What happens to a connection; null for nothing.</summary>
    public LinkChange? Link { get; init; }
}

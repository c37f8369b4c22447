using System.Diagnostics.CodeAnalysis;
using Dais.Rooms;

namespace Dais.Server.Rooms;

/// <summary>An event in its final bytes, with its place in the room's log.</summary>
/// <param name="Seq">Its place.</param>
/// <param name="Message">The whole message.</param>
public sealed record HeldEvent(long Seq, ReadOnlyMemory<byte> Message);

/// <summary>
/// The latest events of a room as they were sent, for clients that have missed some: at most
/// <paramref name="countMax"/>, and of <paramref name="bytesMax"/> bytes together. The bytes are those that were sent;
/// nothing is written twice.
/// </summary>
public sealed class RecentEvents(int countMax = 1_000, long bytesMax = 1_048_576)
{
    private readonly Queue<Entry> _entries = new();
    private long _bytes;
    private long _completeAfter = -1;

    /// <summary>The last event before those that are held here; until it is known, that is the one before the first.</summary>
    public long CompleteAfter
    {
        get => _completeAfter;
        init => _completeAfter = value;
    }

    /// <summary>Holds an event; the oldest go when there is no room for it.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="to">Who may see it.</param>
    /// <param name="changesRoleOf">Whose role it changes, or null.</param>
    public void Add(HeldEvent happened, Recipients to, UserId? changesRoleOf = null)
    {
        if (_completeAfter < 0)
        {
            _completeAfter = happened.Seq - 1;
        }

        _entries.Enqueue(new Entry(happened, to, changesRoleOf));
        _bytes += happened.Message.Length;
        while (_entries.Count > countMax || _bytes > bytesMax)
        {
            var oldest = _entries.Dequeue();
            _bytes -= oldest.Happened.Message.Length;
            _completeAfter = oldest.Happened.Seq;
        }
    }

    /// <summary>
    /// The events after <paramref name="seq"/> that <paramref name="user"/> may see, in order. False when some are no
    /// longer held, when there are more than <paramref name="replayMax"/>, or when the user's role changed among them: what
    /// they may see then is more, or less, than events tell.
    /// </summary>
    public bool TryReplay(
        long seq, UserId user, Room room, int replayMax, [NotNullWhen(true)] out List<ReadOnlyMemory<byte>>? missed)
    {
        missed = null;
        if (seq < _completeAfter)
        {
            return false;
        }

        var found = new List<ReadOnlyMemory<byte>>();
        foreach (var entry in _entries)
        {
            if (entry.Happened.Seq <= seq)
            {
                continue;
            }

            if (entry.ChangesRoleOf == user || found.Count == replayMax)
            {
                return false;
            }

            if (entry.To.Include(user, room))
            {
                found.Add(entry.Happened.Message);
            }
        }

        missed = found;
        return true;
    }

    /// <summary>
    /// The events after <paramref name="seq"/>, whoever they are for, at most <paramref name="count"/>; false when some are no longer
    /// held.
    /// </summary>
    /// <param name="seq">The last event already known.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="found">The events, in order.</param>
    /// <param name="hasMore">Whether there are more.</param>
    public bool TryRead(long seq, int count, out List<HeldEvent> found, out bool hasMore)
    {
        found = [];
        hasMore = false;
        if (_completeAfter < 0 || seq < _completeAfter)
        {
            return false;
        }

        foreach (var entry in _entries)
        {
            if (entry.Happened.Seq > seq)
            {
                if (found.Count == count)
                {
                    hasMore = true;
                    break;
                }

                found.Add(entry.Happened);
            }
        }

        return true;
    }

    private readonly record struct Entry(HeldEvent Happened, Recipients To, UserId? ChangesRoleOf);
}

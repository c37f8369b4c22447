using System.Collections.Immutable;
using Dais.Rooms;
using Dais.Server.Observability;
using Dais.Server.Rooms.Log;
using Dais.Server.Storage;

namespace Dais.Server.Rooms;

/// <summary>
/// What a room has decided and nobody knows yet: the events on their way to the log, and everything that may happen only when
/// they are there. Each event has a place, counted from 1, which is the <c>seq</c> clients see.
/// </summary>
/// <remarks>
/// Between two commits the room decides on a state that may still be lost with the process; so nothing leaves the room then.
/// What wants to (notifications, answers, word to the media workers) is left here and carried out after the commit, in order.
/// </remarks>
public sealed class RoomLog(RoomStore store, StoredRoom stored)
{
    /// <summary>How large a room may be stored. One that is larger takes nobody more in, so its snapshots always fit.</summary>
    public const int StateBytesMax = 8 << 20;

    /// <summary>A commit is not put off any longer when it is this long.</summary>
    private const int CommitBytesMax = 256 << 10;

    /// <summary>A restart applies at least so many events faster than anybody notices.</summary>
    private const int SnapshotEventsMin = 200;

    /// <summary>The most that is read beside a snapshot.</summary>
    private const long SnapshotBytesApartMax = 2 << 20;

    private readonly List<NewEvent> _events = [];
    private readonly List<Action> _afterwards = [];
    private readonly KeptHistory _kept = stored.Kept;
    private long _committedSeq = stored.Seq;
    private long _pendingBytes;
    private int _snapshotBytes = stored.SnapshotBytes;
    private int _eventsSinceSnapshot = stored.EventsSince;
    private long _bytesSinceSnapshot = stored.BytesSince;

    /// <summary>The place of the last event, committed or not.</summary>
    public long LastSeq => _committedSeq + _events.Count;

    /// <summary>Whether enough has gathered for a commit.</summary>
    public bool IsDue => _pendingBytes >= CommitBytesMax;

    /// <summary>Whether the room may not grow.</summary>
    public bool IsStateTooLarge => _snapshotBytes > StateBytesMax;

    /// <summary>Adds <paramref name="events"/>, all or none, and gives the place of the first.</summary>
    public long Add(ImmutableArray<RoomEvent> events, WallClockTime at)
    {
        long first = LastSeq + 1;
        NewEvent[] added = [.. events.Select(happened => RoomEventFormat.ToStored(happened, at))];
        _events.AddRange(added);
        _pendingBytes += added.Sum(happened => happened.Body.Length);
        return first;
    }

    /// <summary>Has <paramref name="action"/> carried out after the commit of everything added so far.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>Has the log take what was added.</summary>
    /// <param name="endedAt">When the room ended; null while it is live.</param>
    /// <returns>False when the stream was written by someone else meanwhile.</returns>
    public async ValueTask<bool> CommitAsync(DateTimeOffset? endedAt)
    {
        if (_events.Count == 0)
        {
            return true;
        }

        using var span = Traces.Start("room.commit")?.SetTag("dais.events", _events.Count);
        if (!await store.AppendAsync(_committedSeq, _events, endedAt))
        {
            return false;
        }

        Committed();
        return true;
    }

    /// <summary>What was added, for an append together with other streams; null when there is nothing.</summary>
    /// <param name="endedAt">When the room ended; null while it is live.</param>
    public StreamAppend? Pending(DateTimeOffset? endedAt) =>
        _events.Count == 0 ? null : store.ToAppend(_committedSeq, _events, endedAt);

    /// <summary>The log has what was added.</summary>
    public void Committed()
    {
        _committedSeq += _events.Count;
        _eventsSinceSnapshot += _events.Count;
        _bytesSinceSnapshot += _pendingBytes;
        _pendingBytes = 0;
        _events.Clear();
    }

    /// <summary>Carries out what waited for the commit; <paramref name="onFailure"/> learns what failed of it.</summary>
    public void CarryOut(Action<Exception> onFailure)
    {
        // One may add another.
        for (int i = 0; i < _afterwards.Count; i++)
        {
            try
            {
                _afterwards[i]();
            }
            catch (Exception exception)
            {
                onFailure(exception);
            }
        }

        _afterwards.Clear();
    }

    /// <summary>
    /// Saves <paramref name="committed"/> when that is worth it: so many events and so many bytes came since the last snapshot
    /// that reading them at a restart takes longer than reading the snapshot. Nobody waits for it.
    /// </summary>
    public void SaveSnapshotIfDue(Room committed)
    {
        if (_eventsSinceSnapshot >= SnapshotEventsMin && _bytesSinceSnapshot >= Math.Min(_snapshotBytes, SnapshotBytesApartMax))
        {
            byte[] state = RoomStateFormat.ToStored(committed);
            long eventBytes = _bytesSinceSnapshot + ((long)_eventsSinceSnapshot * StreamIndex.EventOverheadBytes);
            _kept.Add(_committedSeq, eventBytes, state.Length);
            _snapshotBytes = state.Length;
            _eventsSinceSnapshot = 0;
            _bytesSinceSnapshot = 0;
            _ = store.SaveSnapshotAsync(_committedSeq, state, _kept.KeepAfter);
        }
    }
}

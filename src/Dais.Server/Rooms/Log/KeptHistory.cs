namespace Dais.Server.Rooms.Log;

/// <summary>
/// How much of a room's past the log is asked to keep: whole stretches from snapshot to snapshot, so that what is kept can be folded
/// from its first event on.
/// </summary>
/// <param name="eventsMin">So many events are kept at least, unless they are too long; with 0 only what came since the last snapshot.</param>
/// <param name="forgottenThrough">The last event the log does not have.</param>
public sealed class KeptHistory(int eventsMin, long forgottenThrough)
{
    /// <summary>What the past of one room may take, snapshots included. A stream is full at four times that.</summary>
    public const long BytesMax = 16 << 20;

    private readonly Queue<Stretch> _stretches = new();
    private Stretch _open = new(forgottenThrough, forgottenThrough, 0);
    private long _bytes;

    /// <summary>The event after which the log shall keep what happened.</summary>
    public long KeepAfter => _stretches.TryPeek(out var oldest) ? oldest.After : _open.After;

    /// <summary>A snapshot is saved; what is too old is given up.</summary>
    /// <param name="seq">The event it follows.</param>
    /// <param name="eventBytes">What the events since the last one take.</param>
    /// <param name="stateBytes">What it takes itself.</param>
    public void Add(long seq, long eventBytes, long stateBytes)
    {
        var closed = _open with { Through = seq, Bytes = _open.Bytes + eventBytes };
        _stretches.Enqueue(closed);
        _open = new Stretch(seq, seq, stateBytes);
        _bytes += closed.Bytes;
        while (_stretches.TryPeek(out var oldest) && (seq - oldest.Through >= eventsMin || _bytes + _open.Bytes > BytesMax))
        {
            _stretches.Dequeue();
            _bytes -= oldest.Bytes;
        }
    }

    /// <summary>Events in a row.</summary>
    /// <param name="After">The event before the first; a snapshot of the room there is kept with them.</param>
    /// <param name="Through">The last.</param>
    /// <param name="Bytes">What they take, with that snapshot.</param>
    private readonly record struct Stretch(long After, long Through, long Bytes);
}

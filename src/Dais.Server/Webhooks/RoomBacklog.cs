namespace Dais.Server.Webhooks;

/// <summary>
/// When the events of a room came and how much they are, coarsely, as far back as somebody has still to be told of them. Time is
/// that of a clock that never jumps.
/// </summary>
public sealed class RoomBacklog
{
    /// <summary>Marks are at least so far apart, in time or in bytes.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private const long BytesApart = 1 << 20;

    private readonly List<Mark> _marks = [];
    private long _bytes;
    private long _head;

    /// <summary>
    /// Begins with what is there already after <paramref name="seq"/>: up to <paramref name="last"/>, so many
    /// <paramref name="bytes"/>. Of what came in the meantime only the time is kept.
    /// </summary>
    public void Begin(long seq, long last, long bytes, TimeSpan now)
    {
        var since = _marks.Count > 0 ? _marks[0].At : now;
        _marks.Clear();
        _marks.Add(new Mark(seq, 0, since));
        _bytes = bytes;
        _head = Math.Max(_head, last);
        _marks.Add(new Mark(_head, bytes, since));
    }

    /// <summary>Events up to <paramref name="seq"/> have come.</summary>
    public void Add(long seq, long bytes, TimeSpan now)
    {
        _bytes += bytes;
        _head = seq;
        if (_marks.Count > 1 && now - _marks[^1].At < Apart && _bytes - _marks[^2].Bytes < BytesApart)
        {
            _marks[^1] = _marks[^1] with { Seq = seq, Bytes = _bytes };
        }
        else
        {
            _marks.Add(new Mark(seq, _bytes, now));
        }
    }

    /// <summary>Nobody is before <paramref name="seq"/> any more.</summary>
    public void Forget(long seq)
    {
        // The last mark at or before it says how much lies before.
        int count = _marks.FindLastIndex(mark => mark.Seq <= seq);
        if (count > 0)
        {
            _marks.RemoveRange(0, count);
        }
    }

    /// <summary>How much came after <paramref name="seq"/>, in bytes; rather too much than too little.</summary>
    public long BytesAfter(long seq)
    {
        if (seq >= _head)
        {
            return 0;
        }

        int index = _marks.FindLastIndex(mark => mark.Seq <= seq);
        return _bytes - (index < 0 ? 0 : _marks[index].Bytes);
    }

    /// <summary>When the event at <paramref name="seq"/> came; <paramref name="now"/> when it has not.</summary>
    public TimeSpan CameAt(long seq, TimeSpan now)
    {
        int index = _marks.FindIndex(mark => mark.Seq >= seq);
        return index < 0 ? now : _marks[index].At;
    }

    private readonly record struct Mark(long Seq, long Bytes, TimeSpan At);
}

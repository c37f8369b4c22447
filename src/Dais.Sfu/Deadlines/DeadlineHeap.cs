using Dais.Rtc;

namespace Dais.Sfu.Deadlines;

/// <summary>
/// The timers of all transports, the earliest on top: a binary heap whose entries know their position, so that moving a timer costs
/// O(log n) and asking for the earliest nothing. Allocates only when it grows.
/// </summary>
/// <typeparam name="T">What has a timer.</typeparam>
internal sealed class DeadlineHeap<T> where T : class
{
    private Deadline<T>[] _entries = new Deadline<T>[16];

    /// <summary>How many timers are set.</summary>
    public int Count { get; private set; }

    /// <summary>The timer that runs out first; null when none is set.</summary>
    public Deadline<T>? Earliest => Count == 0 ? null : _entries[0];

    /// <summary>Sets <paramref name="deadline"/> to <paramref name="at"/>; <see cref="Timestamp.Never"/> clears it.</summary>
    public void Set(Deadline<T> deadline, Timestamp at, TimeoutReason reason)
    {
        deadline.Reason = reason;
        if (deadline.At == at)
        {
            return;
        }

        if (at == Timestamp.Never)
        {
            Clear(deadline);
            return;
        }

        deadline.At = at;
        if (deadline.Index == Deadline<T>.NotQueued)
        {
            Add(deadline);
        }

        Settle(deadline);
    }

    /// <summary>Takes <paramref name="deadline"/> out; nothing happens when it is not set.</summary>
    public void Clear(Deadline<T> deadline)
    {
        deadline.At = Timestamp.Never;
        deadline.Reason = TimeoutReason.None;
        int hole = deadline.Index;
        if (hole == Deadline<T>.NotQueued)
        {
            return;
        }

        deadline.Index = Deadline<T>.NotQueued;
        Count--;
        var last = _entries[Count];
        _entries[Count] = null!;
        if (hole != Count)
        {
            Place(last, hole);
            Settle(last);
        }
    }

    private void Add(Deadline<T> deadline)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        Place(deadline, Count);
        Count++;
    }

    /// <summary>Moves an entry whose time changed to where it belongs: up past later parents, or else down past earlier children.</summary>
    private void Settle(Deadline<T> deadline)
    {
        int index = deadline.Index;
        while (index > 0 && deadline.At < _entries[(index - 1) / 2].At)
        {
            int parent = (index - 1) / 2;
            Place(_entries[parent], index);
            index = parent;
        }

        while (EarlierChild(index) is var child && child >= 0 && _entries[child].At < deadline.At)
        {
            Place(_entries[child], index);
            index = child;
        }

        Place(deadline, index);
    }

    private int EarlierChild(int index)
    {
        int left = (index * 2) + 1;
        int right = left + 1;
        if (left >= Count)
        {
            return -1;
        }

        return right < Count && _entries[right].At < _entries[left].At ? right : left;
    }

    private void Place(Deadline<T> deadline, int index)
    {
        _entries[index] = deadline;
        deadline.Index = index;
    }
}

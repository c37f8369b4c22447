namespace Dais.Rtc.Ice;

/// <summary>The validated paths of one agent, at most as many as its limit. Few, so a plain search is the fastest.</summary>
internal sealed class IcePathTable(int pathsMax)
{
    private readonly Entry[] _entries = new Entry[pathsMax];
    private int _count;
    private int _selected = -1;

    public bool IsEmpty => _count == 0;

    /// <summary>The path nominated last, or null.</summary>
    public NetworkPath? Selected => _selected < 0 ? null : _entries[_selected].Path;

    /// <summary>The path checked last, or null.</summary>
    public NetworkPath? MostRecent
    {
        get
        {
            int best = IndexOfMostRecent(nominatedOnly: false);
            return best < 0 ? null : _entries[best].Path;
        }
    }

    /// <summary>When the path unheard of for longest was checked last; the table must not be empty.</summary>
    public Timestamp OldestCheck => _entries[IndexOfOldest(spareSelected: false)].LastCheck;

    public bool Contains(in NetworkPath path) => IndexOf(path) >= 0;

    /// <summary>Notes an authenticated check; adds the path when it is new.</summary>
    public void Refresh(in NetworkPath path, bool nominated, Timestamp now)
    {
        int index = IndexOf(path);
        if (index < 0)
        {
            index = _count < _entries.Length ? _count++ : IndexOfOldest(spareSelected: _count > 1);
            _selected = _selected == index ? -1 : _selected;
            _entries[index] = new Entry(path, IsNominated: false, now);
        }

        ref var entry = ref _entries[index];
        entry = entry with { IsNominated = entry.IsNominated || nominated, LastCheck = now };
        _selected = nominated ? index : _selected;
    }

    /// <summary>
    /// Forgets the paths without a check for <paramref name="timeout"/>. When the selected one goes, the nominated path checked last
    /// follows: a browser that nominates several keeps up its consent only on the one it uses.
    /// </summary>
    public void RemoveExpired(Timestamp now, TimeSpan timeout)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (now >= _entries[i].LastCheck + timeout)
            {
                RemoveAt(i);
            }
        }

        _selected = _selected < 0 ? IndexOfMostRecent(nominatedOnly: true) : _selected;
    }

    private void RemoveAt(int index)
    {
        int last = --_count;
        _entries[index] = _entries[last];
        if (_selected == index)
        {
            _selected = -1;
        }
        else if (_selected == last)
        {
            _selected = index;
        }
    }

    private int IndexOf(in NetworkPath path)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Path == path)
            {
                return i;
            }
        }

        return -1;
    }

    private int IndexOfMostRecent(bool nominatedOnly)
    {
        int best = -1;
        for (int i = 0; i < _count; i++)
        {
            if ((!nominatedOnly || _entries[i].IsNominated) && (best < 0 || _entries[i].LastCheck > _entries[best].LastCheck))
            {
                best = i;
            }
        }

        return best;
    }

    private int IndexOfOldest(bool spareSelected)
    {
        int best = -1;
        for (int i = 0; i < _count; i++)
        {
            if ((!spareSelected || i != _selected) && (best < 0 || _entries[i].LastCheck < _entries[best].LastCheck))
            {
                best = i;
            }
        }

        return best;
    }

    private readonly record struct Entry(NetworkPath Path, bool IsNominated, Timestamp LastCheck);
}

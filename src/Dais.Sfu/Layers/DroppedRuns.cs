namespace Dais.Sfu.Layers;

/// <summary>
/// Which packets of a source were left out of a slot, so that those behind them take their numbers and nothing seems to be missing: as few
/// bounded entries as there were runs of them. What lies before the oldest entry has no place any more.
/// </summary>
internal sealed class DroppedRuns
{
    /// <summary>Runs remembered: four seconds of 30 pictures a second of which each second one is left out.</summary>
    private const int RunsMax = 64;

    private readonly Run[] _runs = new Run[RunsMax];
    private int _newest = -1;
    private int _count;
    private ulong _highest;
    private ushort _lastPicture;

    /// <summary>A packet is sent.</summary>
    public void HandleSent(ulong sourceIndex) => _highest = Math.Max(_highest, sourceIndex);

    /// <summary>A packet is left out. One that is late leaves its number missing: what is behind it has been sent.</summary>
    public void Drop(ulong sourceIndex, bool hasPicture, ushort picture)
    {
        if (sourceIndex <= _highest)
        {
            return;
        }

        _highest = sourceIndex;
        var last = _newest < 0 ? default : _runs[_newest];
        bool isNewPicture = hasPicture && (_newest < 0 || picture != _lastPicture);
        _lastPicture = picture;
        var next = new Run(sourceIndex + 1, last.Packets + 1, (ushort)(last.Pictures + (isNewPicture ? 1 : 0)));
        if (_newest < 0 || last.From != sourceIndex)
        {
            _newest = (_newest + 1) % RunsMax;
            _count++;
        }

        _runs[_newest] = next;
    }

    /// <summary>How many packets and pictures were left out before a packet of the source; false when that is forgotten.</summary>
    public bool TryCountBefore(ulong sourceIndex, out ulong packets, out ushort pictures)
    {
        packets = 0;
        pictures = 0;
        for (int back = 0; back < Math.Min(_count, RunsMax); back++)
        {
            var run = _runs[(_newest - back + RunsMax) % RunsMax];
            if (run.From <= sourceIndex)
            {
                packets = run.Packets;
                pictures = run.Pictures;
                return true;
            }
        }

        return _count < RunsMax;
    }

    /// <summary>The packet of the source that got a number; <paramref name="number"/> counts as if nothing had been left out.</summary>
    public bool TryFindSource(ulong number, out ulong sourceIndex)
    {
        for (int back = 0; back < Math.Min(_count, RunsMax); back++)
        {
            var run = _runs[(_newest - back + RunsMax) % RunsMax];
            if (run.From - run.Packets <= number)
            {
                sourceIndex = number + run.Packets;
                return true;
            }
        }

        sourceIndex = number;
        return _count < RunsMax;
    }

    private readonly record struct Run(ulong From, ulong Packets, ushort Pictures);
}

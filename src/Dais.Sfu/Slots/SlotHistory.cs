using Dais.Rtc;
using Dais.Sfu.Publications;

namespace Dais.Sfu.Slots;

/// <summary>One run of a source's packets on a slot, as much of it as sending one of them again takes.</summary>
/// <param name="Source">Whose packets.</param>
/// <param name="Epoch">The source's epoch: those of another are other packets.</param>
/// <param name="FirstIndex">The outgoing packet index of the first.</param>
/// <param name="Mapping">How they are numbered and timed.</param>
/// <param name="ReplayedAt">When those that were replayed were sent.</param>
internal readonly record struct SlotSegment(Publication Source, uint Epoch, ulong FirstIndex, SlotMapping Mapping, Timestamp ReplayedAt)
{
    /// <summary>How pictures are numbered.</summary>
    public PictureNumbering Pictures { get; init; }
}

/// <summary>
/// The last runs of packets a slot has sent, by which an outgoing number is traced back to its source's. A few of them, however many packets
/// they had; older ones are forgotten.
/// </summary>
internal sealed class SlotHistory
{
    /// <summary>How many runs are remembered.</summary>
    public const int SegmentsMax = 8;

    private SlotSegment[] _segments = [];
    private int _count;
    private int _newest = -1;

    /// <summary>A run begins; the one before is over, and its pictures were numbered by <paramref name="pictures"/>.</summary>
    public void Begin(in SlotSegment segment, in PictureNumbering pictures)
    {
        if (_newest >= 0)
        {
            _segments[_newest] = _segments[_newest] with { Pictures = pictures };
        }

        if (_count == _segments.Length && _count < SegmentsMax)
        {
            // While it grows it has not turned round yet, so that the order stays.
            Array.Resize(ref _segments, Math.Max(2, _count * 2));
        }

        _newest = (_newest + 1) % _segments.Length;
        _segments[_newest] = segment;
        _count = Math.Min(_count + 1, _segments.Length);
    }

    /// <summary>The run that lasts is mapped by <paramref name="mapping"/>, which does not change what was sent of it.</summary>
    public void Update(in SlotMapping mapping) => _segments[_newest] = _segments[_newest] with { Mapping = mapping };

    /// <summary>Finds the run the outgoing <paramref name="index"/> belongs to; false when it is forgotten.</summary>
    /// <param name="index">An outgoing packet index.</param>
    /// <param name="pictures">How pictures of the run that lasts are numbered.</param>
    /// <param name="segment">The run.</param>
    public bool TryFind(ulong index, in PictureNumbering pictures, out SlotSegment segment)
    {
        for (int back = 0; back < _count; back++)
        {
            int place = (_newest - back + _segments.Length) % _segments.Length;
            if (_segments[place].FirstIndex <= index)
            {
                segment = back == 0 ? _segments[place] with { Pictures = pictures } : _segments[place];
                return true;
            }
        }

        segment = default;
        return false;
    }
}

namespace Dais.Rtc.Srtp;

/// <summary>
/// Remembers which packet indices were received (RFC 3711 §3.3.2). The bits lie in a ring of words, so that moving on clears at most the
/// ring and shifts nothing; at least the last 961 indices are told apart, older ones count as seen.
/// </summary>
internal sealed class SrtpReplayWindow
{
    /// <summary>Words of the ring; a power of two.</summary>
    private const int Words = 16;

    private readonly ulong[] _seen = new ulong[Words];
    private bool _isUsed;

    /// <summary>The highest index received, or null.</summary>
    public ulong? Highest => _isUsed ? HighestValue : null;

    private ulong HighestValue { get; set; }

    /// <summary>Whether <paramref name="index"/> was not received before and is not too old to know.</summary>
    public bool IsNew(ulong index)
    {
        if (!_isUsed || index > HighestValue)
        {
            return true;
        }

        return (HighestValue >> 6) - (index >> 6) < Words && (_seen[Slot(index)] & Bit(index)) == 0;
    }

    /// <summary>Notes an index found new, once its packet is authenticated.</summary>
    public void Add(ulong index)
    {
        if (!_isUsed)
        {
            _isUsed = true;
            HighestValue = index;
        }
        else if (index > HighestValue)
        {
            ulong steps = Math.Min((index >> 6) - (HighestValue >> 6), Words);
            for (ulong step = 0; step < steps; step++)
            {
                _seen[Slot(index - (step << 6))] = 0;
            }

            HighestValue = index;
        }

        _seen[Slot(index)] |= Bit(index);
    }

    private static int Slot(ulong index) => (int)(index >> 6) & (Words - 1);

    private static ulong Bit(ulong index) => 1UL << (int)(index & 63);
}

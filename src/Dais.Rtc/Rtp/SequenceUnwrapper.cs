namespace Dais.Rtc.Rtp;

/// <summary>
/// Extends 16-bit sequence numbers beyond their wrap: the roll-over count in front of the number, as SRTP's packet
/// index has it (RFC 3711 §3.3.1).
/// </summary>
public sealed class SequenceUnwrapper
{
    private bool _started;

    /// <summary>The highest extended number seen; 0 before the first.</summary>
    public long Highest { get; private set; }

    /// <summary>
    /// The extended number of <paramref name="sequenceNumber"/>: the one nearest to the highest so far, which it
    /// becomes when it is higher. The first number stands for itself; a packet from before it, over the wrap, is
    /// negative.
    /// </summary>
    public long Unwrap(ushort sequenceNumber)
    {
        long extended = Peek(sequenceNumber);
        if (!_started || extended > Highest)
        {
            Highest = extended;
            _started = true;
        }

        return extended;
    }

    /// <summary>What <see cref="Unwrap"/> would give, without remembering it.</summary>
    public long Peek(ushort sequenceNumber) =>
        _started ? Highest + (short)(sequenceNumber - (ushort)Highest) : sequenceNumber;
}

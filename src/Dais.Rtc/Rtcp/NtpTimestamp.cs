namespace Dais.Rtc.Rtcp;

/// <summary>
/// An instant as sender reports carry it: seconds in the high 32 bits, fractions of 2^-32 s in the low (RFC 3550 §4).
/// The start need not be 1900: a sender may count from any instant it likes, as long as it stays with it.
/// </summary>
/// <param name="Value">The 64 bits.</param>
public readonly record struct NtpTimestamp(ulong Value)
{
    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>The middle 32 bits, in units of 2^-16 s: what a receiver report echoes (RFC 3550 §6.4.1).</summary>
    public uint Middle32 => (uint)(Value >> 16);

    /// <summary>A delay in units of 2^-16 s, as reports have it; the most they can say for a longer one.</summary>
    public static uint ToShort(TimeSpan delay) => (uint)Math.Min(uint.MaxValue, ((long)delay.TotalMicroseconds << 16) / 1_000_000);

    /// <summary>The instant <paramref name="now"/> counted from our clock's own start.</summary>
    public static NtpTimestamp From(Timestamp now) => new NtpTimestamp(0) + TimeSpan.FromMicroseconds(now.Microseconds);

    /// <summary>
    /// The round trip seen at <paramref name="now"/> by who gets the middle bits of an instant of its own back, kept for
    /// <paramref name="delay"/> of 2^-16 s (RFC 3550 §6.4.1); null for none or a negative one, which only a peer that lies or restarted can
    /// cause.
    /// </summary>
    public static TimeSpan? RoundTrip(NtpTimestamp now, uint echoed, uint delay)
    {
        int distance = unchecked((int)(now.Middle32 - echoed - delay));
        return echoed == 0 || distance < 0 ? null : TimeSpan.FromMicroseconds(((long)distance * 1_000_000) >> 16);
    }

    /// <summary>The instant <paramref name="delay"/> after <paramref name="instant"/>.</summary>
    public static NtpTimestamp operator +(NtpTimestamp instant, TimeSpan delay)
    {
        ulong microseconds = (ulong)Math.Abs(delay.Ticks / TimeSpan.TicksPerMicrosecond);
        ulong seconds = microseconds / MicrosecondsPerSecond;
        ulong fraction = (microseconds % MicrosecondsPerSecond << 32) / MicrosecondsPerSecond;
        ulong distance = (seconds << 32) | fraction;
        return new NtpTimestamp(delay < TimeSpan.Zero ? instant.Value - distance : instant.Value + distance);
    }

    /// <summary>
    /// The time from <paramref name="earlier"/> to <paramref name="later"/>; negative when they are the other way
    /// round.
    /// </summary>
    public static TimeSpan operator -(NtpTimestamp later, NtpTimestamp earlier)
    {
        long distance = unchecked((long)(later.Value - earlier.Value));
        // Whole seconds and the (always positive) fraction apart, so that nothing overflows.
        long microseconds = ((distance >> 32) * (long)MicrosecondsPerSecond)
            + (long)(((distance & 0xFFFF_FFFF) * (long)MicrosecondsPerSecond) >> 32);
        return TimeSpan.FromMicroseconds(microseconds);
    }
}

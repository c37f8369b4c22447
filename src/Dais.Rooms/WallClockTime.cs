namespace Dais.Rooms;

/// <summary>An instant of the server's wall clock.</summary>
/// <param name="Milliseconds">Milliseconds since the Unix epoch.</param>
public readonly record struct WallClockTime(long Milliseconds) : IComparable<WallClockTime>
{
    /// <summary>A deadline that never arrives.</summary>
    public static WallClockTime Never { get; } = new(long.MaxValue);

    /// <inheritdoc/>
    public int CompareTo(WallClockTime other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>The earlier of two instants.</summary>
    public static WallClockTime Min(WallClockTime left, WallClockTime right) => left < right ? left : right;

    /// <summary>The instant <paramref name="delay"/> after <paramref name="instant"/>.</summary>
    public static WallClockTime operator +(WallClockTime instant, TimeSpan delay) =>
        new(instant.Milliseconds + (long)delay.TotalMilliseconds);

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static TimeSpan operator -(WallClockTime later, WallClockTime earlier) =>
        TimeSpan.FromMilliseconds(later.Milliseconds - earlier.Milliseconds);

    /// <summary>Whether <paramref name="left"/> is earlier than <paramref name="right"/>.</summary>
    public static bool operator <(WallClockTime left, WallClockTime right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Whether <paramref name="left"/> is later than <paramref name="right"/>.</summary>
    public static bool operator >(WallClockTime left, WallClockTime right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Whether <paramref name="left"/> is not later than <paramref name="right"/>.</summary>
    public static bool operator <=(WallClockTime left, WallClockTime right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Whether <paramref name="left"/> is not earlier than <paramref name="right"/>.</summary>
    public static bool operator >=(WallClockTime left, WallClockTime right) => left.Milliseconds >= right.Milliseconds;
}

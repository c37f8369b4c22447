using Dais.Rtc;

namespace Dais.Sfu.Deadlines;

/// <summary>The one timer of <paramref name="owner"/>; its place in a <see cref="DeadlineHeap{T}"/>.</summary>
/// <typeparam name="T">What has the timer.</typeparam>
internal sealed class Deadline<T>(T owner) where T : class
{
    internal const int NotQueued = -1;

    /// <summary>Whose timer it is.</summary>
    public T Owner { get; } = owner;

    /// <summary>When it runs out; <see cref="Timestamp.Never"/> while it is not set.</summary>
    public Timestamp At { get; internal set; } = Timestamp.Never;

    /// <summary>Why it is set.</summary>
    public TimeoutReason Reason { get; internal set; }

    /// <summary>Position in the heap's array.</summary>
    internal int Index { get; set; } = NotQueued;
}

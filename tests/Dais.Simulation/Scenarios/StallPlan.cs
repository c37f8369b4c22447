namespace Dais.Simulation.Scenarios;

/// <summary>What stands still.</summary>
public enum StallKind
{
    /// <summary>The viewer's machine: nothing is received, and then everything at one time, by whose clock it is all stamped.</summary>
    Viewer,

    /// <summary>The way in both directions, as a wireless network that saves power or changes its base station does.</summary>
    Way,

    /// <summary>The way back only: what arrives is stamped in time, but word of it comes late.</summary>
    WayBack,

    /// <summary>The worker: what comes to it waits, and what it sends is late and in one piece.</summary>
    Worker,

    /// <summary>Each time another one of these.</summary>
    Any,
}

/// <summary>How something stands still now and then.</summary>
/// <param name="Kind">What.</param>
/// <param name="Length">For how long at most.</param>
public sealed record StallPlan(StallKind Kind, TimeSpan Length)
{
    /// <summary>Until when everything goes, since the viewer connected.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>No more after this.</summary>
    public TimeSpan Last { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>The time between the beginnings of two, at least; up to <see cref="Spread"/> more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For how long at least.</summary>
    public TimeSpan LengthMin { get; init; } = Length;

    /// <summary>How fast what was held on the way is let go, in bits per second.</summary>
    public long ReleaseBitsPerSecond { get; init; } = 50_000_000;

    /// <summary>How much longer the time between two may be.</summary>
    public TimeSpan Spread { get; init; } = TimeSpan.FromSeconds(5);
}

using System.Globalization;

namespace Dais.Rooms.Tests.Interleavings;

/// <summary>Something an actor does: gives a command, or lets time pass before anybody looks at the clock.</summary>
internal sealed record Step(RoomCommand? Command, double Seconds)
{
    /// <summary>The clock moves; what is due is not looked at before a <see cref="RoomCommand.Tick"/> comes.</summary>
    internal static Step Pass(double seconds) => new(null, seconds);

    public static implicit operator Step(RoomCommand command) => new(command, 0);
}

/// <summary>Who does what, in this order.</summary>
internal sealed record Actor(string Name, params Step[] Steps)
{
    /// <summary>The server's clock: first the time is there, a moment later the room is told.</summary>
    internal static Actor Clock(double seconds) => new("clock", Step.Pass(seconds), new RoomCommand.Tick());

    /// <summary>What came of a step, for people: "ann ok", "host NoSuchRequest", "clock 60s".</summary>
    internal string Tell(Step step, RoomError? error) => step.Command switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"{Name} {step.Seconds}s"),
        RoomCommand.Tick => $"{Name} tick",
        _ => $"{Name} {error?.ToString() ?? "ok"}",
    };
}

using System.Globalization;

namespace Dais.Bench;

/// <summary>What <c>forward</c> is asked to do.</summary>
internal sealed record ForwardOptions
{
    /// <summary>Receivers of each packet.</summary>
    public int Subscribers { get; init; } = 256;

    /// <summary>Packets of the publisher per repetition.</summary>
    public int Packets { get; init; } = 240;

    /// <summary>Measured repetitions.</summary>
    public int Repetitions { get; init; } = 11;

    /// <summary>Whether the publisher is on another worker, behind a ring.</summary>
    public bool Relayed { get; init; }

    /// <summary>Whether viewers get packets numbered for transport-wide feedback, as browsers ask for.</summary>
    public bool Numbered { get; init; }

    /// <summary>Whether each repetition is printed, for a script to read.</summary>
    public bool Raw { get; init; }

    /// <summary>Reads the command line; false when it has something unknown.</summary>
    public static bool TryParse(ReadOnlySpan<string> arguments, out ForwardOptions options)
    {
        options = new ForwardOptions();
        while (!arguments.IsEmpty)
        {
            if (arguments[0] == "--raw")
            {
                options = options with { Raw = true };
                arguments = arguments[1..];
                continue;
            }

            if (arguments[0] == "--numbered")
            {
                options = options with { Numbered = true };
                arguments = arguments[1..];
                continue;
            }

            if (arguments[0] == "--relayed")
            {
                options = options with { Relayed = true };
                arguments = arguments[1..];
                continue;
            }

            if (arguments.Length < 2 || !int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int value) || value < 1)
            {
                return false;
            }

            switch (arguments[0])
            {
                case "--subscribers":
                    options = options with { Subscribers = value };
                    break;
                case "--packets":
                    options = options with { Packets = value };
                    break;
                case "--repetitions":
                    options = options with { Repetitions = value };
                    break;
                default:
                    return false;
            }

            arguments = arguments[2..];
        }

        return true;
    }
}

namespace Dais.Fuzz.Tests;

/// <summary>Parses one input, and everything that can be read of what was parsed.</summary>
/// <returns>What became of it, roughly: an input with a new outcome is kept, and mutated in its turn.</returns>
internal delegate ulong Parse(byte[] input);

/// <summary>A parser under the fuzzer, or a whole part that parses. The only list of them is <see cref="FuzzTargets"/>.</summary>
/// <param name="Name">Its name in the documentation, and of its folder of fixtures.</param>
/// <param name="From">Whose bytes it gets.</param>
/// <param name="Covers">The parsing methods it calls, as `Type.Method`: every one of the code base is in some target.</param>
/// <param name="Seeds">Well-formed inputs to begin with.</param>
/// <param name="Begin">Makes what parses; anew for each <see cref="InputsPerSession"/> inputs. The object whose method it is, is disposed of then.</param>
internal sealed record FuzzTarget(string Name, string From, string[] Covers, IReadOnlyList<byte[]> Seeds, Func<Parse> Begin)
{
    /// <summary>A session that never ends, for what remembers nothing.</summary>
    public const int Unbounded = int.MaxValue;

    /// <summary>How many inputs one session gets: more than one remembers what came before.</summary>
    public int InputsPerSession { get; init; } = Unbounded;

    /// <summary>The longest input, in bytes.</summary>
    public int LengthMax { get; init; } = 1500;

    /// <summary>What one input may allocate at most, in bytes, and for each byte of it; null where that is not looked at.</summary>
    public (long Once, long PerByte)? Allocates { get; init; } = (0, 0);

    /// <summary>Whether inputs are text, which is mutated by lines and words too.</summary>
    public bool IsText { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Puts facts about an outcome together. Numbers count by their size only, so that outcomes stay few.</summary>
internal struct Outcome
{
    private ulong _value;

    public Outcome(bool isTaken) => _value = isTaken ? 3u : 1u;

    /// <summary>Nothing was taken.</summary>
    public static ulong Refused => 1;

    public readonly ulong Value => _value;

    /// <summary>Adds a number.</summary>
    public void Add(long number) => AddExactly((uint)(number < 0 ? 65 : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)number)));

    /// <summary>Adds one of few values.</summary>
    public void AddExactly(uint value) => _value = ((_value ^ value) * 0x9E37_79B9_7F4A_7C15) ^ (_value >> 29);

    /// <summary>Adds yes or no.</summary>
    public void Add(bool value) => AddExactly(value ? 1u : 0u);
}

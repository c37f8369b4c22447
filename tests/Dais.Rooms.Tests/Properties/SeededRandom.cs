namespace Dais.Rooms.Tests.Properties;

/// <summary>A small generator (SplitMix64): the same seed gives the same run on every machine and every version.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    internal int Below(int limit) => (int)(Next() % (ulong)limit);

    internal bool Chance(int percent) => Below(100) < percent;

    internal T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}

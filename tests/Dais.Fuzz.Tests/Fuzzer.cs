using System.Diagnostics;
using System.Globalization;

namespace Dais.Fuzz.Tests;

/// <summary>
/// Feeds a target with changed inputs. Which ones, the seed alone decides; how many, the time. An input that breaks a rule is written to a file
/// that becomes a fixture.
/// </summary>
internal sealed class Fuzzer : IDisposable
{
    /// <summary>Inputs that are fed however slow the machine is.</summary>
    private const int InputsMin = 200;

    private const int CorpusMax = 400;
    private const int OutcomesMax = 20_000;

    /// <summary>Longer ones take so much time that little else is tried.</summary>
    private const int KeptLengthMax = 8 * 1024;

    /// <summary>Much longer than any input takes, even where other things run.</summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(1);

    private readonly FuzzTarget _target;
    private readonly Mutator _mutator;
    private readonly List<byte[]> _corpus;
    private readonly HashSet<ulong> _outcomes = [];
    private readonly List<byte[]> _session = [];
    private Parse _parse;

    public Fuzzer(FuzzTarget target, int seed)
    {
        _target = target;
        _mutator = new Mutator(seed, target.IsText, target.LengthMax);
        _corpus = [.. target.Seeds];
        _parse = target.Begin();
    }

    /// <summary>How many inputs were fed.</summary>
    public long Inputs { get; private set; }

    /// <summary>How many kinds of outcomes there were.</summary>
    public int Outcomes => _outcomes.Count;

    /// <summary>The slowest input.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Feeds the seeds, which everything is to be taken of, and then inputs for <paramref name="duration"/>.</summary>
    public void Run(TimeSpan duration)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (byte[] seed in _target.Seeds)
        {
            Feed(seed);
        }

        while (Inputs < InputsMin + _target.Seeds.Count || Stopwatch.GetElapsedTime(start) < duration)
        {
            byte[] input = _mutator.Next(_corpus);
            if (Feed(input) && _corpus.Count < CorpusMax && input.Length <= KeptLengthMax)
            {
                _corpus.Add(input);
            }
        }
    }

    /// <summary>Feeds what once was a find: one input, or all of a session.</summary>
    public static void Replay(FuzzTarget target, IReadOnlyList<byte[]> session)
    {
        using var fuzzer = new Fuzzer(target, seed: 0);
        foreach (byte[] input in session)
        {
            fuzzer.Feed(input);
        }
    }

    public void Dispose() => (_parse.Target as IDisposable)?.Dispose();

    /// <summary>Feeds one input; true when what came of it is new.</summary>
    private bool Feed(byte[] input)
    {
        if (_session.Count >= _target.InputsPerSession)
        {
            _session.Clear();
            Dispose();
            _parse = _target.Begin();
        }

        if (_target.InputsPerSession == FuzzTarget.Unbounded)
        {
            _session.Clear();
        }

        _session.Add(input);
        Inputs++;
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            ulong outcome = _parse(input);
            var elapsed = Stopwatch.GetElapsedTime(start);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Slowest = elapsed > Slowest ? elapsed : Slowest;
            CheckCosts(input, elapsed, allocated);
            return _outcomes.Count < OutcomesMax && _outcomes.Add(outcome);
        }
        catch (Exception broken)
        {
            Assert.Fail($"{_target.Name}, input {Inputs}: {broken.GetType().Name}: {broken.Message}\nThe input is in {Keep()}: move it to tests/Dais.Fuzz.Tests/"
                + $"fixtures/{FuzzFixtures.FolderOf(_target)} and mend what it breaks.\n{broken.StackTrace}");
            throw;
        }
    }

    private void CheckCosts(byte[] input, TimeSpan elapsed, long allocated)
    {
        // Compiling, collecting and whatever else runs here take time and memory too, but not three times for the same input.
        bool isRepeatable = _target.InputsPerSession == FuzzTarget.Unbounded;
        for (int again = 0; again < 3 && isRepeatable && IsTooMuch(input, elapsed, allocated); again++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            _parse(input);
            elapsed = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        if (isRepeatable && IsTooMuch(input, elapsed, allocated))
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{input.Length} bytes took {elapsed.TotalMilliseconds:F1} ms and {allocated} bytes of memory."));
        }
    }

    private bool IsTooMuch(byte[] input, TimeSpan elapsed, long allocated) =>
        elapsed > SlowAfter || (_target.Allocates is var (once, perByte) && allocated > once + (perByte * input.Length));

    private string Keep()
    {
        string folder = Path.Combine(Path.GetTempPath(), "dais-fuzz", FuzzFixtures.FolderOf(_target));
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_session[^1]))[..12]}.bin");
        File.WriteAllBytes(path, FuzzFixtures.Write(_session));
        return path;
    }
}

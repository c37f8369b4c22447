using System.Collections.Immutable;
using System.Text;
using Dais.Fuzz.Tests.Targets;

namespace Dais.Fuzz.Tests;

/// <summary>Every parser of bytes or text that somebody else may have written.</summary>
internal static class FuzzTargets
{
    /// <summary>What text parsers may allocate: some for the input, some for each of its bytes.</summary>
    public static readonly (long Once, long PerByte) TextCosts = (64 * 1024, 256);

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        .. RtpTargets.All,
        .. RtcpTargets.All,
        .. PayloadTargets.All,
        .. TransportTargets.All,
        .. SdpTargets.All,
        .. WorkerTargets.All,
        .. SignalingTargets.All,
        .. AccessTargets.All,
        .. StorageTargets.All,
    ];

    /// <summary>A parser of bytes that remembers nothing and allocates nothing.</summary>
    public static FuzzTarget Bytes(string name, string from, string[] covers, IReadOnlyList<byte[]> seeds, Parse parse) =>
        new(name, from, covers, seeds, () => parse);

    /// <summary>A parser of text that remembers nothing. Bytes that are no UTF-8 become half a surrogate pair, which a string can hold.</summary>
    public static FuzzTarget Text(string name, string from, string[] covers, IReadOnlyList<string> seeds, Func<string, ulong> parse) =>
        new(name, from, covers, [.. seeds.Select(Encoding.UTF8.GetBytes)], () => input => parse(Encoding.UTF8.GetString(input).Replace('\uFFFD', '\uD800')))
        {
            IsText = true,
            LengthMax = 64 * 1024,
            Allocates = TextCosts,
        };
}

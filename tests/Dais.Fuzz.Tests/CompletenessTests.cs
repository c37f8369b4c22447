using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dais.Fuzz.Tests;

/// <summary>Whoever writes a parser meets these tests: it has to be under the fuzzer, and the page that lists what is.</summary>
public sealed class CompletenessTests
{
    /// <summary>What a parser is called in this code base.</summary>
    private static readonly string[] Beginnings = ["TryParse", "Parse", "TryRead", "TryRestore", "TryUnprotect", "TryHandleRe", "TryAnswer", "FromStored"];

    /// <summary>Parsers that no stranger's bytes reach, each with the reason.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["AccessRoles.Parse"] = "a comparison with three words; claims of tokens call it",
        ["FrameReader.TryReadNext"] = "reads a file; JournalFormat.TryReadFrame has a target",
        ["SdpParser.Parse"] = "SessionDescription.TryParse calls it and nothing else",
        ["SrtpCipher.TryUnprotectRtp"] = "SrtpReceiver, which calls the ciphers, has a target for each",
        ["SrtpCipher.TryUnprotectRtcp"] = "as before",
        ["SrtpCounterModeCipher.TryUnprotectRtp"] = "as before",
        ["SrtpCounterModeCipher.TryUnprotectRtcp"] = "as before",
        ["SrtpGcmCipher.TryUnprotectRtp"] = "as before",
        ["SrtpGcmCipher.TryUnprotectRtcp"] = "as before",
        ["JournalNames.TryReadSegment"] = "names of files",
        ["JournalNames.TryReadCheckpoint"] = "names of files",
    };

    private static readonly Assembly[] Assemblies =
    [
        typeof(Rtc.Timestamp).Assembly, typeof(Sfu.SfuWorker).Assembly, typeof(Protocol.ParamsReader).Assembly,
        typeof(Server.Access.AccessToken).Assembly, typeof(Client.DaisClient).Assembly,
    ];

    [Fact]
    public void Every_parser_of_the_code_base_is_under_the_fuzzer()
    {
        var covered = FuzzTargets.All.SelectMany(target => target.Covers).ToHashSet();
        Assert.Equal("", string.Join(' ', Parsers().Except(covered).Except(Elsewhere.Keys)));
        Assert.Equal("", string.Join(' ', Elsewhere.Keys.Except(Parsers())));
    }

    [Fact]
    public void Every_parser_a_target_names_exists()
    {
        var known = Types().SelectMany(type => Methods(type).Select(method => $"{NameOf(type)}.{method.Name}")).ToHashSet();
        Assert.Equal("", string.Join(' ', FuzzTargets.All.SelectMany(target => target.Covers).Except(known)));
    }

    [Fact]
    public void Names_of_targets_are_unique() =>
        Assert.Equal(FuzzTargets.All.Length, FuzzTargets.All.Select(FuzzFixtures.FolderOf).Distinct().Count());

    private static IEnumerable<string> Parsers() =>
        (from type in Types()
         from method in Methods(type)
         where !method.IsPrivate && Beginnings.Any(beginning => method.Name.StartsWith(beginning, StringComparison.Ordinal))
             && method.GetParameters() is { Length: > 0 } parameters
             && (parameters[0].IsOut || IsInput(parameters[0].ParameterType))
         select $"{NameOf(type)}.{method.Name}").Distinct();

    private static bool IsInput(Type type)
    {
        var plain = type.IsByRef ? type.GetElementType()! : type;
        return plain == typeof(string) || plain == typeof(byte[]) || plain == typeof(ReadOnlySpan<byte>) || plain == typeof(Span<byte>)
            || plain == typeof(ReadOnlyMemory<byte>) || plain == typeof(System.Text.Json.JsonElement) || plain.Name is "LogEvent" or "Snapshot" or "StreamState" or "RoomId";
    }

    private static IEnumerable<Type> Types() => Assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && type.Namespace?.StartsWith("Dais.", StringComparison.Ordinal) == true);

    private static MethodInfo[] Methods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}

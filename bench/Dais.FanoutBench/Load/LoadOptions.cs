using System.Globalization;

namespace Dais.FanoutBench.Load;

/// <summary>What to measure.</summary>
internal sealed record LoadOptions(
    Dialect Dialect, int Port, int ProcessId, int Members, int Rate, int Seconds, int Bytes)
{
    internal static bool TryParse(string[] args, out LoadOptions options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--members"] = "1000",
            ["--rate"] = "20",
            ["--seconds"] = "10",
            ["--bytes"] = "200",
        };
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            values[args[i]] = args[i + 1];
        }

        options = null!;
        if (args.Length % 2 != 0
            || !values.TryGetValue("--server", out string? server)
            || Dialect.Named(server) is not { } dialect
            || !values.ContainsKey("--port")
            || !values.ContainsKey("--pid"))
        {
            return false;
        }

        options = new LoadOptions(
            dialect, Number("--port"), Number("--pid"), Number("--members"), Number("--rate"), Number("--seconds"), Number("--bytes"));
        return true;

        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }
}

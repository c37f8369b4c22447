using System.Globalization;

namespace Dais.StormBench;

/// <summary>What to measure.</summary>
/// <param name="Members">How many.</param>
/// <param name="Rooms">In how many rooms.</param>
/// <param name="Rate">Changes a second; 0 for as many as go.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Kills">How often the server is killed.</param>
/// <param name="Turns">How often the whole is repeated, with the same server.</param>
/// <param name="Endpoints">How many backends are told.</param>
/// <param name="Cores">The server's, as taskset takes them; empty for all.</param>
/// <param name="Data">Where its files are.</param>
internal sealed record Options(int Members, int Rooms, int Rate, int Seconds, int Kills, int Turns, int Endpoints, string Cores, string Data)
{
    internal static bool TryParse(string[] args, out Options options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--members"] = "10000",
            ["--rooms"] = "1",
            ["--rate"] = "0",
            ["--seconds"] = "15",
            ["--kills"] = "3",
            ["--turns"] = "3",
            ["--endpoints"] = "1",
            ["--server-cores"] = "",
            ["--data"] = Path.GetTempPath(),
        };
        options = null!;
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            if (!values.ContainsKey(args[i]))
            {
                return false;
            }

            values[args[i]] = args[i + 1];
        }

        if (args.Length % 2 != 0)
        {
            return false;
        }

        options = new Options(
            Number("--members"), Number("--rooms"), Number("--rate"), Number("--seconds"), Number("--kills"), Number("--turns"), Number("--endpoints"),
            values["--server-cores"], values["--data"]);
        return true;

        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }
}

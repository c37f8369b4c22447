namespace Dais.Server.Tests.Rooms.Log;

/// <summary>
/// Files that say which bytes are stored. What servers have written must stay readable for ever, so such a file only ever
/// grows: a changed line is a changed format.
/// </summary>
internal static class Golden
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Rooms", "Log", "golden");

    internal static string[] Lines(string name) => File.ReadAllLines(Path.Combine(Folder, name));

    /// <summary>Fails when the lines are others; the actual ones are then beside the golden ones.</summary>
    internal static void Check(string name, IEnumerable<string> actual)
    {
        string[] lines = [.. actual];
        string path = Path.Combine(Folder, name);
        if (!File.Exists(path) || !File.ReadAllLines(path).SequenceEqual(lines))
        {
            File.WriteAllLines($"{path}.actual", lines);
            Assert.Fail($"What is stored is no longer what {name} says. What it is now is in {path}.actual. "
                + "If bodies have changed, they need a new version, and the old one must still be read.");
        }
    }
}

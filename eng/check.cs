#!/usr/bin/env dotnet

// What must hold besides the tests: formatting, fresh generated files, no lock in a pure project, no dead path in a document.
using System.Diagnostics;
using System.Text.RegularExpressions;

string[] pureProjects = ["src/Dais.Protocol", "src/Dais.Rooms", "src/Dais.Rtc", "src/Dais.Sfu", "tests/Dais.Simulation"];
List<string> problems = [];

Run("dotnet", "format", "Dais.slnx", "--verify-no-changes", "--verbosity", "quiet");
Run("dotnet", "run", "eng/generate.cs", "--", "--check");
FindLocks();
FindDeadPaths();

foreach (string problem in problems)
{
    Console.Error.WriteLine(problem);
}

Console.WriteLine(problems.Count == 0 ? "Checks: all well." : $"Checks: {problems.Count} problems.");
return problems.Count == 0 ? 0 : 1;

void Run(string program, params string[] arguments)
{
    string line = $"{program} {string.Join(' ', arguments)}";
    Console.WriteLine($"== {line}");
    using var process = Process.Start(program, arguments);
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        problems.Add($"'{line}' failed.");
    }
}

// The analyzer bans the types but does not see the statement.
void FindLocks()
{
    foreach (string file in pureProjects.SelectMany(Sources))
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (LockStatement().IsMatch(line))
            {
                problems.Add($"{file}:{number}: a pure project has one owner and no lock.");
            }
        }
    }
}

// Every path in back-ticks that starts with a folder of the repository must exist.
void FindDeadPaths()
{
    var documents = Directory.EnumerateFiles("docs", "*.md", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(".", "*.md"));
    foreach (string document in documents)
    {
        foreach (Match match in PathInBackTicks().Matches(File.ReadAllText(document)))
        {
            string path = match.Groups[1].Value.TrimEnd('/');
            if (!File.Exists(path) && !Directory.Exists(path))
            {
                problems.Add($"{document}: '{path}' does not exist.");
            }
        }
    }
}

static IEnumerable<string> Sources(string project) => Directory
    .EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
    .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"));

internal sealed partial class Program
{
    [GeneratedRegex(@"^\s*lock\s*\(")]
    private static partial Regex LockStatement();

    [GeneratedRegex(@"`((?:src|tests|web|docs|eng|bench)/[A-Za-z0-9._/-]+)`")]
    private static partial Regex PathInBackTicks();
}

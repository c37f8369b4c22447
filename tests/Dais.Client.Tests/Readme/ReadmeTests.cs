using System.Text.RegularExpressions;

namespace Dais.Client.Tests.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void The_code_of_the_page_is_code_that_compiles()
    {
        string root = RepositoryRoot();
        string page = File.ReadAllText(Path.Combine(root, "docs/csharp.md"));
        string compiled = Lines(File.ReadAllText(Path.Combine(root, "tests/Dais.Client.Tests/Readme/Snippets.cs")));

        string[] blocks = [.. CodeBlock().Matches(page).Select(block => Lines(block.Groups["code"].Value))];

        Assert.Equal(3, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(block, compiled, StringComparison.Ordinal));
    }

    /// <summary>What is left of the lines when they begin at the margin; whoever copies the code adds the namespaces.</summary>
    private static string Lines(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim());
        return string.Join('\n', lines.Where(line => !line.StartsWith("using Dais.", StringComparison.Ordinal))).Trim();
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dais.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

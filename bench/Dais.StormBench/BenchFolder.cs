namespace Dais.StormBench;

/// <summary>A folder of the server's files, gone with the run.</summary>
internal sealed class BenchFolder : IDisposable
{
    internal BenchFolder(string parent) => Path = Directory.CreateDirectory(
        System.IO.Path.Combine(parent, "dais-storm-" + System.IO.Path.GetRandomFileName())).FullName;

    /// <summary>Where it is.</summary>
    internal string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}

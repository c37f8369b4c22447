namespace Dais.Server.Tests.Storage;

/// <summary>A folder on the real disk, gone at the end of the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dais-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

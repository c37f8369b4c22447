namespace Dais.Server.Storage.Journal;

/// <summary>
/// The directory a journal lives in: what it needs of a file system, and no more, so that tests can give it one that is full,
/// broken or loses its power. Failures are exceptions; disposing it gives up the directory to other processes.
/// </summary>
public interface IJournalDirectory : IDisposable
{
    /// <summary>What to call it in a message.</summary>
    string Name { get; }

    /// <summary>Names of the files in it.</summary>
    IReadOnlyList<string> List();

    /// <summary>Makes a file, in place of one that has the name.</summary>
    IJournalFile Create(string name);

    /// <summary>Opens a file that is there.</summary>
    IJournalFile Open(string name);

    /// <summary>Gives a file another name, in place of one that has it.</summary>
    void Rename(string name, string newName);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Returns when names made, changed and removed so far survive a power cut.</summary>
    void Flush();
}

/// <summary>A file of a journal.</summary>
public interface IJournalFile : IDisposable
{
    /// <summary>Its length, in bytes.</summary>
    long Length { get; }

    /// <summary>Reads from a position.</summary>
    /// <returns>The bytes read; 0 at the end.</returns>
    int Read(Span<byte> destination, long position);

    /// <summary>Writes all of <paramref name="source"/> at a position.</summary>
    void Write(ReadOnlySpan<byte> source, long position);

    /// <summary>Cuts the file off.</summary>
    void Truncate(long length);

    /// <summary>Returns when everything written so far survives a power cut.</summary>
    void Flush();
}

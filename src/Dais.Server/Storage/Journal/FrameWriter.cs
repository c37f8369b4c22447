using System.Security.Cryptography;

namespace Dais.Server.Storage.Journal;

/// <summary>Writes frames at the end of a segment or checkpoint.</summary>
internal sealed class FrameWriter : IDisposable
{
    private readonly IJournalFile _file;
    private readonly uint _salt;

    private FrameWriter(IJournalFile file, long number, uint salt, long position)
    {
        _file = file;
        _salt = salt;
        Number = number;
        Position = position;
    }

    /// <summary>The number of the segment or checkpoint.</summary>
    public long Number { get; }

    /// <summary>Where the next frame goes: the file's length.</summary>
    public long Position { get; private set; }

    /// <summary>Makes a segment. When this returns it survives a power cut.</summary>
    public static FrameWriter CreateSegment(IJournalDirectory directory, long number)
    {
        var writer = Create(directory, JournalNames.Segment(number), isCheckpoint: false, number);
        writer.Flush();
        directory.Flush();
        return writer;
    }

    /// <summary>Makes a checkpoint that is not finished.</summary>
    public static FrameWriter CreateCheckpoint(IJournalDirectory directory, long number) => Create(
        directory, JournalNames.Checkpoint(number) + JournalNames.UnfinishedSuffix, isCheckpoint: true, number);

    /// <summary>Goes on with a segment that was read to its end.</summary>
    public static FrameWriter Continue(IJournalFile file, long number, uint salt, long position) =>
        new(file, number, salt, position);

    /// <summary>Writes a frame; empties it.</summary>
    public void Write(FrameBuffer frame)
    {
        var bytes = frame.Seal(_salt);
        _file.Write(bytes, Position);
        Position += bytes.Length;
        frame.Clear();
    }

    /// <summary>Returns when every frame so far survives a power cut.</summary>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FrameWriter Create(IJournalDirectory directory, string name, bool isCheckpoint, long number)
    {
        var file = directory.Create(name);
        try
        {
            uint salt = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
            Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
            JournalFormat.WriteHeader(header, isCheckpoint, number, salt);
            file.Write(header, 0);
            return new FrameWriter(file, number, salt, header.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

namespace Dais.Server.Storage.Journal;

/// <summary>Reads a file's frames from the first on, through a buffer that grows to the longest frame.</summary>
internal sealed class FrameReader(IJournalFile file, uint salt)
{
    private readonly long _length = file.Length;
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;

    /// <summary>Where the next frame begins; after a failure, where the damage does.</summary>
    public long Position { get; private set; } = JournalFormat.HeaderBytes;

    /// <summary>Whether everything has been read.</summary>
    public bool IsAtEnd => Position == _length;

    /// <summary>Reads the header of a file: false if it is not whole or not the expected one.</summary>
    public static bool TryReadHeader(IJournalFile file, bool isCheckpoint, long number, out uint salt)
    {
        Span<byte> header = stackalloc byte[JournalFormat.HeaderBytes];
        int length = 0;
        for (int read = 1; read > 0 && length < header.Length; length += read)
        {
            read = file.Read(header[length..], length);
        }

        return JournalFormat.TryReadHeader(header[..length], isCheckpoint, number, out salt);
    }

    /// <summary>Reads the next frame: false at the end of the file, and where there is no whole frame.</summary>
    /// <param name="payload">Valid until the next call.</param>
    public bool TryReadNext(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        Fill(JournalFormat.FrameHeaderBytes);
        if (!JournalFormat.TryReadLength(_buffer.AsSpan(_start.._end), out int length)
            || Position + JournalFormat.FrameHeaderBytes + length > _length)
        {
            return false;
        }

        int frameBytes = JournalFormat.FrameHeaderBytes + length;
        Fill(frameBytes);
        if (!JournalFormat.TryReadFrame(_buffer.AsSpan(_start.._end), salt, out payload))
        {
            return false;
        }

        _start += frameBytes;
        Position += frameBytes;
        return true;
    }

    /// <summary>After a failure: whether a whole frame comes later, so that the damage is not just a torn end.</summary>
    public bool FindsFrameBeyondDamage()
    {
        // A segment is little longer than its configured size, so what is left of it fits into memory.
        byte[] rest = new byte[_length - Position];
        int length = 0;
        for (int read = 1; read > 0 && length < rest.Length; length += read)
        {
            read = file.Read(rest.AsSpan(length), Position + length);
        }

        return JournalFormat.ContainsFrame(rest.AsSpan(1, length - 1), salt);
    }

    private void Fill(int bytes)
    {
        if (_buffer.Length - _start < bytes)
        {
            byte[] larger = _buffer.Length < bytes ? new byte[Math.Max(bytes, _buffer.Length * 2)] : _buffer;
            Buffer.BlockCopy(_buffer, _start, larger, 0, _end - _start);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }

        for (int read = 1; read > 0 && _end - _start < bytes; _end += read)
        {
            read = file.Read(_buffer.AsSpan(_end), Position + (_end - _start));
        }
    }
}

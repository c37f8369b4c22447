namespace Dais.Server.Storage.Journal;

/// <summary>Collects operations into one frame, in memory that is used again for the next one.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[64 << 10];
    private int _length = JournalFormat.FrameHeaderBytes;

    /// <summary>Bytes of the operations collected.</summary>
    public int PayloadBytes => _length - JournalFormat.FrameHeaderBytes;

    /// <summary>Adds an operation at the end.</summary>
    public void Add(LogOperation operation)
    {
        int size = OperationFormat.SizeOf(operation);
        if (_bytes.Length - _length < size)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        }

        _length += OperationFormat.Write(operation, _bytes.AsSpan(_length));
    }

    /// <summary>The frame, complete; valid until the next call of any member.</summary>
    public ReadOnlySpan<byte> Seal(uint salt)
    {
        var frame = _bytes.AsSpan(0, _length);
        JournalFormat.SealFrame(frame, salt);
        return frame;
    }

    /// <summary>Begins the next frame.</summary>
    public void Clear() => _length = JournalFormat.FrameHeaderBytes;
}

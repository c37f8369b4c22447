namespace Dais.Samples.StageBot;

/// <summary>Bytes that were received and not used yet.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>What is there.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Adds bytes behind those that are there.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        int held = _end - _start;
        if (_end + bytes.Length > _bytes.Length)
        {
            byte[] next = held + bytes.Length > _bytes.Length ? new byte[2 * (held + bytes.Length)] : _bytes;
            Bytes.CopyTo(next);
            (_bytes, _start, _end) = (next, 0, held);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes.</summary>
    public void Skip(int count) => _start += count;
}

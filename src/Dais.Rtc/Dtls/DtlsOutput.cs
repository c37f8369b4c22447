namespace Dais.Rtc.Dtls;

/// <summary>
/// The records to send, in order. The library's memory BIO forgets where datagrams end; here they are cut again between records, as many
/// in each as fit the MTU.
/// </summary>
internal sealed class DtlsOutput(int mtu)
{
    /// <summary>Most bytes held, several flights; what is more is lost, as on a wire.</summary>
    private const int BytesMax = 32_768;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    /// <summary>Room for <paramref name="length"/> bytes to be filled with whole records; empty when there is none.</summary>
    public Span<byte> Reserve(int length)
    {
        int held = _end - _start;
        if (held + length > BytesMax)
        {
            return [];
        }

        if (_end + length > _bytes.Length)
        {
            byte[] larger = held + length > _bytes.Length ? new byte[Math.Min(BytesMax, 2 * (held + length))] : _bytes;
            _bytes.AsSpan(_start, held).CopyTo(larger);
            _bytes = larger;
            _start = 0;
            _end = held;
        }

        return _bytes.AsSpan(_end, length);
    }

    /// <summary>Adds what was written to the room last reserved.</summary>
    public void Commit(int length) => _end += length;

    /// <summary>Takes the next datagram; false when there is none.</summary>
    public bool TryDequeue(Span<byte> destination, out int length)
    {
        length = 0;
        int limit = Math.Min(mtu, destination.Length);
        while (DtlsRecord.TryRead(_bytes.AsSpan(_start + length, _end - _start - length), out var record)
            && (length == 0 || length + record.Bytes.Length <= limit))
        {
            length += record.Bytes.Length;
        }

        if (length == 0 || length > destination.Length)
        {
            // Most of a session's life there is nothing to send, so nothing is held then.
            length = 0;
            _start = _end = 0;
            _bytes = [];
            return false;
        }

        _bytes.AsSpan(_start, length).CopyTo(destination);
        _start += length;
        return true;
    }
}

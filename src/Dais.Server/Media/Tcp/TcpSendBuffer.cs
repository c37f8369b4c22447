using System.Buffers.Binary;

namespace Dais.Server.Media.Tcp;

/// <summary>
/// The bytes that wait for one peer: whole frames in a ring that grows up to its bound. What is being sent keeps its place until it is
/// removed, also when the ring grows meanwhile.
/// </summary>
/// <param name="bytesMax">The bound.</param>
public sealed class TcpSendBuffer(int bytesMax)
{
    private const int FirstCapacity = 4096;

    /// <summary>
    /// The last bytes are kept for frames up to this size: answers to checks, without which a slow peer would lose its path over its
    /// picture.
    /// </summary>
    private const int SmallFrameBytes = 200;

    private const int SmallFramesReserve = 4096;

    private byte[] _ring = [];
    private int _start;

    /// <summary>How many bytes wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a frame; false when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> content)
    {
        int length = TcpFrameBuffer.HeaderBytes + content.Length;
        int bound = content.Length > SmallFrameBytes ? bytesMax - SmallFramesReserve : bytesMax;
        if (Count + length > bound)
        {
            return false;
        }

        if (Count + length > _ring.Length)
        {
            Grow(Count + length);
        }

        Span<byte> header = stackalloc byte[TcpFrameBuffer.HeaderBytes];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)content.Length);
        Append(header);
        Append(content);
        return true;
    }

    /// <summary>The first bytes that wait, as many as lie together.</summary>
    public Memory<byte> First() => _ring.AsMemory(_start, Math.Min(Count, _ring.Length - _start));

    /// <summary>The first <paramref name="count"/> bytes are sent.</summary>
    public void Remove(int count)
    {
        Count -= count;
        _start = Count == 0 ? 0 : (_start + count) % _ring.Length;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int at = (_start + Count) % _ring.Length;
        int together = Math.Min(bytes.Length, _ring.Length - at);
        bytes[..together].CopyTo(_ring.AsSpan(at));
        bytes[together..].CopyTo(_ring);
        Count += bytes.Length;
    }

    private void Grow(int needed)
    {
        int capacity = Math.Max(FirstCapacity, _ring.Length);
        while (capacity < needed)
        {
            capacity *= 2;
        }

        // The old array is left as it is: what is being sent is sent from there.
        byte[] larger = new byte[Math.Min(capacity, Math.Max(bytesMax, needed))];
        int together = Math.Min(Count, _ring.Length - _start);
        _ring.AsSpan(_start, together).CopyTo(larger);
        _ring.AsSpan(0, Count - together).CopyTo(larger.AsSpan(together));
        _ring = larger;
        _start = 0;
    }
}

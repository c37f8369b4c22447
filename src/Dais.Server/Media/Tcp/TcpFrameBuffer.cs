using System.Buffers.Binary;
using Dais.Sfu;

namespace Dais.Server.Media.Tcp;

/// <summary>
/// Takes bytes of a stream and gives the frames in them: each a length of two bytes, then as many bytes (RFC 4571 §2). A frame without
/// bytes says nothing and is left out.
/// </summary>
public sealed class TcpFrameBuffer
{
    /// <summary>Bytes of a frame before its content.</summary>
    public const int HeaderBytes = 2;

    private const int Capacity = 4096;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _start;
    private int _end;

    /// <summary>
    /// Whether the stream is no use any more: the next frame is longer than any datagram (<see cref="SfuLimits.DatagramBytesMax"/>).
    /// </summary>
    public bool IsBroken { get; private set; }

    /// <summary>Where to put further bytes; never empty while <see cref="TryTake"/> has given all there is.</summary>
    public Span<byte> Free()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Says that <paramref name="count"/> bytes were put into <see cref="Free"/>.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Copies the next frame's content into <paramref name="destination"/>; false when there is none yet.</summary>
    /// <param name="destination">At least <see cref="SfuLimits.DatagramBytesMax"/> bytes.</param>
    /// <param name="length">Bytes of the content.</param>
    public bool TryTake(Span<byte> destination, out int length)
    {
        length = 0;
        while (!IsBroken && _end - _start >= HeaderBytes)
        {
            int announced = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(_start));
            if (announced > SfuLimits.DatagramBytesMax)
            {
                IsBroken = true;
                return false;
            }

            if (_end - _start < HeaderBytes + announced)
            {
                return false;
            }

            _bytes.AsSpan(_start + HeaderBytes, announced).CopyTo(destination);
            _start += HeaderBytes + announced;
            if (announced > 0)
            {
                length = announced;
                return true;
            }
        }

        return false;
    }
}

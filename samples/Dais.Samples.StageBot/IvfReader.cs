using System.Buffers.Binary;

namespace Dais.Samples.StageBot;

/// <summary>Reads IVF, the container ffmpeg and libvpx write VP8 into.</summary>
/// <remarks>
/// <code>
/// file:  "DKIF" | version (2) | header length (2) | codec (4) | width (2) | height (2) | rate (4) | scale (4) | frames (4) | unused (4)
/// frame: length (4) | timestamp, in scale/rate seconds (8) | data
/// </code>
/// All numbers are little-endian.
/// </remarks>
public sealed class IvfReader : IFrameReader
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 12;
    private const int FrameBytesMax = 16 * 1024 * 1024;

    private readonly ByteBuffer _buffer = new();
    private uint _rate;
    private uint _scale;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> bytes) => _buffer.Add(bytes);

    /// <inheritdoc/>
    public bool TryTake(out EncodedFrame frame)
    {
        frame = default;
        if (_rate == 0 && !TryReadHeader())
        {
            return false;
        }

        var bytes = _buffer.Bytes;
        if (bytes.Length < FrameHeaderBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length > FrameBytesMax)
        {
            throw new InvalidDataException($"An IVF frame of {length} bytes is no frame.");
        }

        if (bytes.Length < FrameHeaderBytes + length)
        {
            return false;
        }

        ulong timestamp = BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]);
        frame = new EncodedFrame(
            TimeSpan.FromSeconds((double)timestamp * _scale / _rate), bytes.Slice(FrameHeaderBytes, (int)length).ToArray());
        _buffer.Skip(FrameHeaderBytes + (int)length);
        return true;
    }

    private bool TryReadHeader()
    {
        var bytes = _buffer.Bytes;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        (_rate, _scale) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
        if (!bytes.StartsWith("DKIF"u8) || !bytes[8..].StartsWith("VP80"u8) || length < HeaderBytes || _rate == 0)
        {
            throw new InvalidDataException("This is no IVF file with VP8.");
        }

        if (bytes.Length < length)
        {
            _rate = 0;
            return false;
        }

        _buffer.Skip(length);
        return true;
    }
}

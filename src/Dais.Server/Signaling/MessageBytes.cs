using System.Buffers;

namespace Dais.Server.Signaling;

/// <summary>
/// Where messages are written: into a buffer each thread has for that, which has grown once, and then copied out at their exact length.
/// A buffer that grows with each message would leave three times as much behind, most of all when many join at once.
/// </summary>
internal static class MessageBytes
{
    private const int LengthUsual = 8 << 10;
    private const int LengthKept = 64 << 10;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>An empty buffer; nobody else has it until <see cref="Take"/>.</summary>
    public static ArrayBufferWriter<byte> Begin()
    {
        var buffer = _buffer ?? new ArrayBufferWriter<byte>(LengthUsual);
        _buffer = null;
        return buffer;
    }

    /// <summary>What was written into <paramref name="buffer"/>, which is not to be used any more.</summary>
    public static byte[] Take(ArrayBufferWriter<byte> buffer)
    {
        byte[] message = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        if (buffer.Capacity <= LengthKept)
        {
            _buffer = buffer;
        }

        return message;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;

namespace Dais.Server.Signaling;

/// <summary>One WebSocket frame of a server: a whole message, never masked (RFC 6455 §5.1 and 5.2).</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
/// |I|S|S|S|  (4)  |A|     (7)     |             (16/64)           |
/// |N|V|V|V|       |S|             |   (if payload len==126/127)   |
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// </code>
/// </remarks>
public readonly struct OutgoingFrame
{
    private const byte FinalText = 0x81;
    private const byte FinalClose = 0x88;
    private const byte OpcodeMask = 0x0F;
    private const int HeaderBytesMax = 10;
    private const int ControlPayloadBytesMax = 125;

    /// <summary>What fits in one piece of the network's buffer.</summary>
    private const int PieceBytesMax = 2_048;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly bool _hasHeader;

    private OutgoingFrame(ReadOnlyMemory<byte> bytes, bool hasHeader)
    {
        _bytes = bytes;
        _hasHeader = hasHeader;
    }

    /// <summary>Whether it is a close frame that was framed elsewhere.</summary>
    public bool IsClose => _hasHeader && (_bytes.Span[0] & OpcodeMask) == (FinalClose & OpcodeMask);

    /// <summary>A text message.</summary>
    public static OutgoingFrame Text(ReadOnlyMemory<byte> message) => new(message, hasHeader: false);

    /// <summary>A whole frame, header and all.</summary>
    public static OutgoingFrame Framed(ReadOnlyMemory<byte> frame) => new(frame, hasHeader: true);

    /// <summary>A close with its code and reason, which is cut to what a close can hold (RFC 6455 §5.5.1).</summary>
    public static OutgoingFrame Close(int code, string reason)
    {
        byte[] frame = new byte[2 + ControlPayloadBytesMax];
        Encoding.UTF8.GetEncoder().Convert(reason, frame.AsSpan(4), flush: true, out _, out int reasonBytes, out _);
        frame[0] = FinalClose;
        frame[1] = (byte)(2 + reasonBytes);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code);
        return Framed(frame.AsMemory(0, 4 + reasonBytes));
    }

    /// <summary>Writes it, and gives the number of bytes that took.</summary>
    public int WriteTo(PipeWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var bytes = _bytes.Span;
        if (_hasHeader)
        {
            output.Write(bytes);
            return bytes.Length;
        }

        bool isOnePiece = bytes.Length <= PieceBytesMax;
        var span = output.GetSpan(isOnePiece ? HeaderBytesMax + bytes.Length : HeaderBytesMax);
        int header = WriteHeader(span, bytes.Length);
        if (isOnePiece)
        {
            bytes.CopyTo(span[header..]);
            output.Advance(header + bytes.Length);
        }
        else
        {
            output.Advance(header);
            output.Write(bytes);
        }

        return header + bytes.Length;
    }

    private static int WriteHeader(Span<byte> header, int length)
    {
        header[0] = FinalText;
        switch (length)
        {
            case <= ControlPayloadBytesMax:
                header[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                header[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
                return 4;
            default:
                header[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(header[2..], length);
                return HeaderBytesMax;
        }
    }
}

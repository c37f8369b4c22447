using System.Buffers;
using System.Net.WebSockets;

namespace Dais.Server.Signaling;

/// <summary>What a <see cref="MessageReader"/> came upon.</summary>
public enum IncomingKind
{
    /// <summary>A whole text message.</summary>
    Text,

    /// <summary>A text message longer than the limit; it was read past and is gone.</summary>
    TooLong,

    /// <summary>A binary message, or one so long that it is not even read past. Nothing more can be read.</summary>
    Unacceptable,

    /// <summary>The client closed the connection.</summary>
    Closed,
}

/// <summary>
/// Reads whole messages of one WebSocket into memory bounded by <paramref name="bytesMax"/>. A connection that waits
/// for a message holds no buffer.
/// </summary>
public sealed class MessageReader(WebSocket socket, int bytesMax)
{
    private const int BufferBytes = 4_096;

    /// <summary>A message of more than this many times the limit is not read to its end.</summary>
    private const int ReadPastFactor = 16;

    private byte[]? _buffer;
    private int _length;

    /// <summary>The message, after <see cref="IncomingKind.Text"/> and until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Message => _buffer.AsMemory(0, _length);

    /// <summary>Reads the next message. Afterwards <see cref="Release"/> is to be called.</summary>
    public async ValueTask<IncomingKind> ReadAsync()
    {
        // A receive without a buffer ends when there is something to read.
        var received = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        _length = 0;
        long length = 0;
        while (true)
        {
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return IncomingKind.Closed;
            }

            if (received.MessageType == WebSocketMessageType.Binary || length > (long)bytesMax * ReadPastFactor)
            {
                return IncomingKind.Unacceptable;
            }

            if (received.EndOfMessage)
            {
                return length > bytesMax ? IncomingKind.TooLong : IncomingKind.Text;
            }

            received = await socket.ReceiveAsync(Space(), CancellationToken.None);
            length += received.Count;

            // What is longer than it may be is read over itself.
            _length = length <= bytesMax ? (int)length : 0;
        }
    }

    /// <summary>Gives the memory of the message back.</summary>
    public void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _length = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Where the next bytes go, behind those that came.</summary>
    private Memory<byte> Space()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        }
        else if (_length == _buffer.Length)
        {
            byte[] longer = ArrayPool<byte>.Shared.Rent(2 * _length);
            _buffer.AsSpan().CopyTo(longer);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = longer;
        }

        return _buffer.AsMemory(_length);
    }
}

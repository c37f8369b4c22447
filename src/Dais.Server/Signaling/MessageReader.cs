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
/// for a message
/// holds no buffer.
/// </summary>
public sealed class MessageReader(WebSocket socket, int bytesMax)
{
    private const int BufferBytes = 4_096;

    /// <summary>A message of more than this many times the limit is not read to its end.</summary>
    private const int ReadPastFactor = 16;

    /// <summary>
    /// Reads the next message into <paramref name="message"/>, which is cleared first and holds it for
    /// <see cref="IncomingKind.Text"/> only.
    /// </summary>
    public async ValueTask<IncomingKind> ReadAsync(ArrayBufferWriter<byte> message)
    {
        message.ResetWrittenCount();

        // A receive without a buffer ends when there is something to read.
        var waited = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        if (waited.MessageType == WebSocketMessageType.Close)
        {
            return IncomingKind.Closed;
        }

        long length = 0;
        var received = waited;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
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

                received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                length += received.Count;
                if (length <= bytesMax)
                {
                    message.Write(buffer.AsSpan(0, received.Count));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

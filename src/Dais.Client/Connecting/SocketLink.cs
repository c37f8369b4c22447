using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace Dais.Client.Connecting;

/// <summary>One WebSocket: whole messages out and in, and the code it ended with.</summary>
/// <param name="open">Makes the open socket.</param>
internal sealed class SocketLink(Func<CancellationToken, Task<WebSocket>> open) : IDisposable
{
    /// <summary>What stands for an end without a closing handshake (RFC 6455 §7.4.1).</summary>
    public const int AbnormalClosure = 1006;

    /// <summary>Longest message taken, in bytes; a snapshot of a full room is a fraction of it.</summary>
    private const int MessageBytesMax = 4 * 1024 * 1024;

    /// <summary>How long a closing handshake may take before the socket is just dropped.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(256) { SingleReader = true });

    /// <summary>
    /// Opens the socket and reads it to its end; gives the code it ended with.
    /// </summary>
    /// <param name="onOpen">Called once it is open.</param>
    /// <param name="onMessage">Given every text message; the next is read when it is done. The bytes are good until then.</param>
    public async Task<(int Code, string Reason)> RunAsync(Action onOpen, Func<ReadOnlyMemory<byte>, Task> onMessage)
    {
        WebSocket? socket = null;
        try
        {
            socket = await open(_stop.Token).ConfigureAwait(false);
            var sending = SendAllAsync(socket);
            onOpen();
            var end = await ReceiveAllAsync(socket, onMessage).ConfigureAwait(false);
            _outgoing.Writer.TryComplete();
            await sending.ConfigureAwait(false);
            return end;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (AbnormalClosure, exception.Message);
        }
        finally
        {
            _outgoing.Writer.TryComplete();
            socket?.Dispose();
        }
    }

    /// <summary>Sends a message, after those before it.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException exception)
        {
            throw DaisException.Lost(exception);
        }
    }

    /// <summary>Sends what was to be sent, then closes.</summary>
    public void Close()
    {
        _outgoing.Writer.TryComplete();
        try
        {
            _stop.CancelAfter(CloseTimeout);
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task SendAllAsync(WebSocket socket)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _stop.Token).ConfigureAwait(false);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader sees the end too, and says how it ended.
            _outgoing.Writer.TryComplete();
            socket.Abort();
        }
    }

    private async Task<(int Code, string Reason)> ReceiveAllAsync(WebSocket socket, Func<ReadOnlyMemory<byte>, Task> onMessage)
    {
        var message = new ArrayBufferWriter<byte>(16_384);
        while (true)
        {
            var received = await socket.ReceiveAsync(message.GetMemory(4_096), _stop.Token).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return ((int?)socket.CloseStatus ?? AbnormalClosure, socket.CloseStatusDescription ?? "");
            }

            message.Advance(received.Count);
            if (message.WrittenCount > MessageBytesMax)
            {
                socket.Abort();
                return (AbnormalClosure, "The server sent a message that is too long.");
            }

            if (received.EndOfMessage)
            {
                await onMessage(message.WrittenMemory).ConfigureAwait(false);
                message.ResetWrittenCount();
            }
        }
    }
}

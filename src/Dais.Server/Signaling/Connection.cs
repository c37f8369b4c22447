using System.Buffers;
using System.Net.WebSockets;
using Dais.Protocol;
using Dais.Server.Hosting;

namespace Dais.Server.Signaling;

/// <summary>
/// One WebSocket with a bounded queue of messages to send. Anyone may <see cref="Send"/> and
/// <see cref="Close(CloseCode, string?)"/> from any thread; neither
/// ever waits. What a message means is not known here.
/// </summary>
public sealed class Connection : IDisposable
{
    /// <summary>How long the client may take to answer our close before the connection is cut.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly MessageReader _reader;
    private readonly TimeProvider _time;
    private readonly OutgoingMessages _outgoing;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abort = new();
    private CloseRequest? _close;
    private ITimer? _abortTimer;

    /// <summary>A connection over <paramref name="socket"/>, which the caller disposes.</summary>
    public Connection(WebSocket socket, LimitOptions limits, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _reader = new MessageReader(socket, limits.MessageBytes);
        _outgoing = new OutgoingMessages(
            message => _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _abort.Token),
            limits.OutgoingQueueMessages);
    }

    /// <summary>Why this side closes a connection.</summary>
    /// <param name="Code">The close code.</param>
    /// <param name="Reason">For people; at most 123 bytes (RFC 6455 §5.5).</param>
    /// <param name="Flush">Whether what is queued is sent first.</param>
    private sealed record CloseRequest(CloseCode Code, string Reason, bool Flush);

    /// <summary>Completes when the connection is over or its end was asked for, whichever is first.</summary>
    public Task Closing => _closing.Task;

    /// <summary>The close code this side gave, or null.</summary>
    public int? ClosedWith => Volatile.Read(ref _close)?.Code.Code;

    /// <summary>
    /// Whether the client ended it on purpose (RFC 6455 §7.4.1): it is done, or its page is left.
    /// </summary>
    public bool SaidGoodbye => ClosedWith is null
        && _socket.CloseStatus is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable;

    /// <summary>Queues <paramref name="message"/>. A full queue closes the connection as a slow consumer.</summary>
    public void Send(ReadOnlyMemory<byte> message)
    {
        if (!_outgoing.TrySend(message) && !_closing.Task.IsCompleted)
        {
            Close(new CloseRequest(CloseCodes.SlowConsumer, CloseCodes.SlowConsumer.Meaning, Flush: false));
        }
    }

    /// <summary>Asks for the end: what is queued is sent, then the close. The first caller's reason counts.</summary>
    public void Close(CloseCode code, string? reason = null) =>
        Close(new CloseRequest(code, reason ?? code.Meaning, Flush: true));

    /// <summary>
    /// Reads messages and hands each to <paramref name="onMessage"/>, one at a time, until the connection is over. The
    /// bytes are valid
    /// during the call only.
    /// </summary>
    public async Task RunAsync(Func<IncomingKind, ReadOnlyMemory<byte>, ValueTask> onMessage)
    {
        var ending = EndOutputAsync();
        try
        {
            await ReadAsync(onMessage);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The network or our own abort ended it; either way it is over.
        }
        finally
        {
            _closing.TrySetResult();
            _outgoing.Complete(drop: false);
            await ending;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _abortTimer?.Dispose();
        _abort.Dispose();
    }

    private void Close(CloseRequest request)
    {
        if (_closing.Task.IsCompleted || Interlocked.CompareExchange(ref _close, request, null) is not null)
        {
            return;
        }

        _abortTimer = _time.CreateTimer(
            static state => Abort((CancellationTokenSource)state!), _abort, CloseTimeout, Timeout.InfiniteTimeSpan);
        _outgoing.Complete(drop: !request.Flush);
        _closing.TrySetResult();
    }

    private static void Abort(CancellationTokenSource abort)
    {
        try
        {
            abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended on its own in the same moment.
        }
    }

    private async Task ReadAsync(Func<IncomingKind, ReadOnlyMemory<byte>, ValueTask> onMessage)
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var kind = await _reader.ReadAsync(message, _abort.Token);
            if (kind == IncomingKind.Closed)
            {
                return;
            }

            // After a close was asked for, messages on their way are read past until the client's close comes.
            if (!_closing.Task.IsCompleted)
            {
                await onMessage(kind, message.WrittenMemory);
            }

            if (message.Capacity > ReadBufferBytesKept)
            {
                message = new ArrayBufferWriter<byte>();
            }
        }
    }

    /// <summary>A buffer that one long message made longer than this is not kept.</summary>
    private const int ReadBufferBytesKept = 16_384;

    /// <summary>When the last message is sent, says the close; when nobody is there to read, sees to it that reading ends too.</summary>
    private async Task EndOutputAsync()
    {
        try
        {
            await _outgoing.Ended;
            if (Volatile.Read(ref _close) is { } close)
            {
                await _socket.CloseOutputAsync((WebSocketCloseStatus)close.Code.Code, close.Reason, _abort.Token);
            }
            else
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _abort.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody is there to read the rest.
            _closing.TrySetResult();
            _outgoing.Complete(drop: true);
            _socket.Abort();
        }
    }
}

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

    private readonly Lock _lock = new();
    private readonly WebSocketTransport _transport;
    private readonly WebSocket _socket;
    private readonly MessageReader _reader;
    private readonly TimeProvider _time;
    private readonly OutgoingMessages _outgoing;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CloseRequest? _close;
    private ITimer? _abortTimer;
    private bool _isDisposed;

    /// <summary>A connection over <paramref name="transport"/>, whose handshake is done.</summary>
    public Connection(WebSocketTransport transport, LimitOptions limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _time = time;
        _outgoing = new OutgoingMessages(transport.Output, limits.OutgoingQueueMessages, OnOutputFailed);

        // It understands what the client says; frames to the client are written without it, so that many can go together.
        _socket = WebSocket.CreateFromStream(
            new ControlFrameStream(transport.Input, _outgoing),
            new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        _reader = new MessageReader(_socket, limits.MessageBytes);
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
        if (!_outgoing.TrySend(OutgoingFrame.Text(message)))
        {
            CloseIfFull();
        }
    }

    /// <summary>
    /// As <see cref="Send"/>, but <paramref name="message"/> may stay here until <see cref="Flush"/>, so that others can go with it.
    /// </summary>
    /// <returns>Whether nothing stayed here before, so that somebody has to see to the flush.</returns>
    public bool Gather(ReadOnlyMemory<byte> message)
    {
        if (!_outgoing.TryGather(OutgoingFrame.Text(message), out bool isFirst))
        {
            CloseIfFull();
        }

        return isFirst;
    }

    /// <summary>Sends what stayed here.</summary>
    public void Flush() => _outgoing.Flush();

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
        try
        {
            await ReadAsync(onMessage);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The network or our own abort ended it; either way it is over.
        }
        finally
        {
            _closing.TrySetResult();
            _outgoing.Complete(OutgoingFrame.Close((int)WebSocketCloseStatus.NormalClosure, ""), drop: false);
            await EndOutputAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _abortTimer?.Dispose();
        }

        _socket.Dispose();
    }

    private void CloseIfFull()
    {
        if (!_outgoing.IsCompleted)
        {
            Close(new CloseRequest(CloseCodes.SlowConsumer, CloseCodes.SlowConsumer.Meaning, Flush: false));
        }
    }

    private void Close(CloseRequest request)
    {
        if (_closing.Task.IsCompleted || Interlocked.CompareExchange(ref _close, request, null) is not null)
        {
            return;
        }

        AbortLater();
        _outgoing.Complete(OutgoingFrame.Close(request.Code.Code, request.Reason), drop: !request.Flush);
        _closing.TrySetResult();
    }

    private void AbortLater()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _abortTimer ??= _time.CreateTimer(
                    static state => ((Connection)state!).Abort(), this, CloseTimeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Abort()
    {
        lock (_lock)
        {
            // Afterwards what is below may belong to another.
            if (!_isDisposed)
            {
                _transport.Lifetime.Abort();
            }
        }
    }

    private async Task ReadAsync(Func<IncomingKind, ReadOnlyMemory<byte>, ValueTask> onMessage)
    {
        try
        {
            while (await _reader.ReadAsync() is var kind and not IncomingKind.Closed)
            {
                // After a close was asked for, messages on their way are read past until the client's close comes.
                if (!_closing.Task.IsCompleted)
                {
                    await onMessage(kind, _reader.Message);
                }

                _reader.Release();
            }
        }
        finally
        {
            _reader.Release();
        }
    }

    /// <summary>Nobody is there to read the rest; that ends reading too.</summary>
    private void OnOutputFailed()
    {
        _closing.TrySetResult();
        Abort();
    }

    /// <summary>Waits until the last message is with the network, which a client that does not read can put off for a while only.</summary>
    private async Task EndOutputAsync()
    {
        if (!_outgoing.Ended.IsCompleted)
        {
            AbortLater();
        }

        await _outgoing.Ended;
    }
}

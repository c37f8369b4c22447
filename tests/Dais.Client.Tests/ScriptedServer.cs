using System.Buffers;
using System.Collections.Immutable;
using System.Net.WebSockets;
using System.Threading.Channels;
using Dais.Protocol;

namespace Dais.Client.Tests;

/// <summary>
/// A server that says what the test tells it to, behind a socket in memory: for what a client makes of the contract, whatever the rules of
/// the real one. It has one client, in the room "lobby" whose host she is.
/// </summary>
public sealed class ScriptedServer : WebSocket
{
    /// <summary>Who the client is.</summary>
    public static readonly User Hana = new("hana", "Hana", "");

    private readonly Channel<byte[]> _toClient = Channel.CreateUnbounded<byte[]>();
    private readonly Dictionary<string, Action<JsonRpcCall>> _methods = [];
    private ReadOnlyMemory<byte> _unread;
    private long _seq = 1;
    private WebSocketState _state = WebSocketState.Open;

    /// <summary>A server that opens the session and starts the room, and to everything else says that it is done.</summary>
    public ScriptedServer()
    {
        Answer(Methods.SessionOpen, _ => new SessionOpenResult("s", "key", false, Hana.UserId, Hana.UserName, 0, 60, 60, [], true));
        Answer(Methods.RoomStart, _ => new RoomEntered(Lobby, _seq));
    }

    /// <summary>The calls that came about hosts of different rooms: their method and parameters.</summary>
    public EventLog Calls { get; } = new();

    /// <summary>The room as it starts.</summary>
    public static RoomSnapshot Lobby { get; } = new(
        "lobby",
        "The lobby",
        "",
        "",
        Hana,
        0,
        RoomPhase.Live,
        600,
        new Canvas(1080, 1920),
        SeatMode.Apply,
        2,
        [new Seat(0, false, Hana, DeviceState.On, DeviceState.On, false), new Seat(1, false, null, DeviceState.Off, DeviceState.Off, false)],
        [],
        0,
        [],
        ImmutableSortedDictionary<string, string>.Empty,
        Role.Host,
        [],
        [],
        null,
        [],
        []);

    /// <inheritdoc/>
    public override WebSocketCloseStatus? CloseStatus => _state == WebSocketState.Open ? null : WebSocketCloseStatus.NormalClosure;

    /// <inheritdoc/>
    public override string? CloseStatusDescription => null;

    /// <inheritdoc/>
    public override WebSocketState State => _state;

    /// <inheritdoc/>
    public override string? SubProtocol => "dais.v1";

    /// <summary>A connected client.</summary>
    public async Task<DaisClient> ConnectAsync()
    {
        var client = new DaisClient(new DaisClientOptions
        {
            Url = new Uri("http://scripted.test"),
            UserId = Hana.UserId,
            OpenWebSocketAsync = (_, _) => Task.FromResult<WebSocket>(this),
        });
        await client.ConnectAsync(TestContext.Current.CancellationToken).WaitAsync(ServerUnderTest.Patience);
        return client;
    }

    /// <summary>From now on answers calls of a method.</summary>
    public void Answer<TParams, TResult>(Method<TParams, TResult> method, Func<TParams, TResult> answer)
        where TParams : class, IParams
        where TResult : class =>
        _methods[method.Name] = call =>
        {
            Assert.True(ClientJson.TryRead(call.Params, method.Params, out var parameters));
            Send(output => JsonRpcWriter.WriteResult(output, call.Id!.Value, answer(parameters!), method.Result));
        };

    /// <summary>From now on refuses calls of a method.</summary>
    public void Refuse(MethodDescriptor method, ErrorCode error) =>
        _methods[method.Name] = call => Send(output => JsonRpcWriter.WriteError(output, call.Id!.Value, error));

    /// <summary>Tells the next event of the room.</summary>
    public void Tell<TData>(Notification<TData> type, TData data)
        where TData : class
    {
        _seq++;
        Send(output => JsonRpcWriter.WriteRoomEvent(output, Lobby.RoomId, _seq, 0, type, data));
    }

    /// <summary>Replaces the room the client holds.</summary>
    public void Sync(RoomSnapshot room) => Send(output => JsonRpcWriter.WriteRoomSync(output, new RoomSyncParams(room.RoomId, ++_seq, room)));

    /// <inheritdoc/>
    public override Task SendAsync(
        ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        Assert.True(JsonRpcCall.TryRead(buffer, out var call, out _));
        if (call.Method.StartsWith("coHost.", StringComparison.Ordinal))
        {
            Calls.Add($"{call.Method} {call.Params.GetRawText()}");
        }

        if (_methods.TryGetValue(call.Method, out var answer))
        {
            answer(call);
        }
        else
        {
            Send(output => JsonRpcWriter.WriteResult(output, call.Id!.Value, new EmptyResult(), WireJson.Default.EmptyResult));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        if (_unread.IsEmpty)
        {
            if (!await _toClient.Reader.WaitToReadAsync(cancellationToken))
            {
                return new WebSocketReceiveResult(0, WebSocketMessageType.Close, true, WebSocketCloseStatus.NormalClosure, null);
            }

            _unread = await _toClient.Reader.ReadAsync(cancellationToken);
        }

        int count = Math.Min(buffer.Count, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return new WebSocketReceiveResult(count, WebSocketMessageType.Text, _unread.IsEmpty);
    }

    /// <inheritdoc/>
    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    /// <inheritdoc/>
    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Abort();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        _state = WebSocketState.Closed;
        _toClient.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public override void Dispose() => Abort();

    private void Send(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        _toClient.Writer.TryWrite(output.WrittenSpan.ToArray());
    }
}

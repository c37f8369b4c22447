using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Dais.Server.Tests;

/// <summary>
/// A client of the wire contract that knows nothing of the server's types: it sends text and reads text. Every wait
/// ends with what it waits
/// for, or fails after <see cref="Patience"/>.
/// </summary>
public sealed class TestClient : IAsyncDisposable
{
    /// <summary>How long a test waits for something that should come at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly ClientWebSocket _socket;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _calls = new();
    private readonly Channel<JsonObject> _notifications = Channel.CreateUnbounded<JsonObject>();
    private readonly Channel<JsonObject> _strays = Channel.CreateUnbounded<JsonObject>();
    private readonly Task<int?> _reading;
    private int _lastId;

    /// <summary>A client over <paramref name="socket"/>, which it owns.</summary>
    public TestClient(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>Everything that came, in order: answers by their id, notifications by their type.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>What the session was opened with.</summary>
    public JsonObject Session { get; set; } = [];

    /// <summary>The code the server closes with; null when the connection just breaks.</summary>
    public Task<int?> Closed => _reading.WaitAsync(Patience);

    /// <summary>Calls a method and gives its result; an error fails the test.</summary>
    public async Task<JsonObject> CallAsync(string method, JsonObject? parameters = null)
    {
        var answer = await AnswerAsync(method, parameters);
        return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method} was refused: {answer.ToJsonString()}");
    }

    /// <summary>Calls a method that has to be refused, and gives the error.</summary>
    public async Task<JsonObject> RefusedAsync(string method, JsonObject? parameters = null)
    {
        var answer = await AnswerAsync(method, parameters);
        return answer["error"] as JsonObject ?? throw new InvalidOperationException($"{method} was not refused: {answer.ToJsonString()}");
    }

    /// <summary>Calls a method that has to be refused, and gives the error's code.</summary>
    public async Task<int> RefusalCodeAsync(string method, JsonObject? parameters = null) =>
        (await RefusedAsync(method, parameters))["code"]!.GetValue<int>();

    /// <summary>
    /// The data of the next event of <paramref name="type"/>; events of other types before it are passed over.
    /// </summary>
    public async Task<JsonObject> EventAsync(string type) => (await WholeEventAsync(type))["data"]!.AsObject();

    /// <summary>The next event of <paramref name="type"/>, with its room, place and time.</summary>
    public async Task<JsonObject> WholeEventAsync(string type)
    {
        while (true)
        {
            var happened = await NotificationAsync();
            if (happened["type"]?.GetValue<string>() == type)
            {
                return happened;
            }
        }
    }

    /// <summary>The data of the next event of <paramref name="type"/> that fits; those before it are passed over.</summary>
    public async Task<JsonObject> EventWhereAsync(string type, Func<JsonObject, bool> fits)
    {
        while (true)
        {
            var data = await EventAsync(type);
            if (fits(data))
            {
                return data;
            }
        }
    }

    /// <summary>The next fresh snapshot; events before it are passed over.</summary>
    public async Task<JsonObject> SyncAsync()
    {
        while (true)
        {
            var happened = await NotificationAsync();
            if (happened.ContainsKey("room"))
            {
                return happened;
            }
        }
    }

    /// <summary>The next notification.</summary>
    public Task<JsonObject> NotificationAsync() =>
        _notifications.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>The next notification, if it has come.</summary>
    public bool TryTakeNotification([NotNullWhen(true)] out JsonObject? notification) =>
        _notifications.Reader.TryRead(out notification);

    /// <summary>Sends text as it is.</summary>
    public Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    /// <summary>Sends bytes as they are.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type) =>
        _socket.SendAsync(bytes, type, endOfMessage: true, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>The next answer that has no id.</summary>
    public Task<JsonObject> StrayAsync() => _strays.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>Closes the connection with a word.</summary>
    public Task CloseAsync(int code) =>
        _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, TestContext.Current.CancellationToken).WaitAsync(Patience);

    /// <summary>Breaks the connection without a word.</summary>
    public void Drop() => _socket.Abort();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        await _reading;
    }

    /// <summary>Calls a method and gives the whole answer, whichever it is.</summary>
    public async Task<JsonObject> AnswerAsync(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref _lastId);
        var answered = _calls[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method };
        if (parameters is not null)
        {
            call["params"] = parameters;
        }

        await SendTextAsync(call.ToJsonString());
        return await answered.Task.WaitAsync(Patience);
    }

    private async Task<int?> ReadAsync()
    {
        try
        {
            var message = new ArrayBufferWriter<byte>();
            while (true)
            {
                var received = await _socket.ReceiveAsync(message.GetMemory(16_384), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    int? code = (int?)_socket.CloseStatus;
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    Fail();
                    return code;
                }

                message.Advance(received.Count);
                if (received.EndOfMessage)
                {
                    Handle(JsonNode.Parse(message.WrittenSpan)!.AsObject());
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            Fail();
            return null;
        }
    }

    private void Handle(JsonObject message)
    {
        if (message["method"] is not null)
        {
            var parameters = message["params"]!.AsObject();
            Received.Enqueue(parameters["type"]?.GetValue<string>() ?? message["method"]!.GetValue<string>());
            _notifications.Writer.TryWrite(parameters);
        }
        else if (message["id"] is JsonValue id && id.TryGetValue(out int number) && _calls.TryRemove(number, out var answered))
        {
            Received.Enqueue($"#{number}");
            answered.SetResult(message);
        }
        else
        {
            _strays.Writer.TryWrite(message);
        }
    }

    private void Fail()
    {
        _notifications.Writer.TryComplete();
        foreach (var call in _calls.Values)
        {
            call.TrySetException(new InvalidOperationException("The connection ended before the answer came."));
        }
    }
}

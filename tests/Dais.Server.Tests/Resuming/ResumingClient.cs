using System.Text.Json.Nodes;

namespace Dais.Server.Tests.Resuming;

/// <summary>A client of one room that goes on with its session however often its connection is cut.</summary>
public sealed class ResumingClient : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly string _roomId;
    private TestClient _connection;

    private ResumingClient(TestServer server, TestClient connection, string roomId, string userId)
    {
        _server = server;
        _connection = connection;
        _roomId = roomId;
        UserId = userId;
        Mirror = new RoomMirror(userId);
    }

    /// <summary>Who it is.</summary>
    public string UserId { get; }

    /// <summary>What it knows of the room.</summary>
    public RoomMirror Mirror { get; }

    /// <summary>Whether it has a connection.</summary>
    public bool IsConnected { get; private set; } = true;

    /// <summary>Opens a session and enters the room by <paramref name="method"/>.</summary>
    public static async Task<ResumingClient> EnterAsync(TestServer server, string roomId, string userId, string method)
    {
        var connection = await server.OpenAsync(userId);
        var client = new ResumingClient(server, connection, roomId, userId);
        var entered = await connection.CallAsync(method, new() { ["roomId"] = roomId });
        client.Mirror.Replace(entered["room"]!, entered["seq"]!.GetValue<long>());
        return client;
    }

    /// <summary>Asks for something, which may be refused.</summary>
    public Task<JsonObject> AskAsync(string method, JsonObject? parameters = null)
    {
        parameters ??= [];
        parameters["roomId"] = _roomId;
        return _connection.AnswerAsync(method, parameters);
    }

    /// <summary>Takes in everything that was sent so far.</summary>
    public async Task CatchUpAsync()
    {
        await _connection.AnswerAsync("session.ping");
        TakeAll();
    }

    /// <summary>Passes over what was sent so far.</summary>
    public void Forget()
    {
        while (_connection.TryTakeNotification(out _))
        {
        }
    }

    /// <summary>
    /// Breaks the connection; what was sent and not taken in yet is lost when <paramref name="loses"/> says so.
    /// </summary>
    public void Cut(bool loses)
    {
        if (!loses)
        {
            TakeAll();
        }

        _connection.Drop();
        IsConnected = false;
    }

    /// <summary>Goes on with the session by a new connection, beside one that may be there still.</summary>
    public async Task ResumeAsync()
    {
        var older = _connection;
        (_connection, var opened) = await _server.ResumeAsync(older.Session, (_roomId, Mirror.Seq));
        _connection.Session = older.Session;
        IsConnected = true;
        Assert.True(opened["resumed"]!.GetValue<bool>(), $"The session of {UserId} was not resumed.");
        await older.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void TakeAll()
    {
        while (_connection.TryTakeNotification(out var notification))
        {
            Mirror.Take(notification);
        }
    }
}

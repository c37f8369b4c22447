using System.Text;

namespace Dais.FanoutBench.Load;

/// <summary>How one kind of server is spoken to: what a member says when it comes, and what makes the server tell everybody something.</summary>
/// <param name="Path">The address of its WebSocket.</param>
/// <param name="Subprotocol">The subprotocol to ask for, or null.</param>
/// <param name="Greetings">What member <c>index</c> says first; each is answered by one message.</param>
/// <param name="Say">What the sender says to have everybody told a text.</param>
/// <param name="StillHere">What every member says now and then so that it is not taken for gone; null when that is not needed.</param>
/// <param name="Separator">What ends a message where a frame may hold several; null where each has a frame of its own.</param>
internal sealed record Dialect(
    string Path, string? Subprotocol, Func<int, IReadOnlyList<string>> Greetings, Func<string, string> Say, string? StillHere = null,
    byte? Separator = null)
{
    private const string RoomId = "fanout";

    /// <summary>The first member: it comes before the others, starts the room where there are rooms, and is the one who sends.</summary>
    internal const int Sender = 0;

    internal static Dialect? Named(string name) => name switch
    {
        "bare" => new Dialect("/ws", null, _ => [], text => text),
        "signalr" => new Dialect(
            "/hub", null, _ => ["{\"protocol\":\"json\",\"version\":1}\u001e"],
            text => $"{{\"type\":1,\"target\":\"Send\",\"arguments\":[\"{text}\"]}}\u001e",
            Separator: 0x1E),
        "dais" => new Dialect("/v1/ws", "dais.v1", GreetDais, text => Call(
            3, "message.send", $"\"roomId\":\"{RoomId}\",\"kind\":\"text\",\"text\":\"{text}\""), Call(4, "session.ping", "")),
        _ => null,
    };

    /// <summary>The request that opens the WebSocket (RFC 6455 §4.1).</summary>
    internal byte[] Handshake(int port) => Encoding.ASCII.GetBytes(
        $"GET {Path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (Subprotocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {Subprotocol}\r\n\r\n"));

    private static string[] GreetDais(int index) =>
    [
        Call(1, "session.open", $"\"userId\":\"member-{index}\",\"userName\":\"Member {index}\""),
        Call(2, index == Sender ? "room.start" : "room.join", $"\"roomId\":\"{RoomId}\""),
    ];

    private static string Call(int id, string method, string parameters) =>
        $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{{{parameters}}}}}";
}

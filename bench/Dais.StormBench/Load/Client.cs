using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dais.StormBench.Load;

/// <summary>
/// A client on a bare socket, which reads of what it is told only what a run wants to know: the load has to cost less than the server it
/// measures. One call at a time.
/// </summary>
internal sealed class Client(string user) : IDisposable
{
    private const int BufferBytes = 2_048;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private int _id;
    private long _saidAt;
    private TaskCompletionSource<bool>? _answer;

    /// <summary>The user.</summary>
    internal string User => user;

    /// <summary>How many the audience has, as this client was told last; -1 while it was not.</summary>
    internal int AudienceCount { get; private set; } = -1;

    /// <summary>How many notifications have come.</summary>
    internal int Notifications { get; private set; }

    /// <summary>When the last answer came, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    internal long AnsweredAt { get; private set; }

    /// <summary>Completes when the connection is over.</summary>
    internal Task Receiving { get; private set; } = Task.CompletedTask;

    /// <summary>Whether nothing was said for a while.</summary>
    internal bool IsSilent => Stopwatch.GetElapsedTime(Volatile.Read(ref _saidAt)) > TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Opens the WebSocket (RFC 6455 §4.1) and the session.</summary>
    internal async Task OpenAsync(int port)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: dais.v1\r\n\r\n"));
        byte[] end = "\r\n\r\n"u8.ToArray();
        int at;
        while ((at = _buffer.AsSpan(0, _buffered).IndexOf(end)) < 0)
        {
            await MoreAsync();
        }

        Drop(at + end.Length);
        Receiving = ReceiveAsync();
        await CallAsync("session.open", $"\"userId\":\"{user}\",\"userName\":\"User {user}\"");
    }

    /// <summary>Calls a method and returns whether it succeeded.</summary>
    /// <exception cref="SocketException">The connection is over.</exception>
    internal async Task<bool> CallAsync(string method, string parameters)
    {
        var answer = _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SayAsync(method, parameters, ++_id);
        if (Receiving.IsCompleted)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        return await answer.Task;
    }

    /// <summary>Says that it is still here.</summary>
    internal Task PingAsync() => SayAsync("session.ping", "", 0);

    /// <summary>Sends one text message (RFC 6455 §5.2), masked with zeroes.</summary>
    private async Task SayAsync(string method, string parameters, int id)
    {
        Volatile.Write(ref _saidAt, Stopwatch.GetTimestamp());
        string text = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\",\"params\":{{{parameters}}}}}";
        byte[] frame = new byte[8 + text.Length];
        frame[0] = 0x81;
        frame[1] = 0x80 | 126;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
        Encoding.ASCII.GetBytes(text, frame.AsSpan(8));
        await _socket.SendAsync(frame);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                int used = 0;
                while (TryReadHeader(_buffer.AsSpan(used, _buffered - used), out int header, out int length)
                    && _buffered - used >= header + length)
                {
                    Heard(_buffer.AsSpan(used + header, length));
                    used += header + length;
                }

                Drop(used);
                await MoreAsync();
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            _answer?.TrySetException(new SocketException((int)SocketError.ConnectionReset));
            _ = _answer?.Task.Exception;
        }
    }

    private void Heard(ReadOnlySpan<byte> message)
    {
        const int headMax = 200;
        var answerHead = "{\"jsonrpc\":\"2.0\",\"id\":"u8;
        if (message.StartsWith(answerHead))
        {
            var rest = message[answerHead.Length..];
            _ = System.Buffers.Text.Utf8Parser.TryParse(rest, out int id, out int digits);
            if (id == 0)
            {
                return;
            }

            Count(message, "\"audienceCount\":"u8);
            AnsweredAt = Stopwatch.GetTimestamp();
            _answer?.TrySetResult(rest[digits..].StartsWith(",\"result\""u8));
            return;
        }

        Notifications++;
        if (message[..Math.Min(headMax, message.Length)].IndexOf("\"type\":\"audience.changed\""u8) > 0)
        {
            Count(message, "\"count\":"u8);
        }
    }

    private void Count(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        int at = message.IndexOf(name);
        if (at > 0 && System.Buffers.Text.Utf8Parser.TryParse(message[(at + name.Length)..], out int count, out _))
        {
            AudienceCount = count;
        }
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> bytes, out int header, out int length)
    {
        header = 2;
        length = bytes.Length < 2 ? 0 : bytes[1] & 0x7F;
        header += length switch { 126 => 2, 127 => 8, _ => 0 };
        if (bytes.Length < header)
        {
            return false;
        }

        length = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => (int)BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => length,
        };
        return true;
    }

    private async ValueTask MoreAsync()
    {
        if (_buffered == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffered);
        }

        int received = await _socket.ReceiveAsync(_buffer.AsMemory(_buffered));
        _buffered += received > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _buffered - count).CopyTo(_buffer);
        _buffered -= count;
    }
}

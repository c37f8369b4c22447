using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dais.FanoutBench.Load;

/// <summary>
/// A member on a bare socket, which counts frames without looking into them: the load has to cost less than the server it measures.
/// </summary>
internal sealed class Member(Dialect dialect, int index) : IDisposable
{
    /// <summary>Frames of fewer bytes are answers, of more are snapshots.</summary>
    private const int MessageBytesMin = 190;
    private const int MessageBytesMax = 1_500;

    /// <summary>As the contract asks of clients.</summary>
    private static readonly TimeSpan StayInterval = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8_192];
    private int _buffered;
    private long _skip;
    private bool _isMessage;
    private int _partBytes;
    private long _messages;

    /// <summary>Messages received so far.</summary>
    internal long Messages => Volatile.Read(ref _messages);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Opens the WebSocket and says the greetings.</summary>
    internal async Task ConnectAsync(int port)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await _socket.SendAsync(dialect.Handshake(port));
        await ReadHeadAsync();
        foreach (string greeting in dialect.Greetings(index))
        {
            await SayAsync(greeting);
            await ReadFrameAsync();
        }

        _ = StayAsync();
    }

    /// <summary>Says now and then that it is still here, where that is needed.</summary>
    internal async Task StayAsync()
    {
        while (dialect.StillHere is { } stillHere)
        {
            await Task.Delay(StayInterval);
            await SayAsync(stillHere);
        }
    }

    /// <summary>Sends one text message (RFC 6455 §5.2), masked with zeroes.</summary>
    internal async Task SayAsync(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        byte[] frame = new byte[8 + payload.Length];
        frame[0] = 0x81;
        frame[1] = 0x80 | 126;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame, 8);
        await _socket.SendAsync(frame);
    }

    /// <summary>Receives until the server closes.</summary>
    internal async Task ReceiveAsync()
    {
        while (true)
        {
            Count();
            int received = await _socket.ReceiveAsync(_buffer.AsMemory(_buffered));
            if (received == 0)
            {
                throw new InvalidOperationException($"The server closed the connection of member {index}.");
            }

            _buffered += received;
        }
    }

    /// <summary>Counts the frames in the buffer and keeps what is not yet a whole header.</summary>
    private void Count()
    {
        int at = 0;
        while (true)
        {
            int skipped = (int)Math.Min(_skip, _buffered - at);
            if (_isMessage && dialect.Separator is { } separator)
            {
                CountParts(_buffer.AsSpan(at, skipped), separator);
            }

            at += skipped;
            _skip -= skipped;
            if (_skip > 0 || !TryReadHeader(_buffer.AsSpan(at, _buffered - at), out int header, out long length))
            {
                break;
            }

            at += header;
            _skip = length;
            _isMessage = dialect.Separator is not null || length >= MessageBytesMin;
            if (dialect.Separator is null && _isMessage && length <= MessageBytesMax)
            {
                Volatile.Write(ref _messages, _messages + 1);
            }
        }

        _buffer.AsSpan(at, _buffered - at).CopyTo(_buffer);
        _buffered -= at;
    }

    /// <summary>One frame may hold several messages, and what only keeps the connection alive, which is short.</summary>
    private void CountParts(ReadOnlySpan<byte> bytes, byte separator)
    {
        while (bytes.IndexOf(separator) is var end and >= 0)
        {
            if (_partBytes + end >= MessageBytesMin)
            {
                Volatile.Write(ref _messages, _messages + 1);
            }

            _partBytes = 0;
            bytes = bytes[(end + 1)..];
        }

        _partBytes += bytes.Length;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> bytes, out int header, out long length)
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
            10 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => length,
        };
        return true;
    }

    private async Task ReadHeadAsync()
    {
        byte[] end = "\r\n\r\n"u8.ToArray();
        while (_buffer.AsSpan(0, _buffered).IndexOf(end) is var at)
        {
            if (at >= 0)
            {
                _buffer.AsSpan(at + 4, _buffered - at - 4).CopyTo(_buffer);
                _buffered -= at + 4;
                return;
            }

            _buffered += await _socket.ReceiveAsync(_buffer.AsMemory(_buffered));
        }
    }

    /// <summary>Reads past one whole frame.</summary>
    private async Task ReadFrameAsync()
    {
        int header;
        long length;
        while (!TryReadHeader(_buffer.AsSpan(0, _buffered), out header, out length))
        {
            await MoreAsync();
        }

        Drop(header);
        while (length > 0)
        {
            int dropped = (int)Math.Min(length, _buffered);
            Drop(dropped);
            length -= dropped;
            if (length > 0)
            {
                await MoreAsync();
            }
        }
    }

    private async Task MoreAsync()
    {
        int received = await _socket.ReceiveAsync(_buffer.AsMemory(_buffered));
        _buffered += received > 0
            ? received
            : throw new InvalidOperationException($"The server refused member {index}.");
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _buffered - count).CopyTo(_buffer);
        _buffered -= count;
    }
}

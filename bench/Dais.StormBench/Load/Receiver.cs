using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dais.StormBench.Load;

/// <summary>A notice that has come.</summary>
/// <param name="At">When, by <see cref="Stopwatch.GetTimestamp"/>.</param>
/// <param name="EventType">Which event.</param>
/// <param name="Room">Where.</param>
/// <param name="Account">Whose; empty when it is nobody's.</param>
/// <param name="Id">The notice's id.</param>
/// <param name="Seq">The event's place in the room's log.</param>
internal readonly record struct Received(long At, int EventType, string Room, string Account, string Id, long Seq);

/// <summary>A backend on bare sockets that takes every notice: the load has to cost less than the server it measures.</summary>
internal sealed class Receiver : IDisposable
{
    /// <summary>What notices are signed with; nobody looks at it here.</summary>
    internal const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly byte[] Taken = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();
    private static readonly byte[] Refused = "HTTP/1.1 500 Not now\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly int _refuseEach;
    private int _count;
    private int _connections;

    /// <summary>A receiver that refuses each so-manieth notice at first; 0 for none.</summary>
    internal Receiver(int refuseEach = 0)
    {
        _refuseEach = refuseEach;
        _listener.Start(512);
        _ = AcceptAsync();
    }

    /// <summary>Where it is.</summary>
    internal Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hooks");

    /// <summary>How many notices have come, repetitions included.</summary>
    internal int Count => _received.Count;

    /// <summary>How many connections were made.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>What has come so far, in order.</summary>
    internal Received[] Received => [.. _received];

    /// <summary>Waits until so many have come; gives up when nothing comes any more.</summary>
    internal async Task<bool> UntilAsync(int count, TimeSpan silenceMax)
    {
        int last = Count;
        var silence = Stopwatch.StartNew();
        while (Count < count)
        {
            await Task.Delay(5);
            if (Count != last)
            {
                last = Count;
                silence.Restart();
            }
            else if (silence.Elapsed > silenceMax)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Interlocked.Increment(ref _connections);
        using var _ = socket;
        socket.NoDelay = true;
        byte[] buffer = new byte[65_536];
        int buffered = 0;
        try
        {
            while (true)
            {
                int received = await socket.ReceiveAsync(buffer.AsMemory(buffered));
                if (received == 0)
                {
                    return;
                }

                buffered += received;
                while (TryTake(buffer.AsSpan(0, buffered), out int used, out bool isTaken))
                {
                    buffer.AsSpan(used, buffered - used).CopyTo(buffer);
                    buffered -= used;
                    await socket.SendAsync(isTaken ? Taken : Refused);
                }
            }
        }
        catch (SocketException)
        {
            // The server was killed.
        }
    }

    /// <summary>Takes one whole request off the beginning.</summary>
    private bool TryTake(ReadOnlySpan<byte> bytes, out int used, out bool isTaken)
    {
        used = 0;
        isTaken = true;
        int head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var field = bytes[(bytes.IndexOf("Content-Length: "u8) + 16)..];
        int length = int.Parse(Encoding.ASCII.GetString(field[..field.IndexOf((byte)'\r')]), CultureInfo.InvariantCulture);
        used = head + 4 + length;
        if (bytes.Length < used)
        {
            return false;
        }

        isTaken = _refuseEach == 0 || Interlocked.Increment(ref _count) % _refuseEach != 0;
        if (isTaken)
        {
            _received.Enqueue(Read(bytes.Slice(head + 4, length)));
        }

        return true;
    }

    private static Received Read(ReadOnlySpan<byte> body)
    {
        long at = Stopwatch.GetTimestamp();
        string id = "";
        string room = "";
        string account = "";
        int eventType = 0;
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (json.ValueTextEquals("noticeId"u8) && json.Read())
            {
                id = json.GetString()!;
            }
            else if (json.ValueTextEquals("eventType"u8) && json.Read())
            {
                eventType = json.GetInt32();
            }
            else if (json.ValueTextEquals("channelName"u8) && json.Read())
            {
                room = json.GetString()!;
            }
            else if (json.ValueTextEquals("account"u8) && json.Read())
            {
                account = json.GetString()!;
            }
        }

        return new Received(at, eventType, room, account, id, long.Parse(id.Split(':')[1], CultureInfo.InvariantCulture));
    }
}

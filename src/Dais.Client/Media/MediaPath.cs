using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dais.Rtc;
using Dais.Rtc.Dtls;
using Dais.Rtc.Dtls.OpenSsl;
using Dais.Rtc.Ice;
using Dais.Rtc.Rtp;
using Dais.Rtc.Sdp;

namespace Dais.Client.Media;

/// <summary>What sends or receives over a <see cref="MediaPath"/>. Everything but the last is called with the path held.</summary>
internal interface IMediaEnd
{
    /// <summary>When <see cref="HandleTimeout"/> wants to be called next; only looked at while connected.</summary>
    Timestamp NextTimeout { get; }

    /// <summary>Takes a plain RTP packet.</summary>
    void HandleRtp(ReadOnlySpan<byte> packet, Timestamp now);

    /// <summary>Takes a plain compound RTCP packet.</summary>
    void HandleRtcp(ReadOnlySpan<byte> packet, Timestamp now);

    /// <summary>Does what is due.</summary>
    void HandleTimeout(Timestamp now);

    /// <summary>Tells the application what has happened; nothing is held.</summary>
    void RaiseEvents();
}

/// <summary>
/// One transport on one UDP socket, from its credentials to its end: the shell around <see cref="ClientTransport"/>. A path that has ended
/// stays so; another takes its place.
/// </summary>
internal sealed class MediaPath : ITransportOutput, IDisposable
{
    private const int DatagramBytesMax = 1500;
    private const string IceCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly OpenSslDtlsSessionFactory _dtls;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<NetworkAddress, SocketAddress> _addresses = [];
    private Socket? _socket;
    private ClientTransport? _transport;
    private IMediaEnd? _end;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>A path with fresh credentials and a fresh certificate, to be offered.</summary>
    public MediaPath(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();

        // A certificate of its own for every path: to the server, the same one again would mean the same DTLS session.
        var now = time.GetUtcNow();
        _dtls = new OpenSslDtlsSessionFactory(DtlsCertificate.Create(now.AddDays(-1), now.AddDays(30)));
        Ice = new IceCredentials(RandomNumberGenerator.GetString(IceCharacters, 8), RandomNumberGenerator.GetString(IceCharacters, 24));
    }

    /// <summary>The credentials to offer.</summary>
    public IceCredentials Ice { get; }

    /// <summary>The fingerprint to offer.</summary>
    public DtlsFingerprint Fingerprint => _dtls.LocalFingerprint;

    /// <summary>Done when media can flow, or never.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Done when the path has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The time on this path's clock.</summary>
    public Timestamp Now => new((long)_time.GetElapsedTime(_start).TotalMicroseconds);

    /// <summary>Begins to connect to the server that gave <paramref name="answer"/>; gives what is wrong with it, or null.</summary>
    public string? Connect(SessionDescription answer, IMediaEnd end)
    {
        var section = answer.Media.FirstOrDefault(media => !media.IsRejected);
        if (section is not { Ice: { } ice, Fingerprint: { } fingerprint } || Usable(section.Candidates) is not [_, ..] candidates)
        {
            return "The answer has no transport that can be reached from here.";
        }

        lock (_lock)
        {
            if (_isDisposed)
            {
                return "The path was closed.";
            }

            var family = candidates[0].IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(candidates[0].IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0));
            foreach (var candidate in candidates)
            {
                _addresses[candidate] = new IPEndPoint(candidate.ToIPAddress(), candidate.Port).Serialize();
            }

            var seed = new UInt128(RandomNumber(), RandomNumber());
            _end = end;
            _transport = new ClientTransport(new TransportSettings(Ice, ice, candidates, _dtls, fingerprint, seed), Now);
            _timer = _time.CreateTimer(_ => HandleTimeout(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _ = ReceiveAsync(_socket);
        HandleTimeout();
        return null;
    }

    /// <summary>Sends an RTP packet; false while not connected.</summary>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong packetIndex)
    {
        lock (_lock)
        {
            return !_isDisposed && _transport is not null && _transport.SendRtp(header, payload, packetIndex, this);
        }
    }

    /// <summary>Sends a compound RTCP packet, when connected.</summary>
    public void SendRtcp(ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _transport?.SendRtcp(packet, this);
            }
        }
    }

    /// <inheritdoc/>
    void ITransportOutput.Send(NetworkAddress to, ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket!.SendTo(datagram, SocketFlags.None, _addresses[to]);
        }
        catch (SocketException)
        {
            // No way there now; what has to arrive is sent again, and the checks notice a path that stays dead.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _transport?.Close(Now, this);
            _isDisposed = true;
            _stop.Cancel();
            _timer?.Dispose();
            _transport?.Dispose();
            _socket?.Dispose();
            _dtls.Dispose();
        }

        _ended.TrySetResult();
    }

    private static ulong RandomNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>The candidates of one family: one socket cannot reach both everywhere. The version that is always there goes first.</summary>
    private static ImmutableArray<NetworkAddress> Usable(ImmutableArray<NetworkAddress> candidates) =>
        candidates.Any(candidate => candidate.IsIPv4) ? candidates.RemoveAll(candidate => !candidate.IsIPv4) : candidates;

    private async Task ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[DatagramBytesMax];
        var from = new SocketAddress(socket.AddressFamily);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                int length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token).ConfigureAwait(false);
                HandleDatagram(buffer.AsSpan(0, length));
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // An ICMP error of an earlier send, or a datagram too large to be ours. The pause keeps a broken socket from spinning.
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void HandleDatagram(Span<byte> datagram)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            var now = Now;
            var kind = _transport!.HandleDatagram(datagram, now, this, out int length);
            if (kind == DatagramKind.Rtp)
            {
                _end!.HandleRtp(datagram[..length], now);
            }
            else if (kind == DatagramKind.Rtcp)
            {
                _end!.HandleRtcp(datagram[..length], now);
            }

            AfterChange(now);
        }

        _end!.RaiseEvents();
    }

    private void HandleTimeout()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            var now = Now;
            _transport!.HandleTimeout(now, this);
            if (_transport.State == TransportState.Connected && now >= _end!.NextTimeout)
            {
                _end.HandleTimeout(now);
            }

            AfterChange(now);
        }

        _end!.RaiseEvents();
    }

    /// <summary>Sets the one timer to what is due next.</summary>
    private void AfterChange(Timestamp now)
    {
        switch (_transport!.State)
        {
            case TransportState.Connected:
                _connected.TrySetResult();
                break;
            case TransportState.Ended:
                _ended.TrySetResult();
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
        }

        var next = _transport.NextTimeout;
        if (_transport.State == TransportState.Connected && _end!.NextTimeout < next)
        {
            next = _end.NextTimeout;
        }

        // Timers count whole milliseconds; a moment late is better than early and once more.
        var wait = next == Timestamp.Never ? Timeout.InfiniteTimeSpan
            : next <= now ? TimeSpan.FromMilliseconds(1)
            : next - now + TimeSpan.FromMilliseconds(1);
        _timer!.Change(wait, Timeout.InfiniteTimeSpan);
    }
}

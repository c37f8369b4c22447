using System.Net;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media.Tcp;
using Dais.Simulation.Peers;

namespace Dais.Server.Tests.Media;

/// <summary>Runs a scripted peer on a thread, a real socket, UDP or TCP, and the real clock.</summary>
public sealed class UdpPeer<TPeer> : IDatagramOutput, IDisposable
    where TPeer : class, IScriptedPeer, IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(20);

    private readonly IPEndPoint _server;
    private readonly Lock _lock = new();
    private readonly List<(Func<TPeer, bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private readonly long _start;
    private readonly Thread _thread;
    private readonly TcpFrameBuffer? _frames;
    private Socket _socket;
    private volatile bool _stopping;

    /// <summary>Starts the peer that <paramref name="create"/> gives, towards the server's candidate <paramref name="server"/>.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="start">The system timestamp at the peer's zero.</param>
    /// <param name="create">Makes the peer, given its clock.</param>
    /// <param name="tcp">Whether packets go by TCP, framed (RFC 4571).</param>
    public UdpPeer(IPEndPoint server, long start, Func<Timestamp, TPeer> create, bool tcp = false)
    {
        _frames = tcp ? new TcpFrameBuffer() : null;
        _start = start;
        _server = server;
        _socket = Connect(server);
        Peer = create(Now());
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The peer; only to be looked at by <see cref="UntilAsync"/> while it runs.</summary>
    public TPeer Peer { get; }

    /// <summary>Waits until <paramref name="condition"/> holds, which is looked at on the peer's thread.</summary>
    public Task UntilAsync(Func<TPeer, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((condition, met));
        }

        return met.Task.WaitAsync(TestClient.Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets <paramref name="work"/> happen on the peer's thread, at the peer's time.</summary>
    public async Task DoAsync(Action<TPeer, Timestamp> work)
    {
        bool isDone = false;
        await UntilAsync(peer =>
        {
            if (!isDone)
            {
                work(peer, Now());
                isDone = true;
            }

            return true;
        });
    }

    /// <summary>From now on the peer sends from another address, and hears nothing that is sent to the old one.</summary>
    public Task MoveAsync() => DoAsync((_, _) =>
    {
        _socket.Dispose();
        _socket = Connect(_server);
    });

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (_frames is null)
        {
            _socket.Send(datagram);
            return;
        }

        byte[] frame = [(byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram];
        _socket.Send(frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _socket.Dispose();
        Peer.Dispose();
    }

    private Socket Connect(IPEndPoint server)
    {
        var socket = _frames is null
            ? new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        return socket;
    }

    private void Run()
    {
        byte[] buffer = new byte[2048];
        while (!_stopping)
        {
            var wait = Peer.NextTimeout == Timestamp.Never ? WaitMax : Peer.NextTimeout - Now();
            wait = wait > WaitMax ? WaitMax : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
            if (_socket.Poll(wait, SelectMode.SelectRead))
            {
                Receive(buffer);
            }

            if (Now() >= Peer.NextTimeout)
            {
                Peer.HandleTimeout(Now(), this);
            }

            LookAtConditions();
        }
    }

    private void Receive(byte[] buffer)
    {
        if (_frames is null)
        {
            int received = _socket.Receive(buffer);
            Peer.HandleDatagram(buffer.AsSpan(0, received), Now(), this);
            return;
        }

        _frames.Add(_socket.Receive(_frames.Free()));
        while (_frames.TryTake(buffer, out int length))
        {
            Peer.HandleDatagram(buffer.AsSpan(0, length), Now(), this);
        }
    }

    private void LookAtConditions()
    {
        lock (_lock)
        {
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Condition(Peer))
                {
                    _waiting[i].Met.SetResult();
                    _waiting.RemoveAt(i);
                }
            }
        }
    }

    private Timestamp Now() => new((long)TimeProvider.System.GetElapsedTime(_start).TotalMicroseconds);
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Dais.Rtc;
using Microsoft.Win32.SafeHandles;
using static Dais.Server.Media.Udp.NativeMethods;
using NativeAddress = Dais.Server.Media.Udp.NativeMethods.SocketAddress;

namespace Dais.Server.Media.Udp;

/// <summary>
/// Receives and sends a batch with one call each: recvmmsg and sendmmsg of Linux. Waits in ppoll, woken by an eventfd.
/// </summary>
public sealed unsafe class LinuxDatagramTransport : DatagramTransport
{
    private readonly Socket[] _sockets;
    private readonly SafeFileHandle _wake;

    // Native structures that point into each other and into the buffers: arrays that the collector never moves.
    private readonly MessageHeader[] _receiveHeaders = GC.AllocateArray<MessageHeader>(BatchMax, pinned: true);
    private readonly MessageHeader[] _sendHeaders = GC.AllocateArray<MessageHeader>(BatchMax, pinned: true);
    private readonly Vector[] _receiveVectors = GC.AllocateArray<Vector>(BatchMax, pinned: true);
    private readonly Vector[] _sendVectors = GC.AllocateArray<Vector>(BatchMax, pinned: true);
    private readonly NativeAddress[] _receiveNames = GC.AllocateArray<NativeAddress>(BatchMax, pinned: true);
    private readonly NativeAddress[] _sendNames = GC.AllocateArray<NativeAddress>(BatchMax, pinned: true);
    private readonly PollDescriptor[] _descriptors;
    private readonly byte* _sendBytes;
    private int _nextSocket;

    /// <summary>Takes over <paramref name="sockets"/>.</summary>
    public LinuxDatagramTransport(UdpSockets sockets)
        : base(sockets.Addresses)
    {
        _sockets = [.. sockets.Sockets];
        _wake = CreateEvent(0, EventNonBlockingCloseOnExec);
        if (_wake.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new InvalidOperationException($"The system gives no event to wake a media worker (error {error}).");
        }

        _descriptors = GC.AllocateArray<PollDescriptor>(_sockets.Length + 1, pinned: true);
        for (int i = 0; i < _sockets.Length; i++)
        {
            _descriptors[i] = new PollDescriptor { Descriptor = (int)_sockets[i].Handle, Events = PollIn };
        }

        _descriptors[^1] = new PollDescriptor { Descriptor = (int)_wake.DangerousGetHandle(), Events = PollIn };
        _sendBytes = Pointer(SendBuffer);
        Connect(_receiveHeaders, _receiveVectors, _receiveNames, Pointer(ReceiveBuffer));
        Connect(_sendHeaders, _sendVectors, _sendNames, _sendBytes);
    }

    /// <summary>Whether this system has the calls.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <inheritdoc/>
    protected override int ReceiveBatch(TimeSpan wait)
    {
        var timeout = ToTimeSpec(wait);
        bool forever = wait == Timeout.InfiniteTimeSpan;
        int ready = Poll(Pointer(_descriptors), (nuint)_descriptors.Length, forever ? null : &timeout, null);
        if (ready <= 0)
        {
            return 0;
        }

        if (_descriptors[^1].Returned != 0)
        {
            ulong count;
            _ = Read(_wake, &count, sizeof(ulong));
            ClearWake();
        }

        // Begins with another socket each time, so that a busy one does not starve the others.
        _nextSocket = (_nextSocket + 1) % _sockets.Length;
        int received = 0;
        for (int i = 0; i < _sockets.Length && received < BatchMax; i++)
        {
            int socket = (_nextSocket + i) % _sockets.Length;
            if (_descriptors[socket].Returned != 0)
            {
                received += ReceiveFrom(socket, received);
            }
        }

        return received;
    }

    /// <inheritdoc/>
    protected override void SendBatch(int count)
    {
        for (int socket = 0; socket < _sockets.Length; socket++)
        {
            int queued = 0;
            for (int i = 0; i < count; i++)
            {
                var path = GetCommitted(i, out int length);
                if (path.Socket == socket)
                {
                    _sendVectors[queued] = new Vector { Base = _sendBytes + (i * BufferBytes), Length = (nuint)length };
                    _sendHeaders[queued].NameLength = WriteName(ref _sendNames[queued], path.Remote);
                    queued++;
                }
            }

            SendQueued(_sockets[socket], queued);
        }
    }

    /// <inheritdoc/>
    protected override void SignalWake()
    {
        ulong one = 1;
        try
        {
            _ = Write(_wake, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to be woken.
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _wake.Dispose();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static T* Pointer<T>(T[] pinned)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private static void Connect(MessageHeader[] headers, Vector[] vectors, NativeAddress[] names, byte* buffer)
    {
        for (int i = 0; i < BatchMax; i++)
        {
            vectors[i] = new Vector { Base = buffer + (i * BufferBytes), Length = BufferBytes };
            headers[i] = new MessageHeader { Name = Pointer(names) + i, Vectors = Pointer(vectors) + i, VectorCount = 1 };
        }
    }

    private static TimeSpec ToTimeSpec(TimeSpan wait)
    {
        long ticks = Math.Max(0, wait.Ticks);
        return new TimeSpec
        {
            Seconds = ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
    }

    private static NetworkAddress ReadName(ref NativeAddress name)
    {
        ushort port = BinaryPrimitives.ReverseEndianness(name.Port);
        return name.Family == FamilyIPv4
            ? NetworkAddress.FromIPv4(BinaryPrimitives.ReverseEndianness(name.IPv4OrFlow), port)
            : NetworkAddress.FromIPv6(MemoryMarshal.CreateReadOnlySpan(ref name.IPv6[0], 16), port);
    }

    private static uint WriteName(ref NativeAddress name, NetworkAddress address)
    {
        name.Port = BinaryPrimitives.ReverseEndianness(address.Port);
        if (address.IsIPv4)
        {
            name.Family = FamilyIPv4;
            name.IPv4OrFlow = BinaryPrimitives.ReverseEndianness(address.IPv4);
            return NativeAddress.LengthIPv4;
        }

        name.Family = FamilyIPv6;
        name.IPv4OrFlow = 0;
        address.WriteIPv6(MemoryMarshal.CreateSpan(ref name.IPv6[0], 16));
        return NativeAddress.LengthIPv6;
    }

    private int ReceiveFrom(int socket, int first)
    {
        for (int i = first; i < BatchMax; i++)
        {
            _receiveHeaders[i].NameLength = NativeAddress.LengthIPv6;
        }

        var headers = Pointer(_receiveHeaders) + first;
        int count = ReceiveMessages(_sockets[socket].SafeHandle, headers, (uint)(BatchMax - first), DontWait, null);
        if (count < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (ErrorAgain or ErrorInterrupted))
            {
                Statistics.CountReceiveError();
            }

            return 0;
        }

        for (int i = first; i < first + count; i++)
        {
            bool truncated = (_receiveHeaders[i].Flags & Truncated) != 0;
            int length = truncated ? 0 : (int)_receiveHeaders[i].Length;
            SetReceived(i, new NetworkPath(socket, ReadName(ref _receiveNames[i])), length);
            if (truncated)
            {
                Statistics.CountTruncated();
            }
        }

        return count;
    }

    private void SendQueued(Socket socket, int count)
    {
        int done = 0;
        while (done < count)
        {
            int sent = SendMessages(socket.SafeHandle, Pointer(_sendHeaders) + done, (uint)(count - done), DontWait);
            if (sent > 0)
            {
                Statistics.CountSent(sent);
                done += sent;
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case ErrorInterrupted:
                    break;
                case ErrorAgain or ErrorNoBuffers:
                    // The link is slower than we are: what is left is lost as it would be in any queue on the way.
                    Statistics.CountDropped(count - done);
                    return;
                default:
                    // This datagram cannot be sent; the others may.
                    Statistics.CountSendError();
                    done++;
                    break;
            }
        }
    }
}

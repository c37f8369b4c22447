using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dais.Server.Media.Udp;

/// <summary>
/// The calls into libc that .NET has no way to make: batches of datagrams, waiting with a fine timeout, and an event to
/// wake a waiting thread. The layouts are those of 64-bit Linux, the same for glibc and musl, x64 and ARM64.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const int ErrorInterrupted = 4; // EINTR
    public const int ErrorAgain = 11; // EAGAIN
    public const int ErrorNoBuffers = 105; // ENOBUFS
    public const int DontWait = 0x40; // MSG_DONTWAIT
    public const int Truncated = 0x20; // MSG_TRUNC
    public const short PollIn = 0x1; // POLLIN
    public const int EventNonBlockingCloseOnExec = 0x800 | 0x80000; // EFD_NONBLOCK | EFD_CLOEXEC
    public const ushort FamilyIPv4 = 2; // AF_INET
    public const ushort FamilyIPv6 = 10; // AF_INET6

    /// <summary>
    /// Receives up to <paramref name="count"/> datagrams; returns how many, or -1 with EAGAIN when there is none.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(
        SafeHandle socket, MessageHeader* messages, uint count, int flags, TimeSpec* timeout);

    /// <summary>
    /// Sends up to <paramref name="count"/> datagrams; returns how many, or -1 when the first of them fails.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(SafeHandle socket, MessageHeader* messages, uint count, int flags);

    /// <summary>
    /// Waits until a descriptor is ready; returns how many are, 0 when the time is over, -1 on an error such as EINTR.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    /// <summary>Makes an event; returns its descriptor, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial SafeFileHandle CreateEvent(uint initial, int flags);

    /// <summary>Adds 8 bytes' worth to an event; returns 8, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle descriptor, ulong* value, nuint count);

    /// <summary>Takes the value of an event back to 0; returns 8, or -1 with EAGAIN when it was 0.</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle descriptor, ulong* value, nuint count);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr: struct msghdr and the length received or sent.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public SocketAddress* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _padding;
        public uint Length;
    }

    /// <summary>
    /// struct sockaddr_in or, with <see cref="FamilyIPv6"/>, struct sockaddr_in6. Port and addresses are in network
    /// order.
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 28)]
    public struct SocketAddress
    {
        public const uint LengthIPv4 = 16;
        public const uint LengthIPv6 = 28;

        public ushort Family;
        public ushort Port;
        public uint IPv4OrFlow;
        public fixed byte IPv6[16];
        public uint Scope;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

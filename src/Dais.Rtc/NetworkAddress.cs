using System.Buffers.Binary;
using System.Net;

namespace Dais.Rtc;

/// <summary>
/// An IP address and port as a value: no allocation to hold, compare or hash it on the packet path. IPv4 addresses are held in
/// their IPv4-mapped form (RFC 4291 §2.5.5.2), so that one address has one value.
/// </summary>
/// <param name="High">The first eight bytes of the IPv6 or IPv4-mapped address, in network order.</param>
/// <param name="Low">The last eight bytes of the address, in network order.</param>
/// <param name="Port">The port.</param>
public readonly record struct NetworkAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>The four bytes of an IPv4 address as a number, first byte most significant; meaningless for IPv6.</summary>
    public uint IPv4 => (uint)Low;

    /// <summary>An IPv4 address from its bytes as a number, first byte most significant.</summary>
    public static NetworkAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>An IPv6 (or IPv4-mapped) address from its 16 bytes in network order.</summary>
    public static NetworkAddress FromIPv6(ReadOnlySpan<byte> address, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port);

    /// <summary>The value of <paramref name="address"/> and <paramref name="port"/>.</summary>
    public static NetworkAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return FromIPv6(bytes, (ushort)port);
    }

    /// <summary>This address as the framework's type; allocates.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteIPv6(bytes);
        var address = new IPAddress(bytes);
        return IsIPv4 ? address.MapToIPv4() : address;
    }

    /// <summary>Writes the 16 bytes of the IPv6 or IPv4-mapped address in network order.</summary>
    public void WriteIPv6(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <inheritdoc/>
    public override string ToString() => new IPEndPoint(ToIPAddress(), Port).ToString();
}

/// <summary>
/// A way datagrams travel: one of the server's local sockets and the remote address. An answer leaves through the socket its
/// question came in by, so that its source address is the candidate the client knows.
/// </summary>
/// <param name="Socket">Index of the local socket, given by the shell.</param>
/// <param name="Remote">The address at the other end.</param>
public readonly record struct NetworkPath(int Socket, NetworkAddress Remote);

using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Dais.Server.Media.Udp;

/// <summary>A local address that takes media, and the address clients are told.</summary>
/// <param name="Local">The address a socket is bound to.</param>
/// <param name="Advertised">
/// The address in candidates: the same, or the public one that a router maps one to one.
/// </param>
public sealed record LocalAddress(IPAddress Local, IPAddress Advertised);

/// <summary>Chooses the addresses that take media.</summary>
public static class LocalAddresses
{
    /// <summary>
    /// The addresses in <paramref name="configured"/>, in their order; when there are none, the first IPv4 and the first IPv6 address of
    /// this machine that others may reach, and loopback.
    /// </summary>
    /// <param name="configured">
    /// Entries of <c>Dais:Media:AdvertisedAddresses</c>: <c>local</c> or <c>public=local</c>.
    /// </param>
    /// <exception cref="MediaAddressException">An entry cannot be read; the message says which.</exception>
    public static ImmutableArray<LocalAddress> Choose(IReadOnlyList<string> configured) =>
        Choose(configured, OfThisMachine());

    /// <summary>As above, given the addresses of the machine.</summary>
    public static ImmutableArray<LocalAddress> Choose(IReadOnlyList<string> configured, IEnumerable<IPAddress> machine)
    {
        if (configured.Count > 0)
        {
            return [.. configured.Select(Parse)];
        }

        IPAddress[] outside = [.. machine.Where(IsReachable)];
        IPAddress?[] chosen =
        [
            outside.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork),
            outside.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetworkV6),
            IPAddress.Loopback,
        ];
        return [.. chosen.OfType<IPAddress>().Select(address => new LocalAddress(address, address))];
    }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="MediaAddressException">The entry cannot be read.</exception>
    public static LocalAddress Parse(string entry)
    {
        string[] parts = entry.Split('=', StringSplitOptions.TrimEntries);
        if (parts.Length > 2
            || !TryParseAddress(parts[0], out var advertised)
            || !TryParseAddress(parts[^1], out var local)
            || advertised.AddressFamily != local.AddressFamily)
        {
            throw new MediaAddressException(
                $"Dais:Media:AdvertisedAddresses has the entry \"{entry}\"; expected is an IP address of this machine, "
                + "such as 192.0.2.2 or [2001:db8::2], or public=local, such as 203.0.113.5=10.0.0.4.");
        }

        return new LocalAddress(local, advertised);
    }

    private static bool TryParseAddress(string text, out IPAddress address)
    {
        // "1" would be read as 0.0.0.1: an IPv4 address has four numbers here. A port is the workers' own, and a link's address
        // is no use without the name of the link, which candidates cannot say.
        bool isBracketed = text is ['[', .., ']'];
        bool parsed = IPAddress.TryParse(isBracketed ? text[1..^1] : text, out var read)
            && (read.AddressFamily == AddressFamily.InterNetworkV6
                ? !text.Contains("]:", StringComparison.Ordinal) && !read.IsIPv4MappedToIPv6
                : !isBracketed && text.Count(character => character == '.') == 3)
            && !read.Equals(IPAddress.Any)
            && !read.Equals(IPAddress.IPv6Any)
            && !read.Equals(IPAddress.Broadcast)
            && !read.IsIPv6Multicast
            && !read.IsIPv6LinkLocal
            && !IsIPv4Multicast(read);
        address = parsed ? read! : IPAddress.None;
        return parsed;
    }

    private static bool IsIPv4Multicast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] is >= 224 and <= 239;

    private static bool IsReachable(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast;

    private static IEnumerable<IPAddress> OfThisMachine() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(IsReady);

    /// <summary>Whether a socket can be bound to <paramref name="address"/>: an IPv6 one may still be looked at for its like on the link.</summary>
    private static bool IsReady(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

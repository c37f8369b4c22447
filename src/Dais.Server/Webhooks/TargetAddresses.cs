using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Dais.Server.Webhooks;

/// <summary>
/// Which addresses a webhook may go to: public ones. Whoever may name an endpoint must not reach this machine, its network or
/// its cloud's metadata through the server.
/// </summary>
public static class TargetAddresses
{
    // The registries of special addresses (RFC 6890 and its followers), multicast, and one metadata address in public space.
    private static readonly ImmutableArray<IPNetwork> RefusedV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
    ];

    /// <summary>Everything that is global unicast.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Of those, the special ones; the tunnels among them (Teredo, 6to4) hide an IPv4 address.</summary>
    private static readonly ImmutableArray<IPNetwork> RefusedV6 =
    [
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>IPv4 by way of a translator (RFC 6052 §2.1).</summary>
    private static readonly IPNetwork TranslatedV4 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether <paramref name="address"/> is public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !RefusedV4.Any(network => network.Contains(address));
        }

        if (TranslatedV4.Contains(address))
        {
            return IsPublic(new IPAddress(address.GetAddressBytes()[12..]));
        }

        return GlobalV6.Contains(address) && !RefusedV6.Any(network => network.Contains(address));
    }
}

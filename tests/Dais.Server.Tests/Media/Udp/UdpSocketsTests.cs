using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dais.Rtc;
using Dais.Server.Media.Udp;

namespace Dais.Server.Tests.Media.Udp;

public sealed class UdpSocketsTests
{
    [Fact]
    public void A_taken_port_is_refused_with_a_sentence()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var problem = Assert.Throws<MediaAddressException>(() => UdpSockets.Bind([IPAddress.Loopback], port));

        Assert.StartsWith($"UDP port {port} cannot be opened on the address 127.0.0.1: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused_with_a_sentence()
    {
        var problem = Assert.Throws<MediaAddressException>(() => UdpSockets.Bind([IPAddress.Loopback, IPAddress.Parse("203.0.113.5")], 0));

        Assert.Contains("on the address 203.0.113.5", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_datagram_over_IPv6_comes_and_goes()
    {
        // Containers without IPv6 are common; there the address is one more of IPv4.
        bool hasIPv6 = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Any(unicast => unicast.Address.Equals(IPAddress.IPv6Loopback));
        using var transport = DatagramTransport.Open([hasIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback], port: 0);
        "hello"u8.CopyTo(transport.GetBuffer());
        transport.Commit(new NetworkPath(0, transport.LocalAddresses[0]), 5);
        transport.Flush();

        Assert.Equal(1, transport.Receive(TimeSpan.FromSeconds(10)));
        Assert.Equal("hello"u8, transport.GetReceived(0, out var path));
        Assert.Equal(new NetworkPath(0, transport.LocalAddresses[0]), path);
    }
}

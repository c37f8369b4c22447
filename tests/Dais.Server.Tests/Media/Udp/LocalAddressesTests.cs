using System.Net;
using Dais.Server.Media.Udp;

namespace Dais.Server.Tests.Media.Udp;

public sealed class LocalAddressesTests
{
    private static readonly IPAddress[] Machine =
    [
        IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("fe80::7"), IPAddress.Parse("2001:db8::7"), IPAddress.Parse("2001:db8::8"), IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.2.3"),
    ];

    [Fact]
    public void By_default_the_first_address_of_each_kind_others_may_reach_and_loopback_take_media()
    {
        var chosen = LocalAddresses.Choose([], Machine);

        Assert.Equal([IPAddress.Parse("192.0.2.2"), IPAddress.Parse("2001:db8::7"), IPAddress.Loopback], chosen.Select(address => address.Local));
        Assert.All(chosen, address => Assert.Equal(address.Local, address.Advertised));
    }

    [Fact]
    public void A_machine_without_network_has_loopback() =>
        Assert.Equal(IPAddress.Loopback, Assert.Single(LocalAddresses.Choose([], [IPAddress.Loopback])).Local);

    [Fact]
    public void This_machine_has_loopback_at_least() => Assert.Contains(LocalAddresses.Choose([]), address => IPAddress.IsLoopback(address.Local));

    [Fact]
    public void Configured_addresses_replace_the_default_in_their_order()
    {
        var chosen = LocalAddresses.Choose(["127.0.0.1", "203.0.113.5=10.0.0.4", " 2001:db8::1 = ::1 "], Machine);

        Assert.Equal(
            [
                new LocalAddress(IPAddress.Loopback, IPAddress.Loopback),
                new LocalAddress(IPAddress.Parse("10.0.0.4"), IPAddress.Parse("203.0.113.5")),
                new LocalAddress(IPAddress.IPv6Loopback, IPAddress.Parse("2001:db8::1")),
            ],
            chosen);
    }

    [Fact]
    public void Brackets_around_IPv6_addresses_are_read()
    {
        var chosen = LocalAddresses.Choose(["[2001:db8::7]", "[2001:db8::1]=[fd00::2]"], Machine);

        Assert.Equal(
            [
                new LocalAddress(IPAddress.Parse("2001:db8::7"), IPAddress.Parse("2001:db8::7")),
                new LocalAddress(IPAddress.Parse("fd00::2"), IPAddress.Parse("2001:db8::1")),
            ],
            chosen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[::1]:5181")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[]")]
    [InlineData("[::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:192.0.2.2")]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    [InlineData("1.2.3.4=")]
    [InlineData("=1.2.3.4")]
    [InlineData("1.2.3.4=::1")]
    [InlineData("1.2.3.4=1.2.3.4=1.2.3.4")]
    public void An_entry_that_cannot_be_read_is_refused_with_a_sentence_that_says_which(string entry)
    {
        var problem = Assert.Throws<MediaAddressException>(() => LocalAddresses.Choose([entry], Machine));

        Assert.StartsWith(
            $"Dais:Media:AdvertisedAddresses has the entry \"{entry}\"; expected is an IP address of this machine", problem.Message, StringComparison.Ordinal);
    }
}

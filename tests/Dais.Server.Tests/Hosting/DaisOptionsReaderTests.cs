using System.Net;
using Dais.Server.Hosting;
using Dais.Server.Media.Udp;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.Configuration;

namespace Dais.Server.Tests.Hosting;

public sealed class DaisOptionsReaderTests
{
    [Fact]
    public void Nothing_set_gives_the_documented_defaults()
    {
        var options = Read([]);

        Assert.Equal(TimeSpan.FromSeconds(10), options.SeatGrace);
        Assert.Equal(TimeSpan.FromSeconds(60), options.HostGrace);
        Assert.Equal(("data", Durability.Fsync, TimeSpan.FromDays(7)),
            (options.Storage.DataPath, options.Storage.Durability, options.Storage.Retention));
        Assert.Equal((50_000, 512L << 20), (options.Storage.KeepEvents, options.Storage.EndedBytesMax));
        Assert.Equal(5181, options.Media.Port);
        Assert.Equal(Environment.ProcessorCount, options.Media.Workers);
        Assert.Empty(options.Media.AdvertisedAddresses);
        Assert.Equal(262_144, options.Limits.MessageBytes);
        Assert.True(options.AllowBareUserIds);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read(new()
        {
            ["Dais:Keys:main"] = "a secret of thirty-two bytes or more",
            ["Dais:SeatGraceSeconds"] = "0",
            ["Dais:HostGraceSeconds"] = "1.5",
            ["Dais:DataPath"] = "/var/lib/dais",
            ["Dais:Storage:Durability"] = "OS",
            ["Dais:Storage:RetentionHours"] = "0",
            ["Dais:Storage:KeepEvents"] = "0",
            ["Dais:Storage:EndedMegabytes"] = "7",
            ["Dais:Media:Port"] = "0",
            ["Dais:Media:Workers"] = "3",
            ["Dais:Media:AdvertisedAddresses"] = "127.0.0.1, 203.0.113.5=192.0.2.7",
            ["Dais:Media:PublisherBitrateMax"] = "1000000",
            ["Dais:Media:ViewerBitrateStart"] = "400000",
            ["Dais:Media:ViewerBitrateMax"] = "5000000",
            ["Dais:Media:Tcp"] = "false",
            ["Dais:IceServers:0:Url"] = "turn:turn.example.org:3478",
            ["Dais:IceServers:0:Username"] = "anna",
            ["Dais:IceServers:0:Credential"] = "secret",
            ["Dais:Limits:RequestsPerSecond"] = "7",
        });

        Assert.Equal("main", Assert.Single(options.Keys).Key);
        Assert.Equal(TimeSpan.Zero, options.SeatGrace);
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.HostGrace);
        Assert.Equal(("/var/lib/dais", Durability.Os, TimeSpan.Zero),
            (options.Storage.DataPath, options.Storage.Durability, options.Storage.Retention));
        Assert.Equal((0, 7L << 20), (options.Storage.KeepEvents, options.Storage.EndedBytesMax));
        Assert.Equal((0, 3, 1_000_000), (options.Media.Port, options.Media.Workers, options.Media.PublisherBitrateMax));
        Assert.Equal(
            [new LocalAddress(IPAddress.Loopback, IPAddress.Loopback), new LocalAddress(IPAddress.Parse("192.0.2.7"), IPAddress.Parse("203.0.113.5"))],
            options.Media.AdvertisedAddresses);
        Assert.Equal((400_000, 5_000_000), (options.Media.ViewerBitrateStart, options.Media.ViewerBitrateMax));
        Assert.False(options.Media.Tcp);
        Assert.Equal(new IceServerOptions("turn:turn.example.org:3478", "anna", "secret"), Assert.Single(options.IceServers));
        Assert.Equal(7, options.Limits.RequestsPerSecond);
    }

    [Fact]
    public void What_is_believed_to_pass_to_a_viewer_at_first_is_no_more_than_the_most()
    {
        Assert.Equal(500_000, Read(new() { ["Dais:Media:ViewerBitrateMax"] = "500000" }).Media.ViewerBitrateStart);
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(new()
        {
            ["Dais:Media:ViewerBitrateMax"] = "500000",
            ["Dais:Media:ViewerBitrateStart"] = "500001",
        }));
        Assert.StartsWith("Dais:Media:ViewerBitrateStart must be a whole number from 100000 to 500000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_list_may_be_an_array() =>
        Assert.Equal(
            IPAddress.Parse("192.0.2.7"),
            Assert.Single(Read(new() { ["Dais:Media:AdvertisedAddresses:0"] = "192.0.2.7" }).Media.AdvertisedAddresses).Local);

    [Theory]
    [InlineData("Dais:Storage:Durability", "sometimes", "fsync, os or memory")]
    [InlineData("Dais:Storage:RetentionHours", "-1", "a whole number from 0 to 87600")]
    [InlineData("Dais:Storage:KeepEvents", "many", "a whole number from 0 to 1000000")]
    [InlineData("Dais:Storage:EndedMegabytes", "-1", "a whole number from 0 to 1000000")]
    [InlineData("Dais:Media:ViewerBitrateStart", "99999", "a whole number from 100000 to 20000000")]
    [InlineData("Dais:Media:ViewerBitrateStart", "20000000000", "a whole number from 100000 to 20000000")]
    [InlineData("Dais:Media:ViewerBitrateMax", "lots", "a whole number from 100000 to 100000000")]
    [InlineData("Dais:SeatGraceSeconds", "soon", "a number of seconds from 0 to 3600")]
    [InlineData("Dais:HostGraceSeconds", "-1", "a number of seconds from 0 to 3600")]
    [InlineData("Dais:HostGraceSeconds", "1e9", "a number of seconds from 0 to 3600")]
    [InlineData("Dais:Media:Port", "70000", "a whole number from 0 to")]
    [InlineData("Dais:Media:Workers", "-1", "a whole number from 0 to 256")]
    [InlineData("Dais:Media:Tcp", "perhaps", "true or false")]
    [InlineData("Dais:IceServers:0:Url", "http://example.org", "a stun:, stuns:, turn: or turns: address")]
    [InlineData("Dais:Limits:MessageBytes", "12", "a whole number from 4096 to 16777216")]
    [InlineData("Dais:Limits:RoomsMax", "0", "a whole number from 1 to")]
    public void A_wrong_value_is_refused_with_its_key_and_what_is_expected(string key, string value, string expected)
    {
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(new() { [key] = value }));

        Assert.StartsWith($"{key} must be {expected}", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"but is '{value}'.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_shared_with_TURN_stands_alone()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Dais:IceServers:0:Url"] = "turn:turn.example.org",
            ["Dais:IceServers:0:Secret"] = "shared",
            ["Dais:IceServers:0:CredentialSeconds"] = "600",
        };
        var server = Assert.Single(Read(settings).IceServers);
        Assert.Equal(("shared", TimeSpan.FromMinutes(10)), (server.Secret, server.CredentialTime));

        settings["Dais:IceServers:0:Credential"] = "fixed";
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(settings));
        Assert.StartsWith("Dais:IceServers:0 has a Secret", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("shared", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_none_is_refused_with_its_key()
    {
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(new() { ["Dais:Media:AdvertisedAddresses"] = "127.0.0.1,example.org" }));

        Assert.StartsWith("Dais:Media:AdvertisedAddresses has the entry \"example.org\"", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Dais:SeatGrace")]
    [InlineData("Dais:Media:Ports")]
    [InlineData("Dais:Limits:Rooms")]
    [InlineData("Dais:IceServers:0:Uri")]
    public void A_misspelt_key_is_refused(string key)
    {
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(new() { ["Dais:IceServers:0:Url"] = "stun:example.org", [key] = "1" }));

        Assert.StartsWith($"{key} is not a setting of Dais", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_secret_is_refused_and_not_repeated()
    {
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read(new() { ["Dais:Keys:main"] = "hunter2" }));

        Assert.Contains("Dais:Keys:main must be a secret of at least 32 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Production_without_a_key_does_not_start()
    {
        var refusal = Assert.Throws<DaisConfigurationException>(() => Read([], isDevelopment: false));

        Assert.Contains("Dais:Keys", refusal.Message, StringComparison.Ordinal);
        Assert.False(Read(new() { ["Dais:Keys:main"] = "a secret of thirty-two bytes or more" }, isDevelopment: false).AllowBareUserIds);
    }

    private static DaisOptions Read(Dictionary<string, string?> settings, bool isDevelopment = true) =>
        DaisOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment);
}

using Dais.Rtc.Ice;
using Dais.Rtc.Sdp;

namespace Dais.Rtc.Tests.Sdp;

public sealed class IceFragmentTests
{
    private const string Password = "P2uYro0UCOQ4zxjKXaWCBui1";

    [Fact]
    public void Rfc9725_4_3_2_the_example_is_read()
    {
        const string Text = "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:" + Password
            + "\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n"
            + "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw network-id 1\r\na=end-of-candidates\r\n";

        Assert.True(IceFragment.TryParse(Text, out var fragment, out _));

        Assert.Equal(new IceFragment(new IceCredentials("EsAw", Password), 2), fragment);
    }

    [Theory]
    [InlineData("a=candidate:1 1 udp 1 192.0.2.1 1 typ host")]
    [InlineData("a=end-of-candidates\n\n")]
    [InlineData("m=audio 9 RTP/AVP 0\na=mid:0")]
    public void Credentials_may_be_missing(string text)
    {
        Assert.True(IceFragment.TryParse(text, out var fragment, out _));
        Assert.Null(fragment!.Ice);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("hello")]
    [InlineData("A=x")]
    [InlineData("a=ice-ufrag:EsAw")]
    [InlineData("a=ice-pwd:" + Password)]
    [InlineData("a=ice-ufrag:abc\r\na=ice-pwd:" + Password)]
    [InlineData("a=ice-ufrag:EsAw\r\na=ice-pwd:short")]
    [InlineData("a=ice-ufrag:Es w\r\na=ice-pwd:" + Password)]
    public void What_is_no_fragment_is_refused_with_a_sentence(string text)
    {
        Assert.False(IceFragment.TryParse(text, out var fragment, out string? problem));
        Assert.Null(fragment);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fragment_of_too_many_lines_is_refused() =>
        Assert.False(IceFragment.TryParse(string.Concat(Enumerable.Repeat("a=x\n", 1_001)), out _, out _));

    [Fact]
    public void Noise_is_refused_or_read_and_never_throws()
    {
        var random = new Random(9725);
        const string Letters = "a=m:ice-ufrg\r\n \0\u00e9pwd0123/+";
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Letters[random.Next(Letters.Length)]));
            Assert.Equal(IceFragment.TryParse(text, out var fragment, out string? problem), problem is null && fragment is not null);
        }
    }
}

using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class DatagramKindTests
{
    [Theory]
    [InlineData(0, DatagramKind.Stun)]
    [InlineData(3, DatagramKind.Stun)]
    [InlineData(4, DatagramKind.Unknown)]
    [InlineData(19, DatagramKind.Unknown)]
    [InlineData(20, DatagramKind.Dtls)]
    [InlineData(63, DatagramKind.Dtls)]
    [InlineData(64, DatagramKind.Unknown)]
    [InlineData(127, DatagramKind.Unknown)]
    [InlineData(128, DatagramKind.Rtp)]
    [InlineData(191, DatagramKind.Rtp)]
    [InlineData(192, DatagramKind.Unknown)]
    [InlineData(255, DatagramKind.Unknown)]
    public void Rfc7983_7_the_first_byte_tells(byte first, DatagramKind expected) =>
        Assert.Equal(expected, Datagram.Classify([first, 0]));

    [Theory]
    [InlineData(191, DatagramKind.Rtp)]
    [InlineData(192, DatagramKind.Rtcp)]
    [InlineData(200, DatagramKind.Rtcp)]
    [InlineData(223, DatagramKind.Rtcp)]
    [InlineData(224, DatagramKind.Rtp)]
    public void Rfc5761_4_the_second_byte_tells_rtcp(byte second, DatagramKind expected) =>
        Assert.Equal(expected, Datagram.Classify([0x80, second]));

    [Fact]
    public void Less_than_two_bytes_are_nothing()
    {
        Assert.Equal(DatagramKind.Unknown, Datagram.Classify([]));
        Assert.Equal(DatagramKind.Unknown, Datagram.Classify([0x80]));
    }
}

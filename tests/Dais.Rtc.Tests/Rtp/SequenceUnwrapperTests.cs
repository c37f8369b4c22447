using Dais.Rtc.Rtp;

namespace Dais.Rtc.Tests.Rtp;

public sealed class SequenceUnwrapperTests
{
    public static TheoryData<int> WrapEdges => [0, 1, 127, 32767, 32768, 65534, 65535];

    [Theory]
    [MemberData(nameof(WrapEdges))]
    public void Counts_on_through_three_wraps_from_every_edge(int start)
    {
        var unwrapper = new SequenceUnwrapper();
        for (int i = 0; i < 3 * 65536; i++)
        {
            Assert.Equal(start + i, unwrapper.Unwrap((ushort)(start + i)));
        }
    }

    [Theory]
    [MemberData(nameof(WrapEdges))]
    public void A_late_packet_keeps_its_place_and_the_highest_stays(int start)
    {
        var unwrapper = new SequenceUnwrapper();
        unwrapper.Unwrap((ushort)start);
        unwrapper.Unwrap((ushort)(start + 2));

        Assert.Equal(start + 1, unwrapper.Unwrap((ushort)(start + 1)));
        Assert.Equal(start + 2, unwrapper.Highest);
        Assert.Equal(start - 5, unwrapper.Unwrap((ushort)(start - 5)));
    }

    [Theory]
    [MemberData(nameof(WrapEdges))]
    public void The_largest_jump_ahead_is_32767(int start)
    {
        var unwrapper = new SequenceUnwrapper();
        unwrapper.Unwrap((ushort)start);

        Assert.Equal(start + 32767, unwrapper.Peek((ushort)(start + 32767)));
        Assert.Equal(start - 32768, unwrapper.Peek((ushort)(start + 32768)));
        Assert.Equal(start, unwrapper.Highest);
    }
}

using Dais.Sfu.Layers;

namespace Dais.Sfu.Tests.Layers;

public sealed class DroppedRunsTests
{
    private readonly DroppedRuns _runs = new();

    [Fact]
    public void What_is_behind_takes_the_numbers_of_what_is_left_out()
    {
        Send(100);
        Drop(101, 7);
        Drop(102, 7);
        Send(103);
        Drop(104, 9);
        Send(105);

        Assert.Equal((0ul, 0), Before(100));
        Assert.Equal((2ul, 1), Before(103));
        Assert.Equal((3ul, 2), Before(105));
        Assert.Equal((100ul, 103ul, 105ul), (Source(100), Source(101), Source(102)));
    }

    [Fact]
    public void What_is_lost_keeps_its_number_and_comes_late_with_it()
    {
        Send(100);
        Drop(101, 7);
        // 102 is lost.
        Drop(103, 8);
        Send(104);

        Assert.Equal((1ul, 1), Before(102));
        Assert.Equal((2ul, 2), Before(104));
        Assert.Equal(102ul, Source(101));
        Assert.Equal(104ul, Source(102));
    }

    [Fact]
    public void What_is_left_out_late_leaves_a_hole()
    {
        Send(100);
        Send(102);

        Drop(101, 7);

        Assert.Equal((0ul, 0), Before(102));
        Assert.Equal((0ul, 0), Before(103));
    }

    [Fact]
    public void The_oldest_are_forgotten_and_what_lies_there_has_no_place()
    {
        for (ulong index = 1000; index < 1400; index += 2)
        {
            Send(index);
            Drop(index + 1, (ushort)index);
        }

        Assert.Equal((199ul, 199), Before(1398));
        Assert.False(_runs.TryCountBefore(1000, out _, out _));
        Assert.False(_runs.TryFindSource(1001, out _));
        Assert.Equal(1398ul, Source(1398 - 199));
    }

    private void Send(ulong index) => _runs.HandleSent(index);

    private void Drop(ulong index, ushort picture) => _runs.Drop(index, hasPicture: true, picture);

    private (ulong Packets, int Pictures) Before(ulong index)
    {
        Assert.True(_runs.TryCountBefore(index, out ulong packets, out ushort pictures));
        return (packets, pictures);
    }

    private ulong Source(ulong number)
    {
        Assert.True(_runs.TryFindSource(number, out ulong source));
        return source;
    }
}

using Dais.Rtc;
using Dais.Sfu.Deadlines;

namespace Dais.Sfu.Tests.Deadlines;

public sealed class DeadlineHeapTests
{
    [Fact]
    public void Nothing_is_the_earliest_of_none()
    {
        var heap = new DeadlineHeap<string>();

        Assert.Null(heap.Earliest);
        Assert.Equal(0, heap.Count);
    }

    [Fact]
    public void A_timer_can_be_moved_both_ways_and_taken_out()
    {
        var heap = new DeadlineHeap<string>();
        var a = new Deadline<string>("a");
        var b = new Deadline<string>("b");
        heap.Set(a, new Timestamp(10), TimeoutReason.Ice);
        heap.Set(b, new Timestamp(20), TimeoutReason.Dtls);
        Assert.Same(a, heap.Earliest);

        heap.Set(a, new Timestamp(30), TimeoutReason.Report);
        Assert.Same(b, heap.Earliest);
        heap.Set(a, new Timestamp(15), TimeoutReason.Report);
        Assert.Same(a, heap.Earliest);
        heap.Set(a, Timestamp.Never, TimeoutReason.None);
        Assert.Same(b, heap.Earliest);
        heap.Clear(b);
        heap.Clear(b);
        Assert.Null(heap.Earliest);
    }

    [Fact]
    public void The_reason_changes_even_when_the_time_does_not()
    {
        var heap = new DeadlineHeap<string>();
        var a = new Deadline<string>("a");
        heap.Set(a, new Timestamp(10), TimeoutReason.Ice);

        heap.Set(a, new Timestamp(10), TimeoutReason.Report);

        Assert.Equal(TimeoutReason.Report, heap.Earliest!.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_earliest_of_many_is_always_on_top(int seed)
    {
        var random = new Random(seed);
        var heap = new DeadlineHeap<string>();
        Deadline<string>[] deadlines = [.. Enumerable.Range(0, 100).Select(i => new Deadline<string>($"{i}"))];

        for (int step = 0; step < 10_000; step++)
        {
            var deadline = deadlines[random.Next(deadlines.Length)];
            var at = random.Next(4) == 0 ? Timestamp.Never : new Timestamp(random.Next(1000));
            heap.Set(deadline, at, TimeoutReason.Ice);

            var expected = deadlines.Min(each => each.At);
            Assert.True(expected == (heap.Earliest?.At ?? Timestamp.Never), $"Step {step}, seed {seed}.");
            Assert.Equal(deadlines.Count(each => each.At != Timestamp.Never), heap.Count);
        }
    }
}

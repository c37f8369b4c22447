using Dais.Rtc;
using Dais.Rtc.Rtp;
using Dais.Sfu.Slots;

namespace Dais.Sfu.Tests.Slots;

public sealed class SlotTimelineTests
{
    private static readonly Timestamp Now = new(5_000_000);

    /// <summary>First outgoing numbers and first source numbers at every edge.</summary>
    public static TheoryData<int, int> Edges
    {
        get
        {
            int[] edges = [0, 1, 127, 32767, 32768, 65534, 65535];
            var pairs = new TheoryData<int, int>();
            foreach (int outgoing in edges)
            {
                foreach (int source in edges)
                {
                    pairs.Add(outgoing, source);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void Two_sources_make_one_unbroken_stream(int firstOutgoing, int firstOfSource)
    {
        var timeline = new SlotTimeline(TrackKind.Video, (ulong)firstOutgoing, uint.MaxValue - 100);
        ulong expected = (ulong)firstOutgoing;
        foreach (ulong first in new[] { (ulong)firstOfSource, 40_000ul + (ulong)firstOfSource })
        {
            timeline.Start(first, 1234, Now);
            for (ulong i = 0; i < 10; i++)
            {
                Assert.True(timeline.TryMap(first + i, 1234 + (uint)i, Now, out ulong index, out _, out _));
                Assert.Equal(expected++, index);
            }

            timeline.Stop();
        }
    }

    [Fact]
    public void A_loss_of_the_source_stays_a_gap()
    {
        var timeline = Started(100);

        timeline.TryMap(103, 3000, Now, out ulong index, out _, out _);

        Assert.Equal(1003ul, index);
    }

    [Fact]
    public void A_reordered_packet_lands_in_the_gap_it_left()
    {
        var timeline = Started(100);
        timeline.TryMap(102, 6000, Now, out ulong ahead, out uint aheadTimestamp, out _);

        Assert.True(timeline.TryMap(101, 3000, Now, out ulong behind, out uint behindTimestamp, out _));

        Assert.Equal(ahead - 1, behind);
        Assert.Equal(aheadTimestamp - 3000, behindTimestamp);
        Assert.Equal(ahead + 1, timeline.NextIndex);
    }

    [Fact]
    public void A_packet_from_before_the_switch_is_refused()
    {
        var timeline = Started(100);

        Assert.False(timeline.TryMap(99, 0, Now, out _, out _, out _));
    }

    [Fact]
    public void Nothing_is_mapped_while_no_source_is_shown()
    {
        var timeline = Started(100);
        timeline.Stop();

        Assert.False(timeline.TryMap(101, 0, Now, out _, out _, out _));
        Assert.False(timeline.Running);
    }

    [Theory]
    [InlineData(TrackKind.Audio, 48_000)]
    [InlineData(TrackKind.Video, 90_000)]
    public void A_new_source_follows_as_much_later_as_time_has_passed(TrackKind kind, int clockRate)
    {
        var timeline = new SlotTimeline(kind, 0, 500);
        timeline.Start(0, 77, Now);
        timeline.TryMap(0, 77, Now, out _, out uint last, out _);

        timeline.Stop();
        timeline.Start(9000, 123_456, Now + TimeSpan.FromSeconds(2));
        timeline.TryMap(9000, 123_456, Now + TimeSpan.FromSeconds(2), out _, out uint next, out _);

        Assert.Equal((uint)(2 * clockRate), next - last);
    }

    [Theory]
    [InlineData(TrackKind.Audio, 960u)]
    [InlineData(TrackKind.Video, 3000u)]
    public void A_new_source_follows_at_least_a_frame_later(TrackKind kind, uint frame)
    {
        var timeline = new SlotTimeline(kind, 0, uint.MaxValue);
        timeline.Start(0, 77, Now);
        timeline.TryMap(0, 77, Now, out _, out uint last, out _);

        timeline.Stop();
        timeline.Start(9000, 123_456, Now);
        timeline.TryMap(9000, 123_456, Now, out _, out uint next, out _);

        Assert.Equal(frame, next - last);
    }

    [Fact]
    public void The_first_packet_gets_the_first_number_and_timestamp()
    {
        var timeline = new SlotTimeline(TrackKind.Video, 12, 34);
        timeline.Start(7000, 99, Now + TimeSpan.FromHours(1));

        timeline.TryMap(7000, 99, Now + TimeSpan.FromHours(1), out ulong index, out uint timestamp, out _);

        Assert.Equal(12ul, index);
        Assert.Equal(34u, timestamp);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_index_is_given_twice_however_sources_change_and_reorder(int seed)
    {
        var random = new Random(seed);
        var timeline = new SlotTimeline(TrackKind.Video, 65530, 0);
        var given = new HashSet<ulong>();
        for (int turn = 0; turn < 50; turn++)
        {
            ulong first = (ulong)random.Next(0, 200_000);
            ulong[] order = [.. Enumerable.Range(0, 200).OrderBy(i => i + random.Next(10)).Select(i => first + (ulong)i)];
            timeline.Start(order[0], 0, Now);
            foreach (ulong source in order)
            {
                if (timeline.TryMap(source, 0, Now, out ulong index, out _, out _))
                {
                    Assert.True(given.Add(index), $"Index {index} was given twice (seed {seed}).");
                }
            }

            timeline.Stop();
        }
    }

    private static SlotTimeline Started(ulong firstSource)
    {
        var timeline = new SlotTimeline(TrackKind.Video, 1000, 0);
        timeline.Start(firstSource, 0, Now);
        timeline.TryMap(firstSource, 0, Now, out _, out _, out _);
        return timeline;
    }
}

using Dais.Rtc;
using Dais.Simulation.Network;

namespace Dais.Sfu.Tests.Network;

/// <summary>The virtual network is itself worth a test: every other test believes it.</summary>
public sealed class LinkTests
{
    private static readonly Timestamp Start = new(1_000_000);

    [Fact]
    public void A_perfect_link_delivers_everything_at_once_and_in_order()
    {
        var link = new Link(LinkProfile.Perfect, seed: 1);

        SendNumbers(link, 100);

        Assert.Equal(Enumerable.Range(0, 100), Receive(link, Start).Select(each => each.Number));
    }

    [Fact]
    public void Latency_and_jitter_delay_within_their_bounds_and_keep_the_order()
    {
        var profile = new LinkProfile { Latency = TimeSpan.FromMilliseconds(50), Jitter = TimeSpan.FromMilliseconds(20) };
        var link = new Link(profile, seed: 1);

        SendNumbers(link, 100);

        Assert.InRange((link.NextTimeout - Start).TotalMilliseconds, 50, 70);
        Assert.Empty(Receive(link, Start + TimeSpan.FromMilliseconds(49)));
        Assert.Equal(Enumerable.Range(0, 100), Receive(link, Start + TimeSpan.FromMilliseconds(70)).Select(each => each.Number));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void About_as_many_are_lost_as_the_profile_says(double loss)
    {
        var link = new Link(new LinkProfile { Loss = loss }, seed: 7);

        SendNumbers(link, 10_000);

        Assert.InRange(link.Lost / 10_000.0, loss * 0.9, loss * 1.1);
    }

    [Fact]
    public void Bursts_lose_neighbours()
    {
        var link = new Link(new LinkProfile { BurstLoss = 0.01, BurstLength = 10 }, seed: 7);

        SendNumbers(link, 10_000);

        int[] arrived = [.. Receive(link, Start).Select(each => each.Number)];
        int gaps = Enumerable.Range(1, arrived.Length - 1).Count(i => arrived[i] != arrived[i - 1] + 1);
        Assert.True(link.Lost > 4 * gaps, $"{link.Lost} lost in {gaps} gaps.");
    }

    [Fact]
    public void Reordered_datagrams_are_overtaken()
    {
        var link = new Link(new LinkProfile { Reordering = 0.1 }, seed: 7);

        SendNumbers(link, 1000);

        int[] arrived = [.. Receive(link, Start + TimeSpan.FromSeconds(1)).Select(each => each.Number)];
        Assert.Equal(1000, arrived.Length);
        Assert.NotEqual(Enumerable.Range(0, 1000), arrived);
    }

    [Fact]
    public void Duplicated_datagrams_arrive_twice()
    {
        var link = new Link(new LinkProfile { Duplication = 1 }, seed: 7);

        SendNumbers(link, 10);

        Assert.Equal(20, Receive(link, Start).Count);
    }

    [Fact]
    public void A_limited_rate_spaces_datagrams_and_a_full_queue_loses_them()
    {
        // A hundred datagrams of 1250 bytes are 1 Mbit.
        var profile = new LinkProfile { RateBitsPerSecond = 1_000_000, QueueBytesMax = 62_500 };
        var link = new Link(profile, seed: 1);

        for (int i = 0; i < 100; i++)
        {
            link.Send(new byte[1250], Start);
        }

        Assert.InRange(link.Lost, 49, 51);
        Assert.InRange(Receive(link, Start + TimeSpan.FromMilliseconds(250)).Count, 24, 26);
    }

    private static void SendNumbers(Link link, int count)
    {
        for (int i = 0; i < count; i++)
        {
            link.Send(BitConverter.GetBytes(i), Start);
        }
    }

    private static List<(int Number, int Length)> Receive(Link link, Timestamp now)
    {
        var received = new List<(int, int)>();
        while (link.TryReceive(now, out byte[] datagram))
        {
            received.Add((BitConverter.ToInt32(datagram), datagram.Length));
        }

        return received;
    }
}
